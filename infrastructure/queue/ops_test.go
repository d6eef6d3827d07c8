package queue

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// mending fails until it is mended.
func mending(err error, k Kind) (r *Registry, mend func()) {
	r = NewRegistry()
	Handle(r, k, func(context.Context, Run, note) error { return err })
	return r, func() { err = nil }
}

func TestADeadJobIsReplayedWithFreshAttempts(t *testing.T) {
	t.Parallel()
	r, mend := mending(errors.New("no"), Kind{MaxAttempts: 1})
	f := newFixture(t, r)
	id := f.enqueue(t, note{})
	f.runDue(t)
	require.Equal(t, StateDead, f.job(t, id).State)

	require.NoError(t, f.Replay(t.Context(), id))
	f.runDue(t)
	require.Equal(t, StateDead, f.job(t, id).State)
	require.NoError(t, f.Replay(t.Context(), id))
	mend()
	f.runDue(t)

	j := f.job(t, id)
	require.Equal(t, StateDone, j.State)
	require.Equal(t, []int{3, 3}, []int{j.Attempt, j.MaxAttempts})
	require.Equal(t, fault.Conflict, fault.KindOf(f.Replay(t.Context(), id)), "a done job is not replayed")
}

func TestAnUnknownJobIsResolvedEitherWay(t *testing.T) {
	t.Parallel()
	r, mend := mending(Unknown(errors.New("no answer")), Kind{Once: true, MaxAttempts: 1})
	f := newFixture(t, r)
	happened, not := f.enqueue(t, note{}), f.enqueue(t, note{})
	f.runDue(t)
	require.Equal(t, fault.Conflict, fault.KindOf(f.Replay(t.Context(), not)), "only by resolving it")

	require.NoError(t, f.Resolve(t.Context(), happened, true))
	require.NoError(t, f.Resolve(t.Context(), not, false))
	mend()
	processed, _ := f.runDue(t)

	require.Equal(t, 1, processed)
	require.Equal(t, StateDone, f.job(t, happened).State)
	require.Equal(t, StateDone, f.job(t, not).State)
}

func TestACancelledJobDoesNotRun(t *testing.T) {
	t.Parallel()
	var ran seen
	f := newFixture(t, noting(&ran, Kind{}))
	id := f.enqueue(t, note{})
	require.NoError(t, f.Cancel(t.Context(), id))
	f.runDue(t)
	require.Empty(t, ran.all())
	require.Equal(t, fault.Conflict, fault.KindOf(f.Cancel(t.Context(), id)))
}

func TestADiscardedJobIsDecided(t *testing.T) {
	t.Parallel()
	f := newFixture(t, failing(Permanent(errors.New("no")), Kind{}))
	id := f.enqueue(t, note{})
	require.Equal(t, fault.Conflict, fault.KindOf(f.Discard(t.Context(), id)), "it is still pending")
	f.runDue(t)
	require.NoError(t, f.Discard(t.Context(), id))
	require.Equal(t, StateCancelled, f.job(t, id).State)
}

func TestAJobThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	f := newFixture(t, NewRegistry())
	for _, id := range []port.JobID{"nonsense", port.JobID(newWorkspace())} {
		require.Equal(t, fault.NotFound, fault.KindOf(f.Cancel(t.Context(), id)))
		_, err := f.Get(t.Context(), id)
		require.Equal(t, fault.NotFound, fault.KindOf(err))
	}
}

func TestJobsAreListedNewestFirstPageByPage(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noting(&seen{}, Kind{}))
	var want, got []port.JobID
	for range 7 {
		want = append([]port.JobID{f.enqueue(t, note{})}, want...)
	}
	f.enqueueIn(t, newWorkspace(), note{})
	page := kernel.Page{Limit: 3}
	for {
		list, next, err := f.List(t.Context(), Filter{Workspace: f.ws, State: StatePending, Kind: "note"}, page)
		require.NoError(t, err)
		for _, j := range list {
			got = append(got, j.ID)
		}
		if next == "" {
			break
		}
		page.Cursor = next
	}
	require.Equal(t, want, got)
	none, _, err := f.List(t.Context(), Filter{Workspace: f.ws, State: StateDead}, kernel.Page{})
	require.NoError(t, err)
	require.Empty(t, none)
	_, _, err = f.List(t.Context(), Filter{State: StatePending}, kernel.Page{})
	require.ErrorContains(t, err, "workspace is required", "no list goes over several tenants")
}

func TestHealthCountsByKind(t *testing.T) {
	t.Parallel()
	var c clock
	r := failing(Permanent(errors.New("no")), Kind{})
	Handle(r, Kind{}, func(context.Context, Run, uniqueNote) error { return nil })
	f := newFixture(t, r, withClock(&c))
	f.enqueue(t, note{})
	f.enqueue(t, uniqueNote{Key: "a"})
	f.runDue(t)
	f.enqueue(t, uniqueNote{Key: "b"})
	f.enqueueIn(t, newWorkspace(), note{})
	c.forward(time.Minute)

	h, err := f.Health(t.Context(), f.ws)

	require.NoError(t, err)
	require.Len(t, h.Kinds, 2)
	failed, fine := h.Kinds[0], h.Kinds[1]
	require.Equal(t, KindHealth{Kind: "note", Failed: 1}, failed)
	require.Equal(t, []any{"unique_note", 1, 1}, []any{fine.Kind, fine.Pending, fine.Done24h})
	require.InDelta(t, 60, fine.OldestPendingAge, 10)
	require.Positive(t, fine.P50)
	require.GreaterOrEqual(t, fine.P95, fine.P50)
	require.WithinDuration(t, time.Now(), h.LastTick, time.Minute, "running what is due is a sign of life")
}

func TestPurgingSparesWhatNobodyHasDecidedAbout(t *testing.T) {
	t.Parallel()
	r := failing(Permanent(errors.New("no")), Kind{})
	Handle(r, Kind{}, func(context.Context, Run, uniqueNote) error { return nil })
	f := newFixture(t, r)
	dead, kept := f.enqueue(t, note{}), port.JobID("")
	for range 5 {
		f.enqueueIn(t, newWorkspace(), uniqueNote{Key: "old"})
	}
	f.runDue(t)
	f.exec(t, "update jobs set finished_at = now() - interval '31 days' where state in ('done', 'dead')")
	kept = f.enqueue(t, uniqueNote{Key: "new"})
	f.runDue(t)

	n, err := f.PurgeFinished(t.Context(), time.Now().Add(-30*24*time.Hour))

	require.NoError(t, err)
	require.Equal(t, 5, n)
	require.Equal(t, StateDead, f.job(t, dead).State)
	require.Equal(t, StateDone, f.job(t, kept).State)
}

func TestTheDashboardAnswersUnderItsRoot(t *testing.T) {
	t.Parallel()
	mini := miniredis.RunT(t)
	h := Dashboard(asynq.RedisClientOpt{Addr: mini.Addr()}, "/ops/queues")
	for _, path := range []string{"/ops/queues", "/ops/queues/api/queues"} {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		require.Equal(t, 200, answer.Code, path)
	}
}
