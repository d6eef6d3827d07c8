package queue

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// blocking handlers tell that they have begun and wait for the end of their context.
func blocking(k Kind) (r *Registry, begun chan context.Context) {
	r, begun = NewRegistry(), make(chan context.Context, 10)
	Handle(r, k, func(ctx context.Context, _ Run, _ note) error {
		begun <- ctx
		<-ctx.Done()
		return ctx.Err()
	})
	return r, begun
}

func stopWithin(w *Worker, d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	w.Stop(ctx)
}

func TestStoppingHandsAnUnfinishedJobBackUncounted(t *testing.T) {
	t.Parallel()
	r, begun := blocking(Kind{})
	f := newFixture(t, r, withMini(t))
	id := f.enqueue(t, note{})
	f.feed(t)
	w := NewWorker(f.Ledger)
	require.NoError(t, w.Start())
	<-begun

	stopWithin(w, 10*time.Millisecond)

	j := f.job(t, id)
	require.Equal(t, StatePending, j.State)
	require.Zero(t, j.Attempt)
}

func TestStoppingWaitsForARunningJob(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{})
	r := NewRegistry()
	Handle(r, Kind{}, func(ctx context.Context, _ Run, _ note) error {
		close(begun)
		pause(ctx, 50*time.Millisecond)
		return ctx.Err()
	})
	f := newFixture(t, r, withMini(t))
	id := f.enqueue(t, note{})
	f.feed(t)
	w := NewWorker(f.Ledger)
	require.NoError(t, w.Start())
	<-begun

	stopWithin(w, 20*time.Second)

	require.Equal(t, StateDone, f.job(t, id).State)
}

func TestStoppingParksAnUnfinishedJobThatMustNotRunTwice(t *testing.T) {
	t.Parallel()
	r, begun := blocking(Kind{Once: true})
	f := newFixture(t, r, withMini(t))
	id := f.enqueue(t, note{})
	f.feed(t)
	w := NewWorker(f.Ledger)
	require.NoError(t, w.Start())
	<-begun
	stopWithin(w, 10*time.Millisecond)
	require.Equal(t, StateUnknown, f.job(t, id).State)
}

func TestAnAttemptEndsAtItsTimeout(t *testing.T) {
	t.Parallel()
	r, _ := blocking(Kind{Timeout: 20 * time.Millisecond})
	f := newFixture(t, r)
	id := f.enqueue(t, note{})
	_, failed := f.runDue(t)
	require.Equal(t, 1, failed)
	require.Equal(t, StatePending, f.job(t, id).State)
}

func TestADeafHandlerIsAbandonedAndCanCommitNothing(t *testing.T) {
	t.Parallel()
	wake, late := make(chan struct{}), make(chan error, 1)
	var f *fixture
	r := NewRegistry()
	Handle(r, Kind{Timeout: 10 * time.Millisecond, MaxAttempts: 1}, func(ctx context.Context, run Run, _ note) error {
		<-wake
		late <- f.db.InTx(context.WithoutCancel(ctx), run.Workspace, func(context.Context) error { return nil })
		return nil
	})
	f = newFixture(t, r, func(c *Config) {
		c.Tuning = Tuning{Grace: 10 * time.Millisecond, Lease: 100 * time.Millisecond}
	})
	id := f.enqueue(t, note{})

	f.runDue(t)

	require.Equal(t, StateRunning, f.job(t, id).State, "it may be inside a transaction")
	require.Eventually(t, func() bool {
		n, err := f.reclaim(t.Context())
		return err == nil && n == 1
	}, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, StateDead, f.job(t, id).State)
	close(wake)
	require.ErrorIs(t, <-late, postgres.ErrFenced)
}

func TestAHandlerHearsThatItsLeaseIsLost(t *testing.T) {
	t.Parallel()
	r, begun := blocking(Kind{})
	f := newFixture(t, r, withMini(t), withQuick)
	id := f.enqueue(t, note{})
	f.start(t)
	ctx := <-begun
	require.NoError(t, f.Cancel(t.Context(), id))
	require.Eventually(t, func() bool { return errors.Is(context.Cause(ctx), errLost) }, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, StateCancelled, f.job(t, id).State)
}

func TestALongJobKeepsItsLease(t *testing.T) {
	t.Parallel()
	r := NewRegistry()
	Handle(r, Kind{}, func(ctx context.Context, _ Run, _ note) error {
		pause(ctx, 800*time.Millisecond)
		return ctx.Err()
	})
	f := newFixture(t, r, withMini(t), func(c *Config) {
		c.Tuning = Tuning{Lease: 300 * time.Millisecond, Heartbeat: 50 * time.Millisecond, Tick: 20 * time.Millisecond}
	})
	id := f.enqueue(t, note{})
	f.start(t)
	require.Eventually(t, func() bool { return f.job(t, id).State == StateDone }, 20*time.Second, 20*time.Millisecond)
	require.Equal(t, 1, f.job(t, id).Attempt)
}

func TestAJobWhoseResultWasNotWrittenIsTakenBackWhileItsWorkerLives(t *testing.T) {
	t.Parallel()
	r := NewRegistry()
	Handle(r, Kind{}, func(_ context.Context, run Run, _ note) error {
		if run.Attempt == 1 {
			return postgres.ErrFenced // as when the fence refuses for a reason that is not the lease
		}
		return nil
	})
	Handle(r, Kind{}, func(ctx context.Context, _ Run, _ uniqueNote) error { <-ctx.Done(); return nil })
	f := newFixture(t, r, withMini(t), withQuick)
	f.enqueue(t, uniqueNote{}) // keeps the heartbeat going
	id := f.enqueue(t, note{})
	f.start(t)
	require.Eventually(t, func() bool { return f.job(t, id).State == StateDone }, 60*time.Second, 20*time.Millisecond)
}

func TestALeaseIsNotTakenAwayFromUnderAnOpenTransaction(t *testing.T) {
	t.Parallel()
	var f *fixture
	r := NewRegistry()
	Handle(r, Kind{}, func(ctx context.Context, run Run, _ note) error {
		return f.db.InTx(ctx, run.Workspace, func(ctx context.Context) error {
			_, err := postgres.Exec(ctx, "select") // opens it
			require.NoError(t, err)
			f.exec(t, "update jobs set lease_until = now() - interval '1 minute'")
			n, err := f.reclaim(context.Background())
			require.NoError(t, err)
			require.Zero(t, n)
			return f.Finish(ctx)
		})
	})
	f = newFixture(t, r)
	id := f.enqueue(t, note{})
	f.runDue(t)
	require.Equal(t, StateDone, f.job(t, id).State)
}

func TestAFinishThatRollsBackDidNotHappen(t *testing.T) {
	t.Parallel()
	var f *fixture
	r := NewRegistry()
	Handle(r, Kind{}, func(ctx context.Context, run Run, _ note) error {
		return f.db.InTx(ctx, run.Workspace, func(ctx context.Context) error {
			return errors.Join(f.Finish(ctx), errors.New("after all not"))
		})
	})
	f = newFixture(t, r)
	id := f.enqueue(t, note{})
	f.runDue(t)
	require.Equal(t, StatePending, f.job(t, id).State)
}

func TestFinishOutsideAJobDoesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, NewRegistry())
	require.NoError(t, f.Finish(t.Context()))
}

func TestAnExpiredLeaseOnTheLastAttemptIsTheEnd(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noting(&seen{}, Kind{MaxAttempts: 1}))
	id := f.enqueue(t, note{})
	f.exec(t, "update jobs set state = 'running', attempt = 1, lease_until = now() - interval '1 second'")
	_, err := f.reclaim(t.Context())
	require.NoError(t, err)
	require.Equal(t, StateDead, f.job(t, id).State)
}

func TestAWorkerStartsWithoutRedisAndWorksWhenItComes(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	server.kill(t)
	f := newFixture(t, noting(&seen{}, Kind{}), withRedis(server))
	f.start(t)
	id := f.enqueue(t, note{})
	server.start(t)
	require.Eventually(t, func() bool { return f.job(t, id).State == StateDone }, 30*time.Second, 20*time.Millisecond)
}

func TestTheLeadPassesOnWhenItsHolderStops(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noting(&seen{}, Kind{}), withMini(t))
	first, second := NewFeeder(f.Ledger), NewFeeder(newFixtureAt(t, f.url, NewRegistry(), withMini(t)).Ledger)
	first.Start()
	ticking := func() bool { return f.count(t, "job_feeder where ticked_at > now() - interval '3 seconds'") == 1 }
	require.Eventually(t, ticking, 10*time.Second, 10*time.Millisecond)
	second.Start()
	t.Cleanup(second.Stop)
	first.Stop()
	f.exec(t, "delete from job_feeder")
	require.Eventually(t, ticking, 10*time.Second, 10*time.Millisecond)
}

func TestRunsAreCountedByKindAndOutcome(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewPedanticRegistry()
	f := newFixture(t, failing(errors.New("no"), Kind{MaxAttempts: 1}), func(c *Config) { c.Metrics = reg })
	f.enqueue(t, note{})
	f.runDue(t)
	families, err := reg.Gather()
	require.NoError(t, err)
	var runs string
	for _, family := range families {
		if family.GetName() == "tertulia_job_runs_total" {
			runs = family.String()
		}
	}
	require.Regexp(t, `name:"kind"\s+value:"note".*name:"outcome"\s+value:"dead".*value:1\b`, runs)
}
