package core

import (
	"context"
	"sync"
	"time"
)

// recheck is how often a waiter looks at a base clock that somebody else may move.
const recheck = 50 * time.Millisecond

// Clock is the sandbox's time: a base clock plus an offset that only grows until Reset. Safe for concurrent use.
type Clock struct {
	base  func() time.Time
	moved bool // the base may jump: waiters look again every so often

	mu     sync.Mutex
	offset time.Duration
	bumped chan struct{} // closed and replaced when the offset changes
}

// NewClock makes a clock on top of base; nil is the real time.
func NewClock(base func() time.Time) *Clock {
	c := &Clock{base: base, moved: base != nil, bumped: make(chan struct{})}
	if base == nil {
		c.base = time.Now
	}
	return c
}

// Now is the sandbox's time in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base().Add(c.offset).UTC()
}

// Base is the time without what the control API added: the time that the other party's clock shows.
func (c *Clock) Base() time.Time { return c.base().UTC() }

// Advance moves the clock forward and returns the new time.
func (c *Clock) Advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += max(d, 0)
	c.bump()
	return c.base().Add(c.offset).UTC()
}

// Reset goes back to the base time.
func (c *Clock) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = 0
	c.bump()
}

func (c *Clock) bump() {
	close(c.bumped)
	c.bumped = make(chan struct{})
}

// Wait returns nil once the clock shows until or later, and the context's error when that ends first.
func (c *Clock) Wait(ctx context.Context, until time.Time) error {
	for {
		left, bumped := c.left(until)
		if left <= 0 {
			return nil
		}
		timer := time.NewTimer(left)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-bumped:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// left is how long to sleep before looking again, and the channel that tells of a move; 0 when the time has come.
func (c *Clock) left(until time.Time) (time.Duration, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := until.Sub(c.base().Add(c.offset))
	if c.moved {
		d = min(d, recheck)
	}
	return d, c.bumped
}
