package queue

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/usecase/port"
)

// enqueueMany commits n notes and rolls back others, from several producers.
func (f *fixture) enqueueMany(t *testing.T, committed, rolledBack int) {
	t.Helper()
	refused := errors.New("rolled back")
	var work errgroup.Group
	work.SetLimit(8)
	for i := range committed + rolledBack {
		work.Go(func() error {
			err := f.db.InTx(context.Background(), f.ws, func(ctx context.Context) error {
				text := fmt.Sprintf("kept %d", i)
				if i >= committed {
					text = fmt.Sprintf("rolled back %d", i)
				}
				if _, err := f.Enqueue(ctx, f.ws, note{Text: text}); err != nil {
					return err
				}
				if i >= committed {
					return refused
				}
				return nil
			})
			if errors.Is(err, refused) {
				return nil
			}
			return err
		})
	}
	require.NoError(t, work.Wait())
}

func TestEveryCommittedJobRunsAndNoRolledBackOne(t *testing.T) {
	t.Parallel()
	var kept, rolledBack atomic.Int64
	r := NewRegistry()
	Handle(r, Kind{}, func(_ context.Context, _ Run, n note) error {
		if n.Text[0] == 'k' {
			kept.Add(1)
		} else {
			rolledBack.Add(1)
		}
		return nil
	})
	f := newFixture(t, r, withRedis(startRedis(t)))
	f.start(t)

	f.enqueueMany(t, 5000, 1000)

	require.Eventually(t, func() bool { return f.count(t, "jobs where state = 'done'") == 5000 }, 60*time.Second, 20*time.Millisecond)
	require.EqualValues(t, 5000, kept.Load())
	require.Zero(t, rolledBack.Load())
	require.Zero(t, f.count(t, "jobs where state <> 'done'"))
}

func TestJobsSurviveARedisThatIsKilledAndEmptied(t *testing.T) {
	t.Parallel()
	server := startRedis(t)
	r := NewRegistry()
	Handle(r, Kind{}, func(context.Context, Run, note) error { time.Sleep(time.Millisecond); return nil })
	f := newFixture(t, r, withRedis(server), func(c *Config) { c.Tuning.Backlog = 200 })
	f.start(t)

	for round := range 10 {
		f.enqueueMany(t, 200, 0)
		server.kill(t)
		f.enqueueMany(t, 100, 0) // nobody waits for Redis
		server.start(t)
		require.Positive(t, f.count(t, "jobs"), round)
	}

	require.Eventually(t, func() bool { return f.count(t, "jobs where state = 'done'") == 3000 }, 60*time.Second, 50*time.Millisecond)
	require.Zero(t, f.count(t, "jobs where state <> 'done'"))
}

// waitingJobs are those that lie in Redis.
func waitingJobs(t *testing.T, c *courier) map[string]bool {
	t.Helper()
	jobs := map[string]bool{}
	tasks, err := c.inspector.ListPendingTasks(string(Default), asynq.PageSize(1000))
	if errors.Is(err, asynq.ErrQueueNotFound) {
		return jobs
	}
	require.NoError(t, err)
	for _, task := range tasks {
		for _, id := range jobsOf(task.Payload) {
			jobs[id] = true
		}
	}
	return jobs
}

func TestAFlushedRedisIsFilledAgainBecauseItsEpochIsGone(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noting(&seen{}, Kind{}), withRedis(startRedis(t)), func(c *Config) { c.Tuning.Transit = time.Hour })
	f.enqueueMany(t, 50, 0)
	f.exec(t, "update jobs set pushed_until = null")
	feeder := NewFeeder(f.Ledger)
	t.Cleanup(feeder.courier.close)
	conn, err := f.pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	feedOnce := func() {
		_, err := feeder.round(t.Context(), conn)
		require.NoError(t, err)
	}
	feedOnce()
	require.Len(t, waitingJobs(t, feeder.courier), 50)

	require.NoError(t, feeder.courier.redis.FlushAll(t.Context()).Err())
	require.NoError(t, feeder.courier.newEpoch(t.Context())) // the planted fault: Redis claims to remember
	feedOnce()
	require.Empty(t, waitingJobs(t, feeder.courier))

	require.NoError(t, feeder.courier.redis.FlushAll(t.Context()).Err())
	feedOnce()
	require.Len(t, waitingJobs(t, feeder.courier), 50)
}

func TestAKindStaysWithinItsConcurrency(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	r := NewRegistry()
	Handle(r, Kind{Concurrency: 3}, func(ctx context.Context, _ Run, _ note) error {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		pause(ctx, 2*time.Millisecond)
		return nil
	})
	var others atomic.Int64
	Handle(r, Kind{}, func(context.Context, Run, uniqueNote) error { others.Add(1); return nil })
	f := newFixture(t, r, withMini(t))
	f.enqueueMany(t, 200, 0)
	f.enqueue(t, uniqueNote{Key: "passes"})
	f.start(t)

	require.Eventually(t, func() bool { return f.count(t, "jobs where state = 'done'") == 201 }, 30*time.Second, 10*time.Millisecond)
	require.LessOrEqual(t, most.Load(), int64(3))
	require.EqualValues(t, 1, others.Load())
}

func TestOneWorkspacesFloodDoesNotHoldUpAnother(t *testing.T) {
	t.Parallel()
	var ran seen
	f := newFixture(t, noting(&ran, Kind{}), withMini(t), func(c *Config) {
		c.Tuning.Backlog = 20
		c.Tuning.Concurrency = map[Class]int{Default: 1}
	})
	feeder := NewFeeder(f.Ledger)
	t.Cleanup(feeder.courier.close)
	for range 500 {
		f.enqueue(t, note{Text: "flood"})
	}
	f.exec(t, "update jobs set pushed_until = null")
	small := newWorkspace()
	for range 5 {
		f.enqueueIn(t, small, note{Text: "small"})
	}
	f.exec(t, "update jobs set pushed_until = null")

	picked, err := f.pickDue(t.Context(), f.pool, pick{class: Default, most: 20})

	require.NoError(t, err)
	require.Len(t, picked, 20)
	mine := 0
	for _, j := range picked[:10] {
		if f.job(t, port.JobID(j.id)).Workspace == small {
			mine++
		}
	}
	require.Equal(t, 5, mine, "workspaces take turns")
}

func TestAFailureIsShownInAsynqAndRetriedByTheLedger(t *testing.T) {
	t.Parallel()
	var attempts atomic.Int64
	r := NewRegistry()
	Handle(r, Kind{Backoff: func(int) time.Duration { return time.Millisecond }}, func(context.Context, Run, note) error {
		if attempts.Add(1) < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	f := newFixture(t, r, withMini(t))
	f.start(t)
	id := f.enqueue(t, note{})

	require.Eventually(t, func() bool { return f.job(t, id).State == StateDone }, 20*time.Second, 10*time.Millisecond)

	archived, err := f.pusher.courier.inspector.ListArchivedTasks(string(Default))
	require.NoError(t, err)
	require.Len(t, archived, 2)
	require.Contains(t, archived[0].LastErr, "not yet")
}

func TestAnArchivedTaskDoesNotBlockItsJob(t *testing.T) {
	t.Parallel()
	f := newFixture(t, noting(&seen{}, Kind{}), withMini(t))
	c := f.pusher.courier
	d := packet{{id: string(f.enqueue(t, note{}, port.At(time.Now().Add(time.Hour)))), class: Default, kind: "note"}}
	require.NoError(t, c.push(t.Context(), d))
	require.NoError(t, c.push(t.Context(), d), "one that waits already is left alone")
	waiting, err := c.waiting(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, waiting[Default])
	require.NoError(t, c.inspector.ArchiveTask(string(Default), d.taskID()))

	require.NoError(t, c.push(t.Context(), d))

	waiting, err = c.waiting(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, waiting[Default])
}
