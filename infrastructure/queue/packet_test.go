package queue

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAPacketHoldsNeighboursOfOneKind(t *testing.T) {
	t.Parallel()
	var jobs []delivery
	for i := range 25 {
		d := delivery{id: strconv.Itoa(i), class: Default, kind: "a"}
		if i%5 == 4 {
			d.kind = "b"
		}
		jobs = append(jobs, d)
	}
	for size, want := range map[int]int{0: 25, 1: 25, 4: 7, 10: 3, 99: 3} {
		packets := pack(jobs, size)
		require.Len(t, packets, want, "size %d", size)
		carried := map[string]bool{}
		for _, p := range packets {
			require.LessOrEqual(t, len(p), max(1, min(size, mostPacked)))
			for i, id := range jobsOf(p.payload()) {
				require.Equal(t, p[0].kind, p[i].kind)
				carried[id] = true
			}
		}
		require.Len(t, carried, 25)
	}
}

// packetOf enqueues n notes that are on their way, and a runner of one process that they can be delivered to.
func packetOf(t *testing.T, r *Registry, n, slots int) (f *fixture, w *Worker, ids []string) {
	t.Helper()
	f = newFixture(t, r, func(c *Config) { c.Tuning.Concurrency = map[Class]int{Default: slots} })
	for range n {
		ids = append(ids, string(f.enqueue(t, note{})))
	}
	f.exec(t, "update jobs set pushed_until = now() + interval '1 hour'")
	w = NewWorker(f.Ledger)
	w.runner.start()
	t.Cleanup(func() {
		w.drain(context.Background())
		w.close()
	})
	return f, w, ids
}

func TestAPacketRunsSideBySideWhereThereAreFreeSlots(t *testing.T) {
	t.Parallel()
	var together sync.WaitGroup
	together.Add(5)
	r := NewRegistry()
	Handle(r, Kind{}, func(context.Context, Run, note) error {
		together.Done()
		together.Wait() // nobody goes on before all are here
		return nil
	})
	f, w, ids := packetOf(t, r, 5, 5)
	require.NoError(t, w.unpack(r.kinds["note"], ids))
	require.Eventually(t, func() bool { return f.count(t, "jobs where state = 'done'") == 5 }, 10*time.Second, 10*time.Millisecond)
}

func TestASlowPacketGivesItsRestBack(t *testing.T) {
	t.Parallel()
	r := NewRegistry()
	Handle(r, Kind{}, func(ctx context.Context, _ Run, _ note) error { pause(ctx, quickly+50*time.Millisecond); return nil })
	f, w, ids := packetOf(t, r, 4, 1)
	require.NoError(t, w.unpack(r.kinds["note"], ids))
	require.Equal(t, 3, f.count(t, "jobs where state = 'pending' and pushed_until is null"))
}
