package batchcalls_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

func zones(t *testing.T, names ...string) []*time.Location {
	t.Helper()
	return loadZones([][]string{names})[0]
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return parsed
}

func TestTheNextOpeningOnUnusualDays(t *testing.T) {
	t.Parallel()
	window := func(start, end int, days ...time.Weekday) batchcalls.Window {
		if days == nil {
			return batchcalls.Window{Start: start, End: end, Days: batchcalls.EveryDay}
		}
		return batchcalls.Window{Start: start, End: end, Days: batchcalls.OnDays(days...)}
	}
	day := batchcalls.DefaultWindow()
	for name, c := range map[string]struct {
		window batchcalls.Window
		now    string
		zones  []string
		room   time.Duration
		next   string // "" for never
	}{
		"now":                                {day, "2026-03-02T15:00:00-06:00", []string{"America/Mexico_City"}, 0, "2026-03-02T15:00:00-06:00"},
		"the first second":                   {day, "2026-03-02T08:00:00-06:00", []string{"America/Mexico_City"}, 0, "2026-03-02T08:00:00-06:00"},
		"a second before":                    {day, "2026-03-02T07:59:59.5-06:00", []string{"America/Mexico_City"}, 0, "2026-03-02T08:00:00-06:00"},
		"the end is no part of it":           {day, "2026-03-02T21:00:00-06:00", []string{"America/Mexico_City"}, 0, "2026-03-03T08:00:00-06:00"},
		"room to the very end":               {day, "2026-03-02T20:58:00-06:00", []string{"America/Mexico_City"}, 2 * time.Minute, "2026-03-02T20:58:00-06:00"},
		"a second too little room":           {day, "2026-03-02T20:58:01-06:00", []string{"America/Mexico_City"}, 2 * time.Minute, "2026-03-03T08:00:00-06:00"},
		"never as much room":                 {window(600, 605), "2026-03-02T10:00:00Z", []string{"UTC"}, 6 * time.Minute, ""},
		"over the weekend":                   {window(480, 1080, 1, 2, 3, 4, 5), "2026-03-06T18:00:00Z", []string{"UTC"}, 0, "2026-03-09T08:00:00Z"},
		"coast to coast":                     {day, "2026-07-01T08:00:00-04:00", []string{"America/New_York", "America/Los_Angeles"}, 0, "2026-07-01T08:00:00-07:00"},
		"coast to coast, late":               {day, "2026-07-01T21:00:00-04:00", []string{"America/New_York", "America/Los_Angeles"}, 0, "2026-07-02T08:00:00-07:00"},
		"zones that are never open together": {window(480, 600), "2026-07-01T08:00:00Z", []string{"Europe/Madrid", "America/Mexico_City"}, 0, ""},
		"nobody knows where":                 {day, "2026-07-01T12:00:00Z", nil, 0, ""},
		"always":                             {window(0, 1440), "2026-07-01T23:59:59Z", []string{"UTC"}, time.Hour, "2026-07-01T23:59:59Z"},
		"to midnight, and tomorrow is none":  {window(0, 1440, time.Sunday), "2026-07-05T23:59:00Z", []string{"UTC"}, time.Hour, "2026-07-12T00:00:00Z"},

		// New York skips 2:00–3:00 on 8 March and has 1:00–2:00 twice on 1 November 2026.
		"the opening is skipped":             {window(150, 240), "2026-03-08T01:30:00-05:00", []string{"America/New_York"}, 0, "2026-03-08T03:00:00-04:00"},
		"the whole window is skipped":        {window(130, 170), "2026-03-08T01:30:00-05:00", []string{"America/New_York"}, 0, "2026-03-09T02:10:00-04:00"},
		"the skipped hour is no room":        {window(60, 190), "2026-03-08T01:45:00-05:00", []string{"America/New_York"}, 30 * time.Minute, "2026-03-09T01:00:00-04:00"},
		"it opens twice":                     {window(75, 90), "2026-11-01T01:30:00-04:00", []string{"America/New_York"}, 0, "2026-11-01T01:15:00-05:00"},
		"the repeated hour is room":          {window(75, 120), "2026-11-01T01:59:00-04:00", []string{"America/New_York"}, 0, "2026-11-01T01:59:00-04:00"},
		"the morning after the clock change": {day, "2026-03-07T22:00:00-05:00", []string{"America/New_York"}, 0, "2026-03-08T08:00:00-04:00"},

		"Lord Howe repeats half an hour":  {window(100, 110), "2026-04-05T01:50:00+11:00", []string{"Australia/Lord_Howe"}, 0, "2026-04-05T01:40:00+10:30"},
		"Apia skipped a Friday":           {day, "2011-12-29T21:00:00-10:00", []string{"Pacific/Apia"}, 0, "2011-12-31T08:00:00+14:00"},
		"Apia's only Friday was skipped":  {window(480, 1260, time.Friday), "2011-12-29T21:00:00-10:00", []string{"Pacific/Apia"}, 0, "2012-01-06T08:00:00+14:00"},
		"Kathmandu is 45 minutes off":     {day, "2026-07-01T00:00:00Z", []string{"Asia/Kathmandu"}, 0, "2026-07-01T08:00:00+05:45"},
		"midnight itself is skipped":      {window(0, 60), "2018-11-03T12:00:00-03:00", []string{"America/Sao_Paulo"}, 0, "2018-11-05T00:00:00-02:00"},
		"the date line lies between them": {window(0, 1440, time.Wednesday), "2026-07-01T00:00:00Z", []string{"Pacific/Kiritimati", "Pacific/Pago_Pago"}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next, ok := c.window.Next(at(t, c.now), zones(t, c.zones...), c.room)
			require.Equal(t, c.next != "", ok, "%s", next)
			if ok {
				require.True(t, next.Equal(at(t, c.next)), "%s", next)
			}
		})
	}
}

func TestTheNextOpeningIsTheOneThatAWatcherOfTheClockFinds(t *testing.T) {
	t.Parallel()
	found, never := 0, 0
	for seed := range uint64(400) {
		s := newSchedule(seed, rulebook{})
		r := rand.New(rand.NewPCG(seed, 9))
		set := zoneSets[r.IntN(len(zoneSets))]
		now := s.now.Truncate(time.Minute)
		next, ok := s.rules.Window.Next(now, set, s.rules.Estimate)

		watched := now
		for !fit(s.rules.Window, watched, set, s.rules.Estimate) && watched.Before(now.Add(8*24*time.Hour)) {
			watched = watched.Add(time.Minute)
		}
		if !ok {
			require.False(t, watched.Before(now.Add(8*24*time.Hour)), "schedule %d: %s", seed, watched)
			never++
			continue
		}
		require.True(t, watched.Equal(next), "schedule %d: watched %s, computed %s", seed, watched, next)
		found++
	}
	require.Greater(t, found, 200)
	require.Greater(t, never, 10)
}

func TestAWindowClosesInTheFirstZoneThatCloses(t *testing.T) {
	t.Parallel()
	both := zones(t, "America/New_York", "America/Los_Angeles")
	closes, ok := batchcalls.DefaultWindow().ClosesAt(at(t, "2026-07-01T12:00:00-07:00"), both)
	require.True(t, ok)
	require.True(t, closes.Equal(at(t, "2026-07-01T21:00:00-04:00")), "%s", closes)

	require.False(t, batchcalls.DefaultWindow().Open(at(t, "2026-07-01T12:00:00Z"), nil), "nobody knows what time it is there")
	_, ok = batchcalls.DefaultWindow().ClosesAt(closes, both)
	require.False(t, ok, "at its end it is closed")

	now := at(t, "2026-07-01T12:00:00Z")
	closes, ok = batchcalls.Window{End: 1440, Days: batchcalls.EveryDay}.ClosesAt(now, zones(t, "UTC"))
	require.True(t, ok)
	require.Equal(t, now.Add(8*24*time.Hour), closes, "what never closes is told as far as one looks")
}

func TestAWindowThatIsNeverOpenIsRefusedByTheNameOfItsField(t *testing.T) {
	t.Parallel()
	require.NoError(t, batchcalls.DefaultWindow().Validate())
	require.NoError(t, batchcalls.Window{End: 1440, Days: batchcalls.OnDays(time.Monday)}.Validate())

	for name, c := range map[string]struct {
		window batchcalls.Window
		fields []string
	}{
		"empty":              {batchcalls.Window{Start: 480, End: 480, Days: batchcalls.EveryDay}, []string{"window.end"}},
		"inverted":           {batchcalls.Window{Start: 1260, End: 480, Days: batchcalls.EveryDay}, []string{"window.end"}},
		"past midnight":      {batchcalls.Window{Start: 480, End: 1441, Days: batchcalls.EveryDay}, []string{"window.end"}},
		"before midnight":    {batchcalls.Window{Start: -1, End: 480, Days: batchcalls.EveryDay}, []string{"window.start"}},
		"no days":            {batchcalls.Window{Start: 480, End: 1260}, []string{"window.days"}},
		"nothing said":       {batchcalls.Window{}, []string{"window.end", "window.days"}},
		"begins too late":    {batchcalls.Window{Start: 1440, End: 1440, Days: batchcalls.EveryDay}, []string{"window.start"}},
		"a day of no week":   {batchcalls.Window{Start: 480, End: 1260, Days: 1 << 7}, []string{"window.days"}},
		"everything at once": {batchcalls.Window{Start: 2000, End: 2000}, []string{"window.start", "window.end", "window.days"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireFields(t, c.window.Validate(), c.fields...)
		})
	}
}

// requireFields holds that the error is Invalid and names exactly these fields.
func requireFields(t *testing.T, err error, names ...string) {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, fault.Invalid, e.Kind)
	var found []string
	for _, f := range e.Fields {
		found = append(found, f.Name)
	}
	require.Equal(t, names, found)
}
