package queue

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

func (f *fixture) record(ctx context.Context, ws kernel.WorkspaceID, stream, eventType string) error {
	return f.db.InTx(ctx, ws, func(ctx context.Context) error {
		lock := "select pg_advisory_xact_lock(hashtext(?))" // stands for the aggregate's row lock
		if _, err := postgres.Conn(ctx).NewRaw(lock, stream).Exec(ctx); err != nil {
			return err
		}
		return f.Record(ctx, port.Event{Workspace: ws, Stream: stream, Type: eventType, Payload: map[string]string{"a": "b"}})
	})
}

// subscribing notes every event of the types as "<stream> <version>".
func subscribing(types ...string) *Registry {
	r := noting(&seen{}, Kind{})
	r.Subscribe("first", types, func(e Recorded) port.Job {
		return note{Text: e.Stream + " " + strconv.FormatInt(e.Version, 10)}
	})
	return r
}

func (f *fixture) notes(t *testing.T) []string {
	t.Helper()
	rows, err := f.pool.Query(t.Context(), "select payload->>'text' from jobs order by id")
	require.NoError(t, err)
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		require.NoError(t, rows.Scan(&text))
		list = append(list, text)
	}
	require.NoError(t, rows.Err())
	return list
}

func TestEventsAreDispatchedOnceInVersionOrder(t *testing.T) {
	t.Parallel()
	f := newFixture(t, subscribing())
	other := newFixtureAt(t, f.url, subscribing())
	var work errgroup.Group
	for stream := range 8 {
		work.Go(func() error {
			for range 40 {
				if err := f.record(context.Background(), f.ws, "meeting/"+strconv.Itoa(stream), "meeting.changed"); err != nil {
					return err
				}
			}
			return nil
		})
	}
	dispatching := func(l *Ledger) func() error {
		return func() error {
			for f.count(t, "events where dispatched_at is not null") < 320 {
				if _, err := l.dispatch(context.Background()); err != nil {
					return err
				}
			}
			return nil
		}
	}
	work.Go(dispatching(f.Ledger))
	work.Go(dispatching(other.Ledger))
	require.NoError(t, work.Wait())

	got := f.notes(t)
	require.Len(t, got, 320)
	for stream := range 8 {
		prefix := "meeting/" + strconv.Itoa(stream) + " "
		mine := slices.DeleteFunc(slices.Clone(got), func(s string) bool { return s[:len(prefix)] != prefix })
		for i, text := range mine {
			require.Equal(t, prefix+strconv.Itoa(i+1), text)
		}
		require.Len(t, mine, 40)
	}
}

func TestARolledBackEventIsNotDispatched(t *testing.T) {
	t.Parallel()
	f := newFixture(t, subscribing())
	refused := errors.New("no")
	require.ErrorIs(t, f.db.InTx(t.Context(), f.ws, func(ctx context.Context) error {
		require.NoError(t, f.Record(ctx, port.Event{Workspace: f.ws, Stream: "meeting/1", Type: "x"}))
		return refused
	}), refused)
	n, err := f.dispatch(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestASubscriberSeesItsTypesOnly(t *testing.T) {
	t.Parallel()
	f := newFixture(t, subscribing("meeting.completed"))
	require.NoError(t, f.record(t.Context(), f.ws, "meeting/1", "meeting.scheduled"))
	require.NoError(t, f.record(t.Context(), f.ws, "meeting/1", "meeting.completed"))
	_, err := f.dispatch(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"meeting/1 2"}, f.notes(t))
}

func TestAFailingSubscriberHoldsUpItsStreamOnly(t *testing.T) {
	t.Parallel()
	broken := true
	r := noting(&seen{}, Kind{})
	r.Subscribe("fussy", nil, func(e Recorded) port.Job {
		if broken && e.Type == "poison" {
			panic("cannot decode")
		}
		return note{Text: e.Stream + " " + strconv.FormatInt(e.Version, 10)}
	})
	later := &clock{}
	f := newFixture(t, r, withClock(later))
	require.NoError(t, f.record(t.Context(), f.ws, "a", "poison"))
	require.NoError(t, f.record(t.Context(), f.ws, "a", "fine"))
	require.NoError(t, f.record(t.Context(), f.ws, "b", "fine"))

	_, err := f.dispatch(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"b 1"}, f.notes(t))

	broken = false
	later.forward(2 * time.Second)
	_, err = f.dispatch(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"b 1", "a 1", "a 2"}, f.notes(t))
}

func TestEventsThatKeepFailingDoNotHoldUpOtherStreams(t *testing.T) {
	t.Parallel()
	r := noting(&seen{}, Kind{})
	attempts := map[string]int{}
	r.Subscribe("fussy", nil, func(e Recorded) port.Job {
		attempts[e.Stream]++
		if e.Type == "poison" {
			panic("cannot decode")
		}
		return note{Text: e.Stream + " " + strconv.FormatInt(e.Version, 10)}
	})
	later := &clock{}
	f := newFixture(t, r, withClock(later))
	const poisoned = dispatchBatch + 100
	for i := range poisoned {
		require.NoError(t, f.record(t.Context(), f.ws, "bad/"+strconv.Itoa(i), "poison"))
	}
	for range 2 {
		require.NoError(t, f.record(t.Context(), f.ws, "good", "fine"))
	}
	round := func() (taken int) {
		for range 3 {
			n, err := f.dispatch(t.Context())
			require.NoError(t, err)
			taken += n
		}
		return taken
	}

	require.Equal(t, poisoned+2, round())
	require.Equal(t, []string{"good 1", "good 2"}, f.notes(t))
	require.Zero(t, round(), "what failed is left alone for a while")
	later.forward(2 * time.Second)
	require.NoError(t, f.record(t.Context(), f.ws, "good", "fine"))
	require.Equal(t, poisoned+1, round())
	require.Equal(t, 2, attempts["bad/7"])
	later.forward(time.Second)
	require.Zero(t, round(), "and after a second failure for longer")
	require.Equal(t, poisoned, f.count(t, "events where dispatched_at is null and failures = 2"))
}

func TestVersionsGoOnAfterAPurge(t *testing.T) {
	t.Parallel()
	f := newFixture(t, subscribing())
	for range 3 {
		require.NoError(t, f.record(t.Context(), f.ws, "a", "fine"))
	}
	_, err := f.dispatch(t.Context())
	require.NoError(t, err)
	n, err := f.PurgeEvents(t.Context(), time.Now().Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.NoError(t, f.record(t.Context(), f.ws, "a", "fine"))
	require.Equal(t, 1, f.count(t, "events where version = 4"))
}

func TestAJobAndAnEventCarryTheRequestOn(t *testing.T) {
	t.Parallel()
	const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	r := NewRegistry()
	var f *fixture
	var got []string
	Handle(r, Kind{}, func(ctx context.Context, run Run, _ note) error {
		got = append(got, run.RequestID, RequestID(ctx), traceparent(ctx)[:35])
		return f.record(ctx, run.Workspace, "a", "first")
	})
	Handle(r, Kind{}, func(ctx context.Context, run Run, _ uniqueNote) error {
		got = append(got, run.RequestID)
		return nil
	})
	r.Subscribe("second", []string{"first"}, func(Recorded) port.Job { return uniqueNote{} })
	f = newFixture(t, r)
	ctx := withOrigin(t.Context(), "req_7", parent)
	require.NoError(t, f.db.InTx(ctx, f.ws, func(ctx context.Context) error {
		_, err := f.Enqueue(ctx, f.ws, note{})
		return err
	}))
	f.runDue(t)
	require.Equal(t, []string{"req_7", "req_7", parent[:35], "req_7"}, got)
}
