package embed_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identityhttp"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

func TestTheSchedulerDoesAllTheWorkWhereNoWorkerRuns(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	id := s.Scheduled(t, embedtest.Talk())
	s.WaitFor(t, "the webhooks have come", func() bool { return s.Count(t, "select count(*) from inbound_events") >= 8 })
	require.Equal(t, tertulia.Joining, s.Get(t, id).Meeting.Status)

	processed := 0
	s.WaitFor(t, "settled", func() bool {
		answer, err := s.Scheduler.Cron.ProcessQueue(t.Context())
		require.NoError(t, err)
		require.Zero(t, answer.Failed)
		processed += answer.Processed
		m := s.Get(t, id).Meeting
		return m.Hubspot.State == "synced" && m.Video.State == "ready" && m.Audio.State == "ready"
	})
	require.GreaterOrEqual(t, processed, 6, "the events together, that of the transcript, an analysis, two downloads, a sync")
	list, err := s.Rep.Notifications.List(t.Context())
	require.NoError(t, err)
	require.Len(t, list.Data, 1, "events are dispatched too")

	health, err := s.Admin.Cron.Health(t.Context())
	require.NoError(t, err)
	require.NotNil(t, health.LastTick)
	kinds := map[string]tertulia.KindHealth{}
	for _, kind := range health.Kinds {
		kinds[kind.Kind] = kind
	}
	analysis := kinds["analyze_transcript"]
	require.Equal(t, 1, analysis.Done24h)
	require.NotNil(t, analysis.P50RunMS)
	require.Equal(t, 1, kinds["watch_meeting"].Pending)
}

// deadSync makes a meeting whose sync has been given up.
func deadSync(t *testing.T, s *embedtest.System) tertulia.Job {
	t.Helper()
	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "hubspot", Times: -1, Status: 403})
	id := s.Scheduled(t, embedtest.Talk())
	s.Hasten(t, "the sync was tried", func() bool { return len(s.Jobs(t, "sync_hubspot")) == 1 })
	s.Exec(t, "update jobs set max_attempts = attempt + 2 where kind = 'sync_hubspot'") // twelve are tried elsewhere
	s.Hasten(t, "the sync is given up", func() bool { return s.Get(t, id).Meeting.Hubspot.State == "failed" })
	var job tertulia.Job
	s.WaitFor(t, "dead", func() bool { job = s.Jobs(t, "sync_hubspot")[0]; return job.State == tertulia.JobDead })
	return job
}

func TestADeadJobIsSeenReplayedAndDone(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	job := deadSync(t, s)
	require.NotNil(t, job.LastError)
	require.Empty(t, job.Payload, "only a single job shows what it works on")
	whole, err := s.Admin.Jobs.Get(t.Context(), job.ID)
	require.NoError(t, err)
	require.Contains(t, string(whole.Payload), "meeting")

	s.Sandbox.Control("DELETE", "/faults?vendor=hubspot", nil, nil)
	_, err = s.Admin.Jobs.Replay(t.Context(), job.ID)
	require.NoError(t, err)
	s.WaitFor(t, "done", func() bool {
		job, err := s.Admin.Jobs.Get(t.Context(), job.ID)
		return err == nil && job.State == tertulia.JobDone
	})
	page, err := s.Rep.Meetings.List(t.Context(), tertulia.MeetingFilter{})
	require.NoError(t, err)
	require.Equal(t, "synced", s.Get(t, page.Data[0].ID).Meeting.Hubspot.State)
}

func TestJobsAreCancelledAndDiscardedByAdminsOnly(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	job := deadSync(t, s)
	_, err := s.Rep.Jobs.Discard(t.Context(), job.ID)
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Other.Jobs.Discard(t.Context(), job.ID)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeJobNotFound)
	discarded, err := s.Admin.Jobs.Discard(t.Context(), job.ID)
	require.NoError(t, err)
	require.Equal(t, tertulia.JobCancelled, discarded.State)
	_, err = s.Admin.Jobs.Discard(t.Context(), job.ID)
	require.Error(t, err)

	s.Scheduled(t, embedtest.Talk(), later(s, 24*time.Hour))
	watch := s.Jobs(t, "watch_meeting")[0]
	cancelled, err := s.Admin.Jobs.Cancel(t.Context(), watch.ID)
	require.NoError(t, err)
	require.Equal(t, tertulia.JobCancelled, cancelled.State)
	_, err = s.Admin.Jobs.Get(t.Context(), "not-an-id")
	requireCode(t, err, http.StatusNotFound, tertulia.CodeJobNotFound)
}

func TestTheQueueDashboardOpensWithAnAdminsLinkAndWithNothingElse(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	for _, address := range []string{"/ops/queues", "/ops/queues/", "/ops/queues/api/queues"} {
		require.Equal(t, http.StatusUnauthorized, s.Do(t, http.MethodGet, address, "").Status, address)
		require.Equal(t, http.StatusUnauthorized, s.Do(t, http.MethodGet, address, "", "X-API-Key", embedtest.ServiceKey).Status, address)
	}
	token, err := s.App.Identity().CreateAdminLink.Execute(t.Context(), identityuc.CreateAdminLinkInput{Workspace: s.Workspace})
	require.NoError(t, err)
	link := identityhttp.LoginURL(s.URL, token)
	u, err := url.Parse(link)
	require.NoError(t, err)
	require.Equal(t, s.URL, u.Scheme+"://"+u.Host)

	opened := s.Do(t, http.MethodGet, link, "")
	cookie := opened.Header.Get("Set-Cookie")
	require.Contains(t, cookie, "HttpOnly")
	require.Contains(t, cookie, "SameSite")
	pair, _, _ := strings.Cut(cookie, ";")
	for _, address := range []string{"/ops/queues", "/ops/queues/api/queues"} {
		require.Equal(t, http.StatusOK, s.Do(t, http.MethodGet, address, "", "Cookie", pair).Status, address)
	}
	again := s.Do(t, http.MethodGet, link, "")
	require.Empty(t, again.Header.Get("Set-Cookie"), "a link is for one use")
	require.Equal(t, http.StatusUnauthorized, s.Do(t, http.MethodGet, "/ops/queues", "", "Cookie", pair+"x").Status)
}
