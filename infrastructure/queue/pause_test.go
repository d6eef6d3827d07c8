package queue

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// busy is a vendor's error that asks for a pause.
type busy struct{ pause time.Duration }

func (busy) Error() string            { return "too many requests" }
func (b busy) RetryIn() time.Duration { return b.pause }

func TestAVendorThatAsksForAPauseGetsItUnlessTheBackoffIsLonger(t *testing.T) {
	t.Parallel()
	for asked, want := range map[time.Duration]time.Duration{3 * time.Hour: 3 * time.Hour, time.Second: time.Hour} {
		var c clock
		err := fault.Wrap(fault.Upstream, "VENDOR_BUSY", errors.Join(busy{asked}))
		f := newFixture(t, failing(err, Kind{Backoff: func(int) time.Duration { return time.Hour }}), withClock(&c))
		id := f.enqueue(t, note{})
		before := c.now()
		f.runDue(t)
		require.WithinDuration(t, before.Add(want), f.job(t, id).RunAt, 5*time.Second)
	}
}
