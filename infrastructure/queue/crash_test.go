package queue

import (
	"context"
	"math/rand/v2"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestJobsSurviveWorkersThatAreKilled(t *testing.T) {
	t.Parallel()
	const jobs = 100
	server := startRedis(t)
	f := newFixture(t, noting(&seen{}, patient), withRedis(server), withQuick)
	f.effects(t)
	f.feed(t)
	for i := range jobs {
		f.enqueue(t, note{Text: strconv.Itoa(i)})
	}

	for range 8 {
		p := f.process(t, "finisher", server)
		pause(t.Context(), rand.N(60*time.Millisecond))
		p.kill()
	}
	lastKill := time.Now()
	f.process(t, "finisher", server)

	require.Eventually(t, func() bool { return f.count(t, "jobs where state = 'done'") == jobs }, 120*time.Second, 50*time.Millisecond)
	require.Less(t, time.Since(lastKill), 120*time.Second)
	require.Equal(t, jobs, f.count(t, "effects"), "effect and finish are one")
	require.Equal(t, jobs, f.count(t, "(select distinct job from effects) e"))
	require.Positive(t, f.count(t, "jobs where attempt > 1"), "some were killed in the middle")
}

// zombies stops a worker process in the middle of its jobs for longer than its leases hold, lets another do them, and
// wakes the first. It returns how many of the first one's writes were refused, and how many took place.
func zombies(t *testing.T, jobs int, env ...string) (refused, written int) {
	t.Helper()
	server := startRedis(t)
	f := newFixture(t, noting(&seen{}, Kind{}), withRedis(server), withQuick)
	f.effects(t)
	f.feed(t)
	path, open := gate(t)
	zombie := f.process(t, "zombie", server, append(env, gateVariable+"="+path)...)
	for range jobs {
		f.enqueue(t, note{Text: "write"})
	}
	running := func(n int) func() bool {
		return func() bool { return f.count(t, "jobs where state = 'running'") == n }
	}
	require.Eventually(t, running(jobs), 90*time.Second, 20*time.Millisecond)
	require.NoError(t, zombie.Process.Signal(syscall.SIGSTOP))
	require.Eventually(t, running(0), 90*time.Second, 20*time.Millisecond, "leases expire")

	successor := NewWorker(f.Ledger)
	require.NoError(t, successor.Start())
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		successor.Stop(ctx)
	}()
	require.Eventually(t, func() bool { return f.count(t, "jobs where state = 'done'") == jobs }, 90*time.Second, 20*time.Millisecond)
	open()
	require.NoError(t, zombie.Process.Signal(syscall.SIGCONT))
	for _, line := range zombie.next(t, jobs) {
		if line == "refused" {
			refused++
		}
	}
	return refused, f.count(t, "effects")
}

func TestAWorkerThatWakesAfterItsLeaseChangesNothing(t *testing.T) {
	t.Parallel()
	refused, written := zombies(t, 50)
	require.Equal(t, 50, refused)
	require.Zero(t, written)
}

func TestWithoutTheFenceAZombieWouldWrite(t *testing.T) {
	t.Parallel()
	refused, written := zombies(t, 5, unfencedVariable+"=1")
	require.Zero(t, refused)
	require.Equal(t, 5, written)
}

func TestAJobThatMustNotRunTwiceIsParkedWhenItsWorkerDies(t *testing.T) {
	t.Parallel()
	const jobs = 20
	server := startRedis(t)
	var again seen
	f := newFixture(t, noting(&again, Kind{Once: true}), withRedis(server), withQuick)
	f.effects(t)
	f.feed(t)
	p := f.process(t, "caller", server)
	for i := range jobs {
		f.enqueue(t, note{Text: strconv.Itoa(i)})
	}
	p.next(t, jobs)
	p.kill()
	f.start(t)

	require.Eventually(t, func() bool { return f.count(t, "jobs where state = 'unknown'") == jobs }, 90*time.Second, 20*time.Millisecond)
	require.Equal(t, jobs, f.count(t, "effects"))
	require.Empty(t, again.all(), "nobody is called twice")
}
