package queue

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// seen gathers what handlers were called with.
type seen struct {
	mu   sync.Mutex
	list []string
}

func (s *seen) add(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, text)
}

func (s *seen) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.list...)
}

func noting(s *seen, k Kind) *Registry {
	r := NewRegistry()
	Handle(r, k, func(_ context.Context, _ Run, n note) error { s.add(n.Text); return nil })
	return r
}

func failing(err error, k Kind) *Registry {
	r := NewRegistry()
	Handle(r, k, func(context.Context, Run, note) error { return err })
	return r
}

func TestACommittedJobRunsOnce(t *testing.T) {
	t.Parallel()
	var ran seen
	f := newFixture(t, noting(&ran, Kind{}))
	id := f.enqueue(t, note{Text: "hello"})

	processed, failed := f.runDue(t)

	require.Equal(t, []int{1, 0}, []int{processed, failed})
	require.Equal(t, []string{"hello"}, ran.all())
	j := f.job(t, id)
	require.Equal(t, StateDone, j.State)
	require.Equal(t, 1, j.Attempt)
	require.False(t, j.FinishedAt.Before(j.StartedAt))
}

func TestARolledBackJobDoesNotExist(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noting(&seen{}, Kind{}))
	refused := errors.New("changed my mind")

	err := f.db.InTx(t.Context(), f.ws, func(ctx context.Context) error {
		_, err := f.Enqueue(ctx, f.ws, note{})
		require.NoError(t, err)
		return refused
	})

	require.ErrorIs(t, err, refused)
	require.Zero(t, f.count(t, "jobs"))
}

func TestEnqueueOutsideATransactionIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noting(&seen{}, Kind{}))
	_, err := f.Enqueue(t.Context(), f.ws, note{})
	require.ErrorIs(t, err, postgres.ErrNoWorkspace)
}

func TestAKindWithoutAHandlerIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t, NewRegistry())
	err := f.db.InTx(t.Context(), f.ws, func(ctx context.Context) error {
		_, err := f.Enqueue(ctx, f.ws, note{})
		return err
	})
	require.ErrorContains(t, err, `kind "note" has no handler`)
}

func TestAJobWaitsForItsTime(t *testing.T) {
	t.Parallel()
	var ran seen
	var c clock
	f := newFixture(t, noting(&ran, Kind{}), withClock(&c))
	f.enqueue(t, note{Text: "later"}, port.At(c.now().Add(time.Hour)))

	f.runDue(t)
	require.Empty(t, ran.all())

	c.forward(time.Hour)
	f.runDue(t)
	require.Equal(t, []string{"later"}, ran.all())
}

func TestAPendingUniqueJobIsNotDoubled(t *testing.T) {
	t.Parallel()
	var ran seen
	r := NewRegistry()
	Handle(r, Kind{}, func(_ context.Context, _ Run, n uniqueNote) error { ran.add(n.Key); return nil })
	f := newFixture(t, r)

	first := f.enqueue(t, uniqueNote{Key: "a"})
	require.Equal(t, first, f.enqueue(t, uniqueNote{Key: "a"}))
	require.NotEqual(t, first, f.enqueue(t, uniqueNote{Key: "b"}))
	require.NotEqual(t, first, f.enqueueIn(t, newWorkspace(), uniqueNote{Key: "a"}))

	f.runDue(t)
	require.ElementsMatch(t, []string{"a", "b", "a"}, ran.all())
	require.NotEqual(t, first, f.enqueue(t, uniqueNote{Key: "a"}), "a finished job does not stand in the way")
}

func TestAJobThatIsAddedIsTheOneThatIsEnqueued(t *testing.T) {
	t.Parallel()
	var ran seen
	r := NewRegistry()
	Handle(r, Kind{}, func(_ context.Context, _ Run, n uniqueNote) error { ran.add(n.Key); return nil })
	Handle(r, Kind{}, func(_ context.Context, _ Run, n note) error { ran.add(n.Text); return nil })
	f := newFixture(t, r)
	f.enqueue(t, uniqueNote{Key: "a"})

	require.NoError(t, f.db.InTx(t.Context(), f.ws, func(ctx context.Context) error {
		return errors.Join(f.Add(ctx, f.ws, uniqueNote{Key: "a"}), f.Add(ctx, f.ws, uniqueNote{Key: "b"}), f.Add(ctx, f.ws, note{Text: "c"}))
	}))
	require.ErrorIs(t, f.Add(t.Context(), f.ws, uniqueNote{}), postgres.ErrNoWorkspace)

	require.Equal(t, 3, f.count(t, "jobs"))
	f.runDue(t)
	require.ElementsMatch(t, []string{"a", "b", "c"}, ran.all())
}

func TestAUniqueJobIsNotClaimedWhileItsSecondAskerIsUncommitted(t *testing.T) {
	t.Parallel()
	var ran seen
	r := NewRegistry()
	Handle(r, Kind{}, func(_ context.Context, _ Run, n uniqueNote) error { ran.add(n.Key); return nil })
	f := newFixture(t, r)
	f.enqueue(t, uniqueNote{Key: "a"})

	require.NoError(t, f.db.InTx(t.Context(), f.ws, func(ctx context.Context) error {
		_, err := f.Enqueue(ctx, f.ws, uniqueNote{Key: "a"})
		require.NoError(t, err)
		_, _, err = f.RunDue(context.Background(), 100*time.Millisecond)
		require.NoError(t, err)
		require.Empty(t, ran.all(), "it would miss what this transaction is about to change")
		return nil
	}))
	f.runDue(t)
	require.Equal(t, []string{"a"}, ran.all())
}

func TestAnEarlierTimePullsAPendingUniqueJobForward(t *testing.T) {
	t.Parallel()
	r := NewRegistry()
	Handle(r, Kind{}, func(context.Context, Run, uniqueNote) error { return nil })
	f := newFixture(t, r)
	id := f.enqueue(t, uniqueNote{Key: "a"}, port.At(time.Now().Add(time.Hour)))
	require.Equal(t, id, f.enqueue(t, uniqueNote{Key: "a"}))
	f.runDue(t)
	require.Equal(t, StateDone, f.job(t, id).State)
}

func TestARetryThatMeetsANewerJobWithItsKeyIsSuperseded(t *testing.T) {
	t.Parallel()
	r := NewRegistry()
	var f *fixture
	Handle(r, Kind{}, func(ctx context.Context, run Run, n uniqueNote) error {
		if n.Key != "twice" || run.Attempt > 1 || f.count(t, "jobs") > 1 {
			return nil
		}
		return errors.Join(errors.New("try again"), f.db.InTx(ctx, run.Workspace, func(ctx context.Context) error {
			_, err := f.Enqueue(ctx, run.Workspace, n, port.At(time.Now().Add(time.Minute)))
			return err
		}))
	})
	f = newFixture(t, r)
	id := f.enqueue(t, uniqueNote{Key: "twice"})
	f.runDue(t)
	require.Equal(t, StateCancelled, f.job(t, id).State)
	require.Equal(t, 1, f.count(t, "jobs where state = 'pending'"))
}

func TestAFailureIsRetriedAfterItsBackoff(t *testing.T) {
	t.Parallel()
	var c clock
	k := Kind{MaxAttempts: 3, Backoff: func(n int) time.Duration { return time.Duration(n) * time.Hour }}
	f := newFixture(t, failing(fault.New(fault.Upstream, "VENDOR_DOWN"), k), withClock(&c))
	id := f.enqueue(t, note{})

	for attempt := 1; attempt <= 2; attempt++ {
		before := c.now()
		_, failed := f.runDue(t)
		require.Equal(t, 1, failed)
		j := f.job(t, id)
		require.Equal(t, StatePending, j.State)
		require.Equal(t, attempt, j.Attempt)
		require.WithinDuration(t, before.Add(time.Duration(attempt)*time.Hour), j.RunAt, 5*time.Second)
		require.Contains(t, j.LastError, "VENDOR_DOWN")
		c.forward(time.Duration(attempt)*time.Hour + time.Minute)
	}
	f.runDue(t)
	require.Equal(t, StateDead, f.job(t, id).State, "the third attempt was the last")
}

func TestAnErrorDecidesTheFateOfAJob(t *testing.T) {
	t.Parallel()
	plain := errors.New("boom")
	for name, c := range map[string]struct {
		err  error
		once bool
		want State
	}{
		"internal":                   {plain, false, StatePending},
		"unavailable":                {fault.New(fault.Unavailable, "X"), false, StatePending},
		"rate limited":               {fault.New(fault.RateLimited, "X"), false, StatePending},
		"invalid":                    {fault.New(fault.Invalid, "X"), false, StateDead},
		"not found":                  {fault.New(fault.NotFound, "X"), false, StateDead},
		"conflict":                   {fault.New(fault.Conflict, "X"), false, StateDead},
		"gone":                       {fault.New(fault.Gone, "X"), false, StateDead},
		"permanent":                  {Permanent(plain), false, StateDead},
		"unknown":                    {Unknown(plain), false, StateUnknown},
		"retry after":                {RetryAfter(fault.New(fault.Conflict, "X"), time.Hour), false, StatePending},
		"once, doubtful":             {fault.New(fault.Upstream, "X"), true, StateUnknown},
		"once, refused":              {fault.New(fault.Invalid, "X"), true, StateDead},
		"once, not begun":            {RetryAfter(plain, time.Hour), true, StatePending},
		"once, turned away":          {fault.New(fault.RateLimited, "X"), true, StatePending},
		"a fenced transaction: lost": {postgres.ErrFenced, false, StateRunning},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, failing(c.err, Kind{Once: c.once}))
			id := f.enqueue(t, note{})
			f.runDue(t)
			require.Equal(t, c.want, f.job(t, id).State)
		})
	}
}

func TestAPanicIsAFailureAndItsWordsStayPrivate(t *testing.T) {
	t.Parallel()
	r := NewRegistry()
	Handle(r, Kind{MaxAttempts: 1}, func(context.Context, Run, note) error { panic("ana@example.com") })
	f := newFixture(t, r)
	id := f.enqueue(t, note{})
	f.runDue(t)
	j := f.job(t, id)
	require.Equal(t, StateDead, j.State)
	require.Equal(t, "handler panicked with a string", j.LastError)
}

func TestBackoffDoublesWithJitterUpToItsLimit(t *testing.T) {
	t.Parallel()
	pause := Exponential(2*time.Second, time.Minute)
	for attempt, longest := range map[int]time.Duration{1: 2 * time.Second, 3: 8 * time.Second, 6: time.Minute, 400: time.Minute} {
		for range 50 {
			d := pause(attempt)
			require.GreaterOrEqual(t, d, longest/2)
			require.LessOrEqual(t, d, longest)
		}
	}
}
