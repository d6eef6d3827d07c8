package icalendar_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/vendors/icalendar"
)

// file makes a calendar of lines.
func file(lines ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n")
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20260101T000000Z\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT"
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, s)
	require.NoError(t, err)
	return parsed.UTC()
}

// year is the window of most tests.
func year(t *testing.T) icalendar.Window {
	t.Helper()
	return icalendar.Window{From: at(t, "2026-01-01T00:00:00Z"), To: at(t, "2027-01-01T00:00:00Z")}
}

func mexico(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("America/Mexico_City")
	require.NoError(t, err)
	return loc
}

func starts(t *testing.T, lines ...string) []string {
	t.Helper()
	events, err := icalendar.Events(t.Context(), file(lines...), year(t), mexico(t))
	require.NoError(t, err)
	list := []string{}
	for _, e := range events {
		list = append(list, e.Starts.Format(time.RFC3339))
	}
	return list
}

func TestASeriesStaysAtItsHourWhenTheClocksAreChanged(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{
		"2026-10-24T14:00:00Z", "2026-10-31T14:00:00Z", "2026-11-07T15:00:00Z", "2026-11-14T15:00:00Z",
	}, starts(t, event("DTSTART;TZID=America/New_York:20261024T100000", "RRULE:FREQ=WEEKLY;COUNT=4")), "New York, on 1 November")
	require.Equal(t, []string{"2026-03-22T09:00:00Z", "2026-03-29T08:00:00Z"},
		starts(t, event("DTSTART;TZID=Europe/Madrid:20260322T100000", "RRULE:FREQ=WEEKLY;UNTIL=20260329T080000Z")),
		"Madrid, on 29 March; the end of the series is told in UTC and is part of it")
	require.Equal(t, []string{"2026-10-24T14:00:00Z", "2026-10-31T14:00:00Z", "2026-11-07T14:00:00Z"},
		starts(t, event("DTSTART:20261024T140000Z", "RRULE:FREQ=WEEKLY;COUNT=3")), "told in UTC it moves on the wall")
}

func TestATimeWithoutAZoneIsThatOfTheCalendarElseOfItsReader(t *testing.T) {
	t.Parallel()
	floating := event("DTSTART:20260701T100000")
	require.Equal(t, []string{"2026-07-01T16:00:00Z"}, starts(t, floating), "Mexico City, six hours behind the whole year")
	require.Equal(t, []string{"2026-07-01T08:00:00Z"}, starts(t, "X-WR-TIMEZONE:Europe/Madrid", floating))
	require.Equal(t, []string{"2026-07-01T16:00:00Z"}, starts(t, event("DTSTART;TZID=Nowhere/Known:20260701T100000")))
}

// outlook is how Outlook describes New York, under a name of its own.
const outlook = "BEGIN:VTIMEZONE\r\nTZID:Eastern Standard Time\r\n" +
	"BEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\n" +
	"BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\n" +
	"END:VTIMEZONE"

func TestAZoneThatOnlyTheFileKnowsGoesByItsDescription(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"2026-10-24T14:00:00Z", "2026-10-31T14:00:00Z", "2026-11-07T15:00:00Z"},
		starts(t, outlook, event("DTSTART;TZID=Eastern Standard Time:20261024T100000", "RRULE:FREQ=WEEKLY;COUNT=3")))
	require.Equal(t, []string{"2026-02-01T15:00:00Z"}, starts(t, outlook, event("DTSTART;TZID=Eastern Standard Time:20260201T100000")))
	require.Equal(t, []string{"2026-07-01T16:00:00Z"},
		starts(t, event("DTSTART;TZID=/citadel.org/20210210_1/America/Mexico_City:20260701T100000")), "a name behind a prefix")
}

func TestOccurrencesAreLeftOutAddedMovedAndCancelled(t *testing.T) {
	t.Parallel()
	events, err := icalendar.Events(t.Context(), file(
		event("SUMMARY:Semanal", "DTSTART;TZID=America/New_York:20260601T100000", "RRULE:FREQ=WEEKLY;COUNT=5",
			"EXDATE;TZID=America/New_York:20260608T100000", "EXDATE:20260615T140000Z", "RDATE;TZID=America/New_York:20260603T120000"),
		event("SUMMARY:Movida", "SEQUENCE:2", "RECURRENCE-ID;TZID=America/New_York:20260622T100000", "DTSTART;TZID=America/New_York:20260623T160000"),
		event("SUMMARY:Movida antes", "SEQUENCE:1", "RECURRENCE-ID;TZID=America/New_York:20260622T100000", "DTSTART;TZID=America/New_York:20260624T160000"),
		event("SUMMARY:Cancelada", "STATUS:CANCELLED", "RECURRENCE-ID:20260629T140000Z", "DTSTART:20260629T140000Z"),
	), year(t), time.UTC)
	require.NoError(t, err)
	type row struct {
		title, instance, starts string
		cancelled               bool
	}
	var rows []row
	for _, e := range events {
		rows = append(rows, row{e.Title, e.Instance, e.Starts.Format(time.RFC3339), e.Cancelled})
	}
	require.Equal(t, []row{
		{"Semanal", "20260601T140000Z", "2026-06-01T14:00:00Z", false},
		{"Semanal", "20260603T160000Z", "2026-06-03T16:00:00Z", false},
		{"Movida", "20260622T140000Z", "2026-06-23T20:00:00Z", false},
		{"Cancelada", "20260629T140000Z", "2026-06-29T14:00:00Z", true},
	}, rows)
}

func TestWhatAnEventSaysIsRead(t *testing.T) {
	t.Parallel()
	events, err := icalendar.Events(t.Context(), file(event(
		"SUMMARY:Propuesta\\, segunda vuelta", "DTSTART;TZID=America/New_York:20260701T100000", "TRANSP:TRANSPARENT", "CLASS:PRIVATE",
		"LOCATION:Sala 3", "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij", "DESCRIPTION:Hola\\n\\nEntra en https://zoom.us/j/1",
		"ORGANIZER;CN=Bruno:mailto:Bruno@Andamio.example",
		"ATTENDEE;CN=\"García, Pedro\";PARTSTAT=DECLINED;ROLE=REQ-PARTICIPANT:mailto:Pedro@Del",
		" Valle.example",
		"ATTENDEE;CUTYPE=ROOM;CN=Sala 3:mailto:sala3@andamio.example",
	)), year(t), time.UTC)
	require.NoError(t, err)
	require.Equal(t, []icalendar.Event{{
		UID: "one", Title: "Propuesta, segunda vuelta", Starts: at(t, "2026-07-01T14:00:00Z"), Offset: -4 * 3600,
		Texts:     []string{"https://meet.google.com/abc-defg-hij", "Sala 3", "Hola\n\nEntra en https://zoom.us/j/1"},
		Organizer: "bruno@andamio.example", IsFree: true, IsPrivate: true,
		Attendees: []icalendar.Attendee{
			{Name: "García, Pedro", Email: "pedro@delvalle.example", Declined: true, IsPerson: true},
			{Name: "Sala 3", Email: "sala3@andamio.example"},
		},
	}}, events)
}

func TestWhatNoMeetingLooksLikeIsLeftOut(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string]string{
		"a whole day":              event("DTSTART;VALUE=DATE:20260701"),
		"before the window":        event("DTSTART:20251231T235959Z"),
		"after the window":         event("DTSTART:20270101T000000Z"),
		"without a start":          event("SUMMARY:x"),
		"a start that is no time":  event("DTSTART:tomorrow"),
		"only an older version":    event("DTSTART:20280101T000000Z", "SEQUENCE:2") + "\r\n" + event("DTSTART:20260701T000000Z", "SEQUENCE:1"),
		"a series long since over": event("DTSTART:20200101T100000Z", "RRULE:FREQ=DAILY;UNTIL=20200301"),
	} {
		require.Empty(t, starts(t, lines), name)
	}
	require.Len(t, starts(t, event("DTSTART:20260701T100000Z", "RRULE:FREQ=SECONDLY")), 1, "a rule that no meeting has is not followed")
	for _, rule := range []string{"FREQ=NEVER", "FREQ=MONTHLY;BYDAY=10FR", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;INTERVAL=-1", ""} {
		require.Len(t, starts(t, event("DTSTART:20260701T100000Z", "RRULE:"+rule)), 1, rule)
	}
}

func TestWhatIsNoCalendarIsSaidToBeNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "<html>canary</html>", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "\x00\xff"} {
		events, err := icalendar.Events(t.Context(), []byte(text), year(t), time.UTC)
		if err == nil {
			require.Empty(t, events, text)
			continue
		}
		require.ErrorIs(t, err, icalendar.ErrNotACalendar)
		require.NotContains(t, err.Error(), "canary")
	}
	_, err := icalendar.Events(t.Context(), []byte("<html>"), year(t), time.UTC)
	require.ErrorIs(t, err, icalendar.ErrNotACalendar)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = icalendar.Events(ctx, file(event("DTSTART:20260701T100000Z")), year(t), time.UTC)
	require.ErrorIs(t, err, context.Canceled)
}
