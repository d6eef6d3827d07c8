package calendars_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

const owner = "bruno@andamio.example"

func findLink(texts []string) (string, bool) {
	for _, text := range texts {
		if strings.Contains(text, "link") {
			return text, true
		}
	}
	return "", false
}

func person(name, email string) calendars.Attendee {
	return calendars.Attendee{Name: name, Email: email, IsPerson: true}
}

// occurrence is a call with a customer, unless changes say otherwise.
func occurrence(changes ...func(*calendars.Occurrence)) calendars.Occurrence {
	o := calendars.Occurrence{
		UID: "one", Title: "Propuesta", Starts: time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), Texts: []string{"Sala 3", "the link"},
		Organizer: owner, Attendees: []calendars.Attendee{person("Bruno", owner), person("Pedro García", "pedro@valle.example")},
	}
	for _, change := range changes {
		change(&o)
	}
	return o
}

func TestWhatWantsANotetaker(t *testing.T) {
	t.Parallel()
	wants := func(change func(*calendars.Occurrence)) int {
		return len(calendars.Wanted(calendars.Feed{}, owner, []calendars.Occurrence{occurrence(change)}, findLink))
	}
	require.Equal(t, 1, wants(func(*calendars.Occurrence) {}))
	for name, change := range map[string]func(*calendars.Occurrence){
		"no link":                  func(o *calendars.Occurrence) { o.Texts = []string{"Sala 3"} },
		"cancelled":                func(o *calendars.Occurrence) { o.Cancelled = true },
		"free":                     func(o *calendars.Occurrence) { o.IsFree = true },
		"private":                  func(o *calendars.Occurrence) { o.IsPrivate = true },
		"says no in its title":     func(o *calendars.Occurrence) { o.Title = "Propuesta [NO BOT]" },
		"says no in what it says":  func(o *calendars.Occurrence) { o.Texts = append(o.Texts, "Por favor [no bot]") },
		"declined by its owner":    func(o *calendars.Occurrence) { o.Attendees[0].Declined = true },
		"with colleagues only":     func(o *calendars.Occurrence) { o.Attendees[1].Email = "ana@ANDAMIO.example" },
		"with a room from outside": func(o *calendars.Occurrence) { o.Attendees[1].IsPerson = false; o.Organizer = "ana@andamio.example" },
	} {
		require.Zero(t, wants(change), name)
	}
	twice := []calendars.Occurrence{occurrence(), occurrence(), occurrence(func(o *calendars.Occurrence) { o.Instance = "x" })}
	require.Len(t, calendars.Wanted(calendars.Feed{}, owner, twice, findLink), 2, "one each per UID and instance")
}

func TestTheGuestIsSomebodyFromOutside(t *testing.T) {
	t.Parallel()
	guest := func(change func(*calendars.Occurrence)) calendars.Guest {
		events := calendars.Wanted(calendars.Feed{Internal: true}, owner, []calendars.Occurrence{occurrence(change)}, findLink)
		require.Len(t, events, 1)
		return events[0].Guest
	}
	require.Equal(t, calendars.Guest{Name: "Pedro García", Email: "pedro@valle.example", Company: "valle.example"}, guest(func(*calendars.Occurrence) {}))
	require.Equal(t, calendars.Guest{Name: "ana", Email: "ana@gmail.com"}, guest(func(o *calendars.Occurrence) {
		o.Attendees[1] = person("ana@gmail.com", "ana@gmail.com")
	}), "a mail provider is nobody's company")
	require.Equal(t, "Ana", guest(func(o *calendars.Occurrence) {
		o.Attendees[1].Declined = true
		o.Attendees = append(o.Attendees, person("Ana", "ana@valle.example"))
	}).Name, "who comes rather than who does not")
	require.Equal(t, "clara@valle.example", guest(func(o *calendars.Occurrence) {
		o.Attendees, o.Organizer = o.Attendees[:1], "clara@valle.example"
	}).Email, "the organiser invites us")
	require.Equal(t, calendars.Guest{Name: "Propuesta"}, guest(func(o *calendars.Occurrence) { o.Attendees = nil }), "nobody is told of")
	require.Zero(t, guest(func(o *calendars.Occurrence) { o.Attendees[1].Email = "ana@andamio.example" }), "colleagues, where the feed asks for them")
}

func TestLongNamesAreCutAndLongIDsDigested(t *testing.T) {
	t.Parallel()
	events := calendars.Wanted(calendars.Feed{}, owner, []calendars.Occurrence{occurrence(func(o *calendars.Occurrence) {
		o.UID, o.Title = strings.Repeat("u", 5000), strings.Repeat("ñ", 5000)+"\x00"
	})}, findLink)
	require.Len(t, events[0].UID, 64)
	require.Equal(t, strings.Repeat("ñ", 300), events[0].Title)
}

func TestAFeedsAddressIsShownWithoutItsSecret(t *testing.T) {
	t.Parallel()
	require.Equal(t, "webcal://p01.icloud.com/…", calendars.Feed{URL: "webcal://p01.icloud.com/published/2/secret?x=y"}.Masked())
	for raw, ok := range map[string]bool{
		"https://a.example/x.ics": true, " webcal://a.example/x ": true, "http://127.0.0.1:80/x": true, "http://a.example/x": false,
		"mailto:a@b.example": false, "https:///x": false, "file:///etc/passwd": false, "\x00": false,
	} {
		_, _, err := calendars.CheckFeed(raw, "x")
		require.Equal(t, ok, err == nil, raw)
		if err != nil {
			require.Equal(t, fault.Validation, fault.CodeOf(err))
		}
	}
	_, _, err := calendars.CheckFeed("https://a.example", strings.Repeat("a", 101))
	require.Error(t, err)
}

func TestAFailingFeedIsAskedForEverMoreRarelyAndAHealthyOneEveryQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	f := calendars.Feed{}
	for _, pause := range []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour} {
		f = f.Polled(now, calendars.Failure{Code: calendars.Refused})
		require.Equal(t, now.Add(pause), f.NextPoll)
	}
	f = f.Polled(now, calendars.Failure{})
	require.Equal(t, now.Add(15*time.Minute), f.NextPoll)
	require.Zero(t, f.Failures)

	read := now.Add(-23 * time.Hour)
	f.ReadAt, f.Known = &read, calendars.Validators{ETag: "x"}
	require.Equal(t, calendars.Validators{ETag: "x"}, f.Validate(now))
	require.Zero(t, f.Validate(now.Add(2*time.Hour)), "once a day it is read as a whole")
}
