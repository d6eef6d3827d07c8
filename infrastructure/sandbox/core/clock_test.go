package core_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

func TestAdvancingWakesWhoWaits(t *testing.T) {
	t.Parallel()
	clock := core.NewClock(nil)
	woken := make(chan error, 1)
	until := clock.Now().Add(time.Hour)
	go func() { woken <- clock.Wait(t.Context(), until) }()
	clock.Advance(30 * time.Minute)
	require.Empty(t, woken)
	clock.Advance(30 * time.Minute)
	require.NoError(t, <-woken)
	require.False(t, clock.Now().Before(until))
	require.WithinDuration(t, time.Now(), clock.Base(), time.Minute, "the base time is not moved")
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	clock := core.NewClock(nil)
	require.ErrorIs(t, clock.Wait(ctx, clock.Now().Add(time.Hour)), context.Canceled)
}

func TestAWaiterNoticesThatItsBaseWasMoved(t *testing.T) {
	t.Parallel()
	var seconds atomic.Int64
	clock := core.NewClock(func() time.Time { return time.Unix(seconds.Load(), 0) })
	woken := make(chan error, 1)
	go func() { woken <- clock.Wait(t.Context(), time.Unix(3600, 0)) }()
	seconds.Store(3600)
	require.NoError(t, <-woken)
}

func TestResetGoesBackToTheBaseTime(t *testing.T) {
	t.Parallel()
	clock := core.NewClock(func() time.Time { return time.Unix(100, 0) })
	require.EqualValues(t, 160, clock.Advance(time.Minute).Unix())
	clock.Reset()
	require.EqualValues(t, 100, clock.Now().Unix())
}

func TestAWindowSlides(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	window := core.NewWindow(2, time.Minute, func() time.Time { return now })
	take := func(key string) (bool, time.Duration) { return window.Take(key) }
	for range 2 {
		ok, _ := take("a")
		require.True(t, ok)
		now = now.Add(20 * time.Second)
	}
	ok, wait := take("a")
	require.False(t, ok)
	require.Equal(t, 20*time.Second, wait)
	ok, _ = take("b")
	require.True(t, ok, "keys do not share")
	require.Equal(t, 2, window.Used("a"))
	now = now.Add(20 * time.Second)
	ok, _ = take("a")
	require.True(t, ok)
}
