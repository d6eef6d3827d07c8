package embedtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// How long a test waits for something, how often it looks, and how far the clock moves between looks of Hasten.
const (
	patience = 30 * time.Second
	look     = 15 * time.Millisecond
	stride   = 5 * time.Second
)

// Until waits until a meeting has a status, and returns it.
func (s *System) Until(t testing.TB, id string, status tertulia.MeetingStatus) tertulia.MeetingDetail {
	t.Helper()
	return s.UntilMeeting(t, id, string(status), func(d tertulia.MeetingDetail) bool { return d.Meeting.Status == status })
}

// UntilMeeting waits until a meeting is as cond wants it, and returns it.
func (s *System) UntilMeeting(t testing.TB, id, what string, cond func(tertulia.MeetingDetail) bool) tertulia.MeetingDetail {
	t.Helper()
	var d tertulia.MeetingDetail
	s.WaitFor(t, what, func() bool { d = s.Get(t, id); return cond(d) })
	return d
}

// Settled waits until a meeting is COMPLETED, its recordings are stored and the CRM has been dealt with.
func (s *System) Settled(t testing.TB, id string) tertulia.MeetingDetail {
	t.Helper()
	return s.UntilMeeting(t, id, "completed, media ready, CRM done", func(d tertulia.MeetingDetail) bool {
		m := d.Meeting
		return m.Status == tertulia.Completed && m.Video.State == "ready" && m.Audio.State == "ready" &&
			(m.Hubspot.State == "synced" || m.Hubspot.State == "skipped")
	})
}

// Idle waits until no job is pending for now or running.
func (s *System) Idle(t testing.TB) {
	t.Helper()
	s.WaitFor(t, "no job is due", func() bool {
		now := s.Clock.Now()
		for _, job := range s.Jobs(t, "") {
			if job.State == tertulia.JobRunning || job.State == tertulia.JobPending && !job.RunAt.After(now) {
				return false
			}
		}
		return true
	})
}

// Process waits for a condition while cron/process-queue does the work, as where no worker runs.
func (s *System) Process(t testing.TB, cond func() bool) {
	t.Helper()
	s.WaitFor(t, "the queue is processed", func() bool {
		_, err := s.Scheduler.Cron.ProcessQueue(t.Context())
		require.NoError(t, err)
		return cond()
	})
}

// WaitFor waits for a condition in real time, and fails the test with the state of the jobs when it does not come.
func (s *System) WaitFor(t testing.TB, what string, cond func() bool) {
	t.Helper()
	s.wait(t, what, 0, cond)
}

// Hasten waits for a condition while the clock runs some hundred times faster, so that pauses between attempts pass.
func (s *System) Hasten(t testing.TB, what string, cond func() bool) {
	t.Helper()
	s.wait(t, what, stride, cond)
}

// HastenUntil waits as Hasten does until a meeting has a status, and returns it.
func (s *System) HastenUntil(t testing.TB, id string, status tertulia.MeetingStatus) tertulia.MeetingDetail {
	t.Helper()
	var d tertulia.MeetingDetail
	s.Hasten(t, string(status), func() bool { d = s.Get(t, id); return d.Meeting.Status == status })
	return d
}

func (s *System) wait(t testing.TB, what string, step time.Duration, cond func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !cond() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v\n%s", what, patience, s.situation(t))
		}
		s.Clock.Advance(step)
		time.Sleep(look)
	}
}

// situation describes the meetings and the jobs, for a test that failed.
func (s *System) situation(t testing.TB) string {
	t.Helper()
	var text strings.Builder
	page, err := s.Admin.Meetings.List(t.Context(), tertulia.MeetingFilter{Limit: 10})
	if err != nil {
		return err.Error()
	}
	for _, m := range page.Data {
		fmt.Fprintf(&text, "meeting %s %s %s\n", m.ID, m.Status, deref(m.ErrorCode))
	}
	for _, job := range s.Jobs(t, "") {
		fmt.Fprintf(&text, "job %s %s attempt %d, due in %v: %s\n", job.Kind, job.State, job.Attempt, job.RunAt.Sub(s.Clock.Now()).Round(time.Millisecond), deref(job.LastError))
	}
	return text.String()
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Searchable waits until what was said in a meeting is found: a job indexes it beside everything else.
func (s *System) Searchable(t testing.TB, id, text string) {
	t.Helper()
	require.Eventually(t, func() bool {
		page, err := s.Admin.Meetings.Search(t.Context(), tertulia.SearchFilter{Q: text})
		return err == nil && slices.ContainsFunc(page.Data, func(found tertulia.FoundMeeting) bool { return found.Meeting.ID == id })
	}, patience, look, "what was said is never found")
}
