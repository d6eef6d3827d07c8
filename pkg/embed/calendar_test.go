package embed_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// secretName is the part of a calendar's address that nobody but its server may see.
const secretName = "private-0123456789abcdef"

// published puts a calendar of events at its secret address.
func published(s *embedtest.System, name string, events ...string) string {
	lines := []string{"X-WR-TIMEZONE:America/Mexico_City"}
	for _, event := range events {
		lines = append(lines, strings.Split(event, "\n")...)
	}
	s.Sandbox.Control("PUT", "/ics/feed", map[string]any{"name": name, "lines": lines}, nil)
	return s.Sandbox.URL("ics") + "/" + name + ".ics"
}

// calendarEvent is a call with somebody from outside, unless lines say otherwise.
func calendarEvent(uid string, at time.Time, lines ...string) string {
	return strings.Join(append([]string{
		"BEGIN:VEVENT", "UID:" + uid, "SUMMARY:Propuesta " + uid, "DTSTART:" + at.UTC().Format("20060102T150405Z"),
		"DESCRIPTION:Entra en https://meet.google.com/abc-defg-hij y saluda",
		"ORGANIZER:mailto:" + embedtest.RepEmail, "ATTENDEE;CN=Bruno:mailto:" + embedtest.RepEmail,
	}, append(lines, "END:VEVENT")...), "\n")
}

const customer = "ATTENDEE;CN=Pedro García:mailto:" + embedtest.CustomerEmail

func soon(s *embedtest.System, d time.Duration) time.Time {
	return s.Clock.Now().Add(d).Truncate(time.Second)
}

// calls are the meetings of the administrator's list, each as "<title> <start> <status>".
func calls(t *testing.T, s *embedtest.System) []string {
	t.Helper()
	page, err := s.Admin.Meetings.List(t.Context(), tertulia.MeetingFilter{Limit: 100})
	require.NoError(t, err)
	list := []string{}
	for _, m := range page.Data {
		list = append(list, call(*m.Title, *m.ScheduledAt, m.Status))
	}
	return list
}

func call(title string, at time.Time, status tertulia.MeetingStatus) string {
	return fmt.Sprint(title, " ", at.UTC().Format(time.RFC3339), " ", status)
}

// polled lets the next poll come and end.
func polled(t *testing.T, s *embedtest.System, after time.Duration) {
	t.Helper()
	done := func() (n int) {
		for _, job := range s.Jobs(t, "poll_calendar_feed") {
			if job.State == tertulia.JobDone {
				n++
			}
		}
		return n
	}
	s.Idle(t)
	before := done()
	s.Clock.Advance(after)
	s.WaitFor(t, "polled", func() bool { return done() > before })
}

func feedOf(t *testing.T, c *tertulia.Client, url string, changes ...func(*tertulia.AddCalendarFeedRequest)) tertulia.CalendarFeed {
	t.Helper()
	request := tertulia.AddCalendarFeedRequest{URL: url, Name: "Trabajo"}
	for _, change := range changes {
		change(&request)
	}
	feed, err := c.CalendarFeeds.Add(t.Context(), request)
	require.NoError(t, err)
	return feed
}

func TestTheCallsOfACalendarBookMoveAndLoseTheirNotetakers(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	first, later, far := soon(s, 20*time.Hour), soon(s, 22*time.Hour), soon(s, 49*time.Hour)
	others := []string{
		calendarEvent("interna", first, "ATTENDEE:mailto:"+embedtest.AdminEmail),
		calendarEvent("sin bot", first, customer, "DESCRIPTION:[No bot] https://zoom.us/j/1"),
		calendarEvent("privada", first, customer, "CLASS:PRIVATE"),
		calendarEvent("libre", first, customer, "TRANSP:TRANSPARENT"),
		calendarEvent("lejana", far, customer),
	}
	url := published(s, secretName, append(others, calendarEvent("uno", first, customer))...)
	added := feedOf(t, s.Rep, url)
	require.Equal(t, tertulia.CalendarFeedPending, added.Status)
	require.Equal(t, s.Sandbox.BaseURL+"/…", added.URL)

	s.WaitFor(t, "booked", func() bool { return len(calls(t, s)) == 1 })
	require.Equal(t, []string{call("Propuesta uno", first, tertulia.Scheduled)}, calls(t, s))
	mine, err := s.Rep.Meetings.List(t.Context(), tertulia.MeetingFilter{})
	require.NoError(t, err)
	require.Len(t, mine.Data, 1)
	require.Equal(t, embedtest.RepEmail, mine.Data[0].SalesReps.Email)
	require.Equal(t, tertulia.TypeSales, mine.Data[0].MeetingType)
	require.Equal(t, tertulia.CustomerInfo{ContactName: "Pedro García", Email: embedtest.CustomerEmail, Company: "delvalle.example"}, mine.Data[0].CustomerInfo.CustomerInfo)
	_, offset := mine.Data[0].ScheduledAt.Zone()
	require.Equal(t, -6*3600, offset, "the calendar's own clock")

	published(s, secretName, append(others, calendarEvent("uno", later, customer))...)
	polled(t, s, 16*time.Minute)
	require.ElementsMatch(t, []string{
		call("Propuesta uno", first, tertulia.Cancelled), call("Propuesta uno", later, tertulia.Scheduled),
	}, calls(t, s))

	published(s, secretName, others...)
	polled(t, s, 16*time.Minute)
	require.ElementsMatch(t, []string{
		call("Propuesta uno", first, tertulia.Cancelled), call("Propuesta uno", later, tertulia.Cancelled),
	}, calls(t, s))

	polled(t, s, 16*time.Minute)
	polled(t, s, 16*time.Minute)
	require.Contains(t, calls(t, s), call("Propuesta lejana", far, tertulia.Scheduled), "it has come within 48 hours, while the calendar stayed as it was")
	requests := s.Sandbox.Matching("ics", "GET /*")
	require.Equal(t, http.StatusNotModified, requests[len(requests)-1].Status)
	list, err := s.Rep.CalendarFeeds.List(t.Context())
	require.NoError(t, err)
	require.Equal(t, tertulia.CalendarFeedOK, list.Data[0].Status)
	require.Equal(t, 1, list.Data[0].UpcomingCalls)
	require.NotContains(t, s.Logs.String(), secretName)
}

func TestASeriesIsBookedOccurrenceByOccurrenceAndAGoneFeedTakesItsCallsAlong(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	at := soon(s, 3*time.Hour)
	day := 24 * time.Hour
	feed := feedOf(t, s.Rep, published(s, secretName,
		calendarEvent("diaria", at, customer, "RRULE:FREQ=DAILY;COUNT=5"),
		calendarEvent("diaria", at.Add(day+time.Hour), customer, "RECURRENCE-ID:"+at.Add(day).UTC().Format("20060102T150405Z")),
	))
	s.WaitFor(t, "booked", func() bool { return len(calls(t, s)) == 2 })
	require.ElementsMatch(t, []string{
		call("Propuesta diaria", at, tertulia.Scheduled), call("Propuesta diaria", at.Add(day+time.Hour), tertulia.Scheduled),
	}, calls(t, s))
	s.Idle(t)
	_, err := s.OtherRep.CalendarFeeds.Remove(t.Context(), feed.ID)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeCalendarFeedNotFound)

	removal, err := s.Rep.CalendarFeeds.Remove(t.Context(), feed.ID)
	require.NoError(t, err)
	require.Equal(t, tertulia.CalendarFeedRemoval{OK: true, MeetingsCancelled: 2}, removal)
	require.ElementsMatch(t, []string{
		call("Propuesta diaria", at, tertulia.Cancelled), call("Propuesta diaria", at.Add(day+time.Hour), tertulia.Cancelled),
	}, calls(t, s))
	s.Clock.Advance(16 * time.Minute)
	s.Idle(t)
	require.Equal(t, 1, s.Sandbox.Calls("ics", "GET /*"), "nobody asks for it any more")

	feedOf(t, s.Rep, s.Sandbox.URL("ics")+"/"+secretName+".ics")
	s.WaitFor(t, "booked anew", func() bool { return len(calls(t, s)) == 4 })
	require.Contains(t, calls(t, s), call("Propuesta diaria", at, tertulia.Scheduled), "a call that was called off is booked anew")
}

func TestACallThatIsInTwoCalendarsGetsOneNotetaker(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	at := soon(s, 5*time.Hour)
	feeds := map[*tertulia.Client]tertulia.CalendarFeed{}
	for name, person := range map[string]*tertulia.Client{"a": s.Rep, "b": s.OtherRep, "c": s.Admin} {
		feeds[person] = feedOf(t, person, published(s, name, calendarEvent("uno", at, customer)))
	}
	s.Work(t) // all three are due at once
	polled := func() bool {
		for person := range feeds {
			list, err := person.CalendarFeeds.List(t.Context())
			require.NoError(t, err)
			if list.Data[0].Status != tertulia.CalendarFeedOK {
				return false
			}
		}
		return true
	}
	s.WaitFor(t, "all have been read", polled)
	require.Equal(t, []string{call("Propuesta uno", at, tertulia.Scheduled)}, calls(t, s))
	require.Equal(t, 1, s.Sandbox.Calls("recall", "POST /api/v1/bot/"))

	for i, person := range []*tertulia.Client{s.Rep, s.Admin, s.OtherRep} {
		removal, err := person.CalendarFeeds.Remove(t.Context(), feeds[person].ID)
		require.NoError(t, err)
		require.Equal(t, i/2, removal.MeetingsCancelled, "the last who wants it")
	}
	require.Equal(t, []string{call("Propuesta uno", at, tertulia.Cancelled)}, calls(t, s))
}

func TestAFeedThatCannotBeReadSaysWhyAndIsAskedForEverMoreRarely(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	for url, code := range map[string]string{
		s.Sandbox.URL("ics") + "/" + secretName + ".ics": "CALENDAR_REFUSED",
		s.Sandbox.URL("recall") + "/" + secretName:       "CALENDAR_REFUSED",
		"webcal://10.0.0.1/" + secretName + ".ics":       "CALENDAR_ADDRESS_NOT_ALLOWED",
		"https://localhost:1/" + secretName:              "CALENDAR_UNREACHABLE",
		s.URL + "/health?" + secretName:                  "CALENDAR_NOT_A_CALENDAR",
	} {
		added := feedOf(t, s.Rep, url)
		var feed tertulia.CalendarFeed
		s.WaitFor(t, "read", func() bool {
			list, err := s.Rep.CalendarFeeds.List(t.Context())
			require.NoError(t, err)
			feed = list.Data[0]
			return feed.Status != tertulia.CalendarFeedPending
		})
		require.Equal(t, tertulia.CalendarFeedFailing, feed.Status, url)
		require.Equal(t, code, *feed.ErrorCode, url)
		require.NotEmpty(t, *feed.ErrorMessage)
		require.NotContains(t, fmt.Sprint(feed, *feed.ErrorMessage), secretName)
		require.WithinDuration(t, feed.LastPolledAt.Add(30*time.Minute), feed.NextPollAt, time.Second)
		_, err := s.Rep.CalendarFeeds.Remove(t.Context(), added.ID)
		require.NoError(t, err)
	}
	require.NotContains(t, s.Logs.String(), secretName)
}

func TestWhatIsNoCalendarsAddressIsRefused(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	for _, url := range []string{"", "calendar", "ftp://example.com/a.ics", "http://example.com/a.ics", "https://", "https://" + strings.Repeat("a", 3000) + ".example"} {
		_, err := s.Rep.CalendarFeeds.Add(t.Context(), tertulia.AddCalendarFeedRequest{URL: url})
		requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	}
	feedOf(t, s.Rep, "https://example.com/0.ics")
	_, err := s.Rep.CalendarFeeds.Add(t.Context(), tertulia.AddCalendarFeedRequest{URL: " https://example.com/0.ics"})
	requireCode(t, err, http.StatusConflict, tertulia.CodeCalendarFeedExists)
	for i := range 9 {
		feedOf(t, s.Rep, fmt.Sprintf("https://example.com/%d.ics", i+1))
	}
	_, err = s.Rep.CalendarFeeds.Add(t.Context(), tertulia.AddCalendarFeedRequest{URL: "https://example.com/10.ics"})
	requireCode(t, err, http.StatusConflict, tertulia.CodeCalendarFeedLimit)
	feedOf(t, s.OtherRep, "https://example.com/0.ics", func(r *tertulia.AddCalendarFeedRequest) { r.IncludeInternal = true })
}
