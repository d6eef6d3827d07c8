package operationsuc_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/adapter/operations/operationspg"
	"github.com/tertulia-dev/tertulia/adapter/operations/operationstask"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/operations"
	"github.com/tertulia-dev/tertulia/infrastructure/idempotency"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	operationsuc "github.com/tertulia-dev/tertulia/usecase/operations"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// chore fails until it is mended.
type chore struct{}

func (chore) Kind() string { return "chore" }

// sweeper deletes one file a workspace, except where it is told to fail.
type sweeper struct{ failing map[kernel.WorkspaceID]error }

func (s sweeper) Execute(_ context.Context, ws kernel.WorkspaceID) (int, error) {
	if err := s.failing[ws]; err != nil {
		return 0, err
	}
	return 1, nil
}

type system struct {
	*operationsuc.UseCases

	db            *postgres.DB
	ledger        *queue.Ledger
	clock         *clock
	media         sweeper
	broken        error // what chores fail with
	mine, theirs  kernel.WorkspaceID
	admin, rep    kernel.Principal
	other, timer  kernel.Principal
	handlerCalled atomic.Int32
}

func newSystem(t *testing.T) *system {
	t.Helper()
	s := &system{
		db: pgtest.New(t), clock: &clock{now: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)},
		media: sweeper{failing: map[kernel.WorkspaceID]error{}},
	}
	s.mine, s.theirs = s.workspace(t, "mine"), s.workspace(t, "theirs")
	s.admin = kernel.Principal{Kind: kernel.Person, Workspace: s.mine, Role: kernel.Admin}
	s.rep = kernel.Principal{Kind: kernel.Person, Workspace: s.mine, Role: kernel.Rep}
	s.other = kernel.Principal{Kind: kernel.Person, Workspace: s.theirs, Role: kernel.Admin}
	s.timer = kernel.Principal{Kind: kernel.Scheduler, Workspace: s.mine}
	registry := queue.NewRegistry()
	var err error
	s.ledger, err = queue.NewLedger(queue.Config{
		DB: s.db, Registry: registry, Logger: slog.New(slog.DiscardHandler), Now: s.clock.Now,
	})
	require.NoError(t, err)
	s.UseCases = operationsuc.New(
		operationstask.Ledger{Ledger: s.ledger}, operationstask.Purger{Ledger: s.ledger, Keys: idempotency.Keys{}, Tx: s.db},
		operationsuc.Sweepers{Meter: s.media, Media: s.media, Calls: s.media}, operationspg.NewWorkspaces(s.db), s.clock, 30,
	)
	operationstask.Register(registry, s.UseCases, s.db, s.ledger, s.clock)
	queue.Handle(registry, queue.Kind{MaxAttempts: 1}, func(context.Context, queue.Run, chore) error {
		s.handlerCalled.Add(1)
		return s.broken
	})
	return s
}

func (s *system) workspace(t *testing.T, slug string) kernel.WorkspaceID {
	t.Helper()
	w := identity.Workspace{
		ID: kernel.WorkspaceID(uuid.NewString()), Name: slug, Slug: slug, Timezone: "UTC", Language: "es", CreatedAt: s.clock.now,
	}
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error { return identitypg.Workspaces{}.Add(ctx, w) }))
	return w.ID
}

func (s *system) enqueue(t *testing.T, ws kernel.WorkspaceID) string {
	t.Helper()
	var id port.JobID
	require.NoError(t, s.db.InTx(t.Context(), ws, func(ctx context.Context) (err error) {
		id, err = s.ledger.Enqueue(ctx, ws, chore{})
		return err
	}))
	return string(id)
}

// run is one round of the scheduler.
func (s *system) run(t *testing.T) (processed, failed int) {
	t.Helper()
	processed, failed, err := s.ProcessQueue.Execute(t.Context(), s.timer)
	require.NoError(t, err)
	return processed, failed
}

func (s *system) count(t *testing.T, from string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, s.db.SystemPool().QueryRow(t.Context(), "select count(*) from "+from, args...).Scan(&n))
	return n
}

func TestTheSchedulersRoundRunsWhatIsDueAndTellsWhatFailed(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.enqueue(t, s.mine)
	s.enqueue(t, s.theirs)
	processed, failed := s.run(t)
	require.Equal(t, [2]int{2, 0}, [2]int{processed, failed})

	s.broken = errors.New("broken")
	s.enqueue(t, s.mine)
	processed, failed = s.run(t)
	require.Equal(t, [2]int{0, 1}, [2]int{processed, failed})
	processed, failed = s.run(t)
	require.Equal(t, [2]int{0, 0}, [2]int{processed, failed})
}

func TestOnlyTheSchedulerRunsTheQueueAndTheSweep(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for _, p := range []kernel.Principal{s.admin, s.rep, {Kind: kernel.Service, Workspace: s.mine, Role: kernel.Admin}, {}} {
		_, _, err := s.ProcessQueue.Execute(t.Context(), p)
		require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
		_, err = s.Cleanup.Execute(t.Context(), p)
		require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
	}
}

func TestADeadJobIsReplayedOrDiscardedByAnAdminOfItsWorkspace(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.broken = errors.New("broken")
	id := s.enqueue(t, s.mine)
	s.run(t)

	for _, c := range []struct {
		actor kernel.Principal
		id    string
		code  fault.Code
	}{
		{s.rep, id, fault.ForbiddenCode},
		{s.other, id, operations.JobNotFound},
		{s.admin, uuid.NewString(), operations.JobNotFound},
		{s.admin, "no-id", operations.JobNotFound},
	} {
		for _, d := range []operationsuc.Decision{operationsuc.Replay, operationsuc.Cancel, operationsuc.Discard} {
			_, err := s.DecideJob.Execute(t.Context(), c.actor, c.id, d)
			require.Equal(t, c.code, fault.CodeOf(err))
		}
		_, err := s.Queries.Job(t.Context(), c.actor, c.id)
		require.Equal(t, c.code, fault.CodeOf(err))
	}
	_, err := s.DecideJob.Execute(t.Context(), s.admin, id, operationsuc.Cancel)
	require.Equal(t, operations.JobNotInState, fault.CodeOf(err))

	job, err := s.DecideJob.Execute(t.Context(), s.admin, id, operationsuc.Replay)
	require.NoError(t, err)
	require.Equal(t, operations.JobState("pending"), job.State)
	_, err = s.DecideJob.Execute(t.Context(), s.admin, id, operationsuc.Replay)
	require.Equal(t, operations.JobNotInState, fault.CodeOf(err), "twice")
	s.broken = nil
	s.run(t)
	require.EqualValues(t, 2, s.handlerCalled.Load())
	job, err = s.Queries.Job(t.Context(), s.admin, id)
	require.NoError(t, err)
	require.Equal(t, operations.JobState("done"), job.State)

	s.broken = errors.New("broken")
	dead := s.enqueue(t, s.mine)
	s.run(t)
	job, err = s.DecideJob.Execute(t.Context(), s.admin, dead, operationsuc.Discard)
	require.NoError(t, err)
	require.Equal(t, operations.JobState("cancelled"), job.State)
}

func TestAListPagesThroughTheWorkspacesOwnJobs(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var want []string
	for range 5 {
		want = append([]string{s.enqueue(t, s.mine)}, want...)
	}
	s.enqueue(t, s.theirs)

	var seen []string
	for cursor, first := kernel.Cursor(""), true; first || cursor != ""; first = false {
		jobs, next, err := s.Queries.Jobs(t.Context(), s.admin, operationsuc.JobFilter{Kind: "chore", State: "pending"}, kernel.Page{Limit: 2, Cursor: cursor})
		require.NoError(t, err)
		for _, j := range jobs {
			seen = append(seen, j.ID)
		}
		cursor = next
	}
	require.Equal(t, want, seen)
	jobs, _, err := s.Queries.Jobs(t.Context(), s.admin, operationsuc.JobFilter{State: "dead"}, kernel.Page{})
	require.NoError(t, err)
	require.Empty(t, jobs)
	_, _, err = s.Queries.Jobs(t.Context(), s.admin, operationsuc.JobFilter{}, kernel.Page{Cursor: "bad"})
	require.Equal(t, fault.Validation, fault.CodeOf(err))
	_, _, err = s.Queries.Jobs(t.Context(), s.rep, operationsuc.JobFilter{}, kernel.Page{})
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
}

func TestHealthCountsTheWorkspacesOwnJobs(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.enqueue(t, s.theirs)
	s.enqueue(t, s.mine)
	s.clock.now = s.clock.now.Add(time.Minute)

	h, err := s.Queries.Health(t.Context(), s.admin)
	require.NoError(t, err)
	kinds := map[string]operations.KindHealth{}
	for _, k := range h.Kinds {
		kinds[k.Kind] = k
	}
	require.Equal(t, 1, kinds["chore"].Pending)
	require.InDelta(t, 60, kinds["chore"].OldestPendingAgeSeconds, 0.01)
	require.Contains(t, kinds, "cleanup_storage", "a kind that has never run is shown as well")
	_, err = s.Queries.Health(t.Context(), s.rep)
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
}

func TestASweepDeletesWhatIsOldInEveryWorkspaceWhateverFailsInOne(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.enqueue(t, s.mine)
	s.enqueue(t, s.theirs)
	s.run(t)
	s.broken = errors.New("broken")
	s.enqueue(t, s.mine)
	s.run(t)
	s.clock.now = s.clock.now.AddDate(0, 0, 31)
	s.media.failing[s.mine] = errors.New("the store is down")

	cleaned, err := s.Cleanup.Execute(t.Context(), s.timer)
	require.ErrorContains(t, err, "the store is down")
	require.Equal(t, operationsuc.Cleaned{Media: 1, Calls: 1, Jobs: 2}, cleaned)
	require.Equal(t, 1, s.count(t, "jobs where state = 'dead'"), "what waits for a decision is kept")

	delete(s.media.failing, s.mine)
	cleaned, err = s.Cleanup.Execute(t.Context(), s.timer)
	require.NoError(t, err)
	require.Equal(t, operationsuc.Cleaned{Media: 2, Calls: 2}, cleaned)
}

func TestTheDailySweepGoesOnForEverAndOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for range 3 { // as many workers as there are start it
		require.NoError(t, operationstask.EnsureCleanup(t.Context(), s.mine, s.db, s.ledger, s.clock))
	}
	pending := func() int { return s.count(t, "jobs where kind = 'cleanup_storage' and state = 'pending'") }
	require.Equal(t, 1, pending())
	s.clock.now = s.clock.now.Add(25 * time.Hour)
	s.run(t)
	require.Equal(t, 1, pending())
	require.Equal(t, 1, s.count(t, "jobs where kind = 'cleanup_storage' and state = 'done'"))

	s.media.failing[s.mine] = errors.New("the store is down")
	for range 2 * 10 { // twice as many attempts as it has
		s.clock.now = s.clock.now.Add(20 * time.Minute)
		s.run(t)
	}
	s.clock.now = s.clock.now.Add(25 * time.Hour)
	for range 20 {
		s.clock.now = s.clock.now.Add(20 * time.Minute)
		s.run(t)
	}
	require.Equal(t, 1, s.count(t, "jobs where kind = 'cleanup_storage' and state = 'dead'"))
	require.Equal(t, 1, pending(), "tomorrow's is not lost with today's")
}
