package ratelimit_test

import (
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/ratelimit"
)

// stand is a Redis of the test's own, and a clock that stands still.
type stand struct {
	redis *miniredis.Miniredis
	now   atomic.Pointer[time.Time]
}

func newStand(t *testing.T) *stand {
	t.Helper()
	s := &stand{redis: miniredis.RunT(t)}
	start := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	s.now.Store(&start)
	return s
}

func (s *stand) forward(d time.Duration) {
	t := s.now.Load().Add(d)
	s.now.Store(&t)
	s.redis.FastForward(d)
}

// process is the counter of one of several processes.
func (s *stand) process(t *testing.T) *ratelimit.Counter {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: s.redis.Addr(), MaxRetries: -1, DialTimeout: 50 * time.Millisecond})
	t.Cleanup(func() { _ = client.Close() })
	return ratelimit.NewCounter(client, func() time.Time { return *s.now.Load() })
}

func TestProcessesCountTogetherAndAWindowEnds(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	rule := ratelimit.Rule{Name: "test", Limit: 3, Window: time.Minute}
	a, b := s.process(t), s.process(t)
	for _, c := range []*ratelimit.Counter{a, b, a} {
		wait, err := c.Take(t.Context(), rule, "203.0.113.7")
		require.NoError(t, err)
		require.Zero(t, wait)
	}
	s.forward(20 * time.Second)
	wait, err := b.Take(t.Context(), rule, "203.0.113.7")
	require.NoError(t, err)
	require.Equal(t, 40*time.Second, wait)
	wait, err = b.Take(t.Context(), rule, "203.0.113.8")
	require.NoError(t, err)
	require.Zero(t, wait, "somebody else")
	for _, key := range s.redis.Keys() {
		require.NotContains(t, key, "203.0.113", "addresses are private")
	}
	s.forward(40 * time.Second)
	wait, err = a.Take(t.Context(), rule, "203.0.113.7")
	require.NoError(t, err)
	require.Zero(t, wait)
}

func TestAnAbsentRedisIsToldAndLeftAloneForAWhile(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	rule := ratelimit.Rule{Name: "test", Limit: 1, Window: time.Minute}
	c := s.process(t)
	s.redis.Close()
	_, err := c.Take(t.Context(), rule, "somebody")
	require.ErrorIs(t, err, ratelimit.ErrAway)
	require.NoError(t, s.redis.Restart())
	_, err = c.Take(t.Context(), rule, "somebody")
	require.ErrorIs(t, err, ratelimit.ErrAway, "not asked again yet")
	s.forward(time.Second)
	_, err = c.Take(t.Context(), rule, "somebody")
	require.NoError(t, err)
}

func TestAGuesserIsKeptOutByEveryProcessThatItFailsAt(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	rule := ratelimit.Rule{Name: "guesses", Limit: 4, Window: time.Minute}
	a, b := ratelimit.NewGuard(s.process(t), rule), ratelimit.NewGuard(s.process(t), rule)
	guesser, other := netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("203.0.113.8")
	for range 2 {
		a.Fail(t.Context(), guesser)
		b.Fail(t.Context(), guesser)
	}
	require.Zero(t, a.Wait(guesser))
	b.Fail(t.Context(), guesser)
	require.Equal(t, time.Minute, b.Wait(guesser))
	require.Zero(t, b.Wait(other))
	require.Zero(t, a.Wait(guesser), "has not heard of it")
	a.Fail(t.Context(), guesser)
	require.Equal(t, time.Minute, a.Wait(guesser))
	s.forward(time.Minute)
	require.Zero(t, a.Wait(guesser))
	a.Fail(t.Context(), guesser)
	require.Zero(t, a.Wait(guesser), "a new window")
}

func TestAGuesserIsKeptOutWithoutRedisToo(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	guard := ratelimit.NewGuard(s.process(t), ratelimit.Rule{Name: "guesses", Limit: 4, Window: time.Minute})
	s.redis.Close()
	guesser := netip.MustParseAddr("203.0.113.7")
	for range 4 {
		guard.Fail(t.Context(), guesser)
		require.Zero(t, guard.Wait(guesser))
	}
	guard.Fail(t.Context(), guesser)
	require.Equal(t, time.Minute, guard.Wait(guesser))
}

func TestASubscribersIPv6AddressesAreOneAndPrivateOnesPass(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	guard := ratelimit.NewGuard(s.process(t), ratelimit.Rule{Name: "guesses", Limit: 1, Window: time.Minute})
	guard.Fail(t.Context(), netip.MustParseAddr("2001:db8:1:2::1"))
	guard.Fail(t.Context(), netip.MustParseAddr("2001:db8:1:2:ffff::9"))
	require.NotZero(t, guard.Wait(netip.MustParseAddr("2001:db8:1:2::77")))
	require.Zero(t, guard.Wait(netip.MustParseAddr("2001:db8:1:3::1")))
	for _, own := range []string{"127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fd00::1", "::ffff:10.0.0.1"} {
		addr := netip.MustParseAddr(own)
		for range 5 {
			guard.Fail(t.Context(), addr)
		}
		require.Zero(t, guard.Wait(addr), own)
	}
}

func TestAFloodOfAddressesDoesNotFillTheMemory(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	guard := ratelimit.NewGuard(s.process(t), ratelimit.Rule{Name: "guesses", Limit: 1, Window: time.Minute})
	s.redis.Close()
	addr := netip.MustParseAddr("203.0.0.0")
	for range 25_000 {
		guard.Fail(t.Context(), addr)
		addr = addr.Next()
	}
	require.LessOrEqual(t, guard.Tallied(), 10_000)
}
