package queue

import (
	"cmp"
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

// topical works on whatever waits in a topic.
type topical struct {
	Topic string `json:"topic"`
}

func (topical) Kind() string     { return "topical" }
func (j topical) Unique() string { return j.Topic }

// working takes what waits and has one effect an event.
func working(f **fixture, k Kind, untaken bool) *Registry {
	r := NewRegistry()
	Handle(r, k, func(ctx context.Context, run Run, j topical) error {
		waiting, err := (*f).Waiting(ctx, run.Workspace, "recall", j.Topic, 1000)
		if err != nil || len(waiting) == 0 {
			return err
		}
		ids := make([]string, len(waiting))
		for i, in := range waiting {
			ids[i] = in.EventID
		}
		return (*f).db.InTx(ctx, run.Workspace, func(ctx context.Context) error {
			taken := ids
			if !untaken {
				if taken, err = (*f).Take(ctx, run.Workspace, "recall", j.Topic, ids); err != nil {
					return err
				}
			}
			for _, id := range taken {
				if err := addEffect(ctx, id); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return r
}

// tell stores events of ten topics, each twice, from many senders.
func (f *fixture) tell(t *testing.T, events int) {
	t.Helper()
	ids := rand.Perm(2 * events)
	var work errgroup.Group
	work.SetLimit(16)
	for _, n := range ids {
		work.Go(func() error {
			id := n % events
			topic := "topic " + strconv.Itoa(id%10)
			in := Inbound{
				Workspace: f.ws, Provider: "recall", EventID: strconv.Itoa(id), Topic: topic, Body: []byte("{}"),
			}
			_, err := f.Store(context.Background(), in, topical{Topic: topic})
			return err
		})
	}
	require.NoError(t, work.Wait())
}

func TestEventsOfATopicAreWorkedOnTogetherAndNoneTwiceOrNever(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]Kind{"at once": {}, "gathered": {Gathers: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f *fixture
			f = newFixture(t, working(&f, k, false), withRedis(startRedis(t)), func(c *Config) { c.Direct = true })
			f.effects(t)
			f.start(t)

			f.tell(t, 1500)

			require.Eventually(t, func() bool { return f.count(t, "jobs where state <> 'done'") == 0 }, 60*time.Second, 20*time.Millisecond)
			require.Equal(t, 1500, f.count(t, "effects"))
			require.Equal(t, 1500, f.count(t, "(select distinct job from effects) e"))
			require.Equal(t, 1500, f.count(t, "inbound_events where taken_at is not null"))
			require.Less(t, f.count(t, "jobs"), 1500)
		})
	}
}

func TestWithoutTakingThemEventsWouldHaveTheirEffectTwice(t *testing.T) {
	t.Parallel()
	var f *fixture
	f = newFixture(t, working(&f, Kind{}, true))
	f.effects(t)

	f.tell(t, 40)
	f.runDue(t)
	f.tell(t, 50) // ten more
	f.runDue(t)

	require.Equal(t, 90, f.count(t, "effects"), "the test above would have noticed")
}

func TestAnEventThatIsTakenIsNotTakenAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t, NewRegistry())
	for _, id := range []string{"b", "a"} {
		_, err := f.Store(t.Context(), Inbound{Workspace: f.ws, Provider: "recall", EventID: id, Topic: "x", Body: []byte("{}")}, nil)
		require.NoError(t, err)
	}
	waiting, err := f.Waiting(t.Context(), f.ws, "recall", "x", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"b", "a"}, []string{waiting[0].EventID, waiting[1].EventID}, "in the order in which they came")

	both := make(chan []string, 2)
	var takers errgroup.Group
	for range 2 {
		takers.Go(func() error {
			return f.db.InTx(context.Background(), f.ws, func(ctx context.Context) error {
				taken, err := f.Take(ctx, f.ws, "recall", "x", []string{"a", "b"})
				both <- taken
				return err
			})
		})
	}
	require.NoError(t, takers.Wait())
	require.ElementsMatch(t, []string{"a", "b"}, append(<-both, <-both...))
	waiting, err = f.Waiting(t.Context(), f.ws, "recall", "x", 10)
	require.NoError(t, err)
	require.Empty(t, waiting)
	waiting, err = f.Waiting(t.Context(), newWorkspace(), "recall", "x", 10)
	require.NoError(t, err)
	require.Empty(t, waiting)
}

func TestAnEventThatCannotBeStoredSpoilsNoOther(t *testing.T) {
	t.Parallel()
	f := newFixture(t, NewRegistry())
	var senders errgroup.Group
	for i := range 40 {
		senders.Go(func() error {
			in := Inbound{Workspace: f.ws, Provider: "recall", EventID: strconv.Itoa(i), Body: []byte("{}")}
			if i%4 == 0 {
				in.Type = "a NUL: \x00"
			}
			_, err := f.Store(context.Background(), in, nil)
			if (err != nil) != (i%4 == 0) {
				return cmp.Or(err, context.Canceled)
			}
			return nil
		})
	}
	require.NoError(t, senders.Wait())
	require.Equal(t, 30, f.count(t, "inbound_events"))
}
