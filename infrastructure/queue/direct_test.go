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

func TestAUniqueJobThatIsAddedRunsInTheProcessThatAddsIt(t *testing.T) {
	t.Parallel()
	r := NewRegistry()
	ran := make(chan string, 1)
	Handle(r, Kind{}, func(_ context.Context, _ Run, n uniqueNote) error { ran <- n.Key; return nil })
	f := newFixture(t, r, func(c *Config) {
		c.Redis = asynq.RedisClientOpt{Network: "unix", Addr: t.TempDir() + "/nobody"}
		c.Direct = true
	})
	f.start(t)

	require.NoError(t, f.db.InTx(t.Context(), f.ws, func(ctx context.Context) error { return f.Add(ctx, f.ws, uniqueNote{Key: "here"}) }))

	select {
	case key := <-ran:
		require.Equal(t, "here", key)
	case <-time.After(5 * time.Second):
		require.Fail(t, "nobody but this process could run it")
	}
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
	looks, busyUntil := 0, 7
	w.door.isBusy = func() bool { looks++; return looks <= busyUntil || looks == busyUntil+quietNaps }
	bulk := &kind{Kind: Kind{Class: Bulk}}

	w.makeRoom(&kind{Kind: Kind{Class: Default}})
	require.Zero(t, looks)

	w.makeRoom(bulk)
	require.Equal(t, busyUntil+2*quietNaps, looks, "a moment's rest is not enough")
	require.WithinDuration(t, time.Now().Add(staysOpen), w.door.openUntil, staysOpen)

	looks, w.door.openUntil = 0, time.Now().Add(time.Hour)
	w.makeRoom(bulk)
	require.Zero(t, looks, "there was room a moment ago")

	busyUntil, w.door.openUntil = 10*mostNaps, time.Time{}
	w.makeRoom(bulk)
	require.Equal(t, mostNaps, looks)
	w.makeRoom(bulk)
	require.Equal(t, 2*mostNaps, looks, "one that could wait no longer has not found room for the next")

	w.closing = true
	looks = 0
	w.makeRoom(bulk)
	require.Equal(t, 1, looks, "nobody holds up a worker that stops")
}

func TestAParkedBulkJobMakesRoomToo(t *testing.T) {
	t.Parallel()
	running, goOn := make(chan struct{}, 2), make(chan struct{})
	r := NewRegistry()
	Handle(r, Kind{Class: Bulk, Concurrency: 1}, func(context.Context, Run, note) error {
		running <- struct{}{}
		<-goOn
		return nil
	})
	f := newFixture(t, r)
	w := NewWorker(f.Ledger)
	var looks atomic.Int32
	w.door.isBusy = func() bool { looks.Add(1); return false }
	w.runner.start()
	t.Cleanup(func() { w.Stop(context.Background()) })
	first, second := f.enqueue(t, note{Text: "first"}), f.enqueue(t, note{Text: "second"})
	go func() { _ = w.deliver(r.kinds["note"], string(first)) }()
	<-running

	require.NoError(t, w.deliver(r.kinds["note"], string(second)))
	require.Zero(t, looks.Load(), "it is parked")
	close(goOn)

	require.Eventually(t, func() bool { return f.job(t, second).State == StateDone }, 5*time.Second, 5*time.Millisecond)
	require.EqualValues(t, quietNaps, looks.Load())
}
