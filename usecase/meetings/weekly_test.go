package meetingsuc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// moveTo gives the workspace another zone.
func (s *system) moveTo(t *testing.T, zone string) {
	t.Helper()
	_, err := s.db.SystemPool().Exec(t.Context(), "update workspaces set timezone = $1 where id = $2", zone, string(s.ws))
	require.NoError(t, err)
}

// mondays are the beginnings of the weeks around a time, found by going through the half-hours of a zone one by one.
func mondays(t *testing.T, zone *time.Location, now time.Time, weeks int) []time.Time {
	t.Helper()
	var found []time.Time
	for at := now.Truncate(30 * time.Minute); len(found) < weeks; at = at.Add(-30 * time.Minute) {
		local, before := at.In(zone), at.Add(-time.Second).In(zone)
		if local.Weekday() == time.Monday && before.Weekday() == time.Sunday {
			found = append([]time.Time{at}, found...)
		}
	}
	return found
}

// A week that begins an hour late, or at the year's end, would move the meetings at its edges into its neighbour: each has
// one a second before its end and another at its beginning.
func TestWeeksBeginOnMondayInTheWorkspacesZoneWhateverTheClocksAndTheYearDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		zone  string
		now   string
		weeks []string
	}{
		"Mexico, which changes no clocks":      {"America/Mexico_City", "2026-11-21T12:00:00Z", []string{"2026-W44", "2026-W45", "2026-W46", "2026-W47"}},
		"Mexico when it still did, in spring":  {"America/Mexico_City", "2022-04-10T12:00:00Z", []string{"2022-W12", "2022-W13", "2022-W14"}},
		"Mexico when it still did, in autumn":  {"America/Mexico_City", "2022-11-03T12:00:00Z", []string{"2022-W42", "2022-W43", "2022-W44"}},
		"New York springs forward":             {"America/New_York", "2026-03-12T12:00:00Z", []string{"2026-W09", "2026-W10", "2026-W11"}},
		"New York falls back":                  {"America/New_York", "2026-11-03T12:00:00Z", []string{"2026-W43", "2026-W44", "2026-W45"}},
		"Madrid falls back":                    {"Europe/Madrid", "2026-10-29T12:00:00Z", []string{"2026-W42", "2026-W43", "2026-W44"}},
		"a year of 53 weeks":                   {"America/Mexico_City", "2027-01-05T12:00:00Z", []string{"2026-W52", "2026-W53", "2027-W01"}},
		"a year that begins in December":       {"America/Mexico_City", "2024-12-31T12:00:00Z", []string{"2024-W51", "2024-W52", "2025-W01"}},
		"a Sunday here that is Monday already": {"America/Mexico_City", "2026-11-23T05:59:59Z", []string{"2026-W46", "2026-W47"}},
		"a Monday here that was one before":    {"America/Mexico_City", "2026-11-23T06:00:00Z", []string{"2026-W47", "2026-W48"}},
		"half an hour off":                     {"Asia/Kolkata", "2026-11-22T18:30:00Z", []string{"2026-W47", "2026-W48"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			now, err := time.Parse(time.RFC3339, c.now)
			require.NoError(t, err)
			s.clock.now.Store(&now)
			zone, err := time.LoadLocation(c.zone)
			require.NoError(t, err)
			s.moveTo(t, c.zone)
			begins := mondays(t, zone, now, len(c.weeks))
			for i, monday := range begins {
				s.scored(t, s.ana, monday, 10*(i+1), 0)
				s.scored(t, s.ana, monday.Add(-time.Second), 10*i, 0)
			}

			w, err := s.Performance.Weekly(t.Context(), s.ana, s.ana.Rep, len(c.weeks))

			require.NoError(t, err)
			var got []string
			for i, week := range w.Weeks {
				got = append(got, meetings.WeekName(week.Monday))
				require.Equal(t, begins[i].In(zone).Format(time.DateOnly), week.Monday.Format(time.DateOnly))
				require.InDelta(t, 10*(i+1), *week.Score, 0, "%s holds its own meetings and no other's", got[i])
				last := i == len(c.weeks)-1
				require.Equal(t, map[bool]int{true: 1, false: 2}[last], week.Meetings, got[i])
			}
			require.Equal(t, c.weeks, got)
		})
	}
}

func TestWeeksWithoutMeetingsAreThere(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.scored(t, s.ana, s.clock.Now().Add(-14*24*time.Hour), 70, 80)

	w, err := s.Performance.Weekly(t.Context(), s.ana, s.ana.Rep, 0)

	require.NoError(t, err)
	require.Len(t, w.Weeks, meetingsuc.DefaultWeeks)
	for i, week := range w.Weeks {
		if i == len(w.Weeks)-3 {
			require.InDelta(t, 70, *week.Score, 0)
			require.InDelta(t, 1, *week.CloseRate, 0)
			continue
		}
		require.Equal(t, meetingsuc.Averages{}, week.Averages)
	}
}
