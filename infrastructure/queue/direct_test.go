package queue

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"
)

func TestAJobRunsInTheProcessThatEnqueuesItWithoutRedis(t *testing.T) {
	t.Parallel()
	s := &seen{}
	f := newFixture(t, noting(s, Kind{Concurrency: 2}), func(c *Config) {
		c.Redis = asynq.RedisClientOpt{Network: "unix", Addr: t.TempDir() + "/nobody"}
		c.Direct = true
	})
	f.start(t)

	id := f.enqueue(t, note{Text: "here"})

	require.Eventually(t, func() bool { return f.job(t, id).State == StateDone }, 5*time.Second, 5*time.Millisecond)
}

func TestAJobThatHasNoRoomHereTakesTheOtherWay(t *testing.T) {
	t.Parallel()
	var running, most, done atomic.Int64
	r := NewRegistry()
	Handle(r, Kind{Concurrency: 2}, func(context.Context, Run, note) error {
		n := running.Add(1)
		defer running.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		runtime.Gosched()
		done.Add(1)
		return nil
	})
	f := newFixture(t, r, withRedis(startRedis(t)), func(c *Config) { c.Direct = true })
	f.start(t)

	f.enqueueMany(t, 300, 0)

	require.Eventually(t, func() bool { return done.Load() == 300 }, 60*time.Second, 10*time.Millisecond)
	require.LessOrEqual(t, most.Load(), int64(2))
}

func TestABulkJobWaitsForABusyMachineAndNotForEver(t *testing.T) {
	t.Parallel()
	w := NewWorker(newFixture(t, NewRegistry()).Ledger)
	looks := 0
	w.yieldToUrgent(func() bool { looks++; return looks < 7 })
	require.Equal(t, 7, looks)

	looks = 0
	w.yieldToUrgent(func() bool { looks++; return true })
	require.Equal(t, mostNaps, looks)

	w.closing = true
	looks = 0
	w.yieldToUrgent(func() bool { looks++; return true })
	require.Equal(t, 1, looks, "nobody holds up a worker that stops")
}
