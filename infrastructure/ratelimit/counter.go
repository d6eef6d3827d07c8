// Package ratelimit counts in Redis, for all processes together, how often something happened in a stretch of time, and
// keeps those out who guess credentials. Redis may be away: Counter says so, and each caller decides whether that opens or
// closes its door; Guard goes on with what its own process has seen.
package ratelimit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	keyPrefix = "tertulia:limit:"
	patience  = 250 * time.Millisecond // for Redis; a request waits for the answer
	rest      = time.Second            // after an error Redis is left alone for so long
)

// ErrAway says that Redis could not be asked.
var ErrAway = errors.New("count in Redis: it cannot be reached")

// Rule allows a number of events in each window of time.
type Rule struct {
	Name   string // distinguishes counters of one subject
	Limit  int64
	Window time.Duration
}

// Counter counts events in fixed windows.
type Counter struct {
	redis redis.UniversalClient
	now   func() time.Time
	away  atomic.Int64 // until when Redis is left alone, in Unix nanoseconds
}

// NewCounter makes a counter. The caller closes the client.
func NewCounter(client redis.UniversalClient, now func() time.Time) *Counter {
	return &Counter{redis: client, now: now}
}

// Take counts one event of a subject and returns how long it has to wait: 0 when the rule allows it. A subject may be an
// address or a person: only its hash gets into Redis. ErrAway when Redis cannot be asked, which costs at most a quarter of a
// second, once a second.
func (c *Counter) Take(ctx context.Context, rule Rule, subject string) (time.Duration, error) {
	now := c.now()
	if now.UnixNano() < c.away.Load() {
		return 0, ErrAway
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	key := keyOf(rule, subject)
	var count *redis.IntCmd
	var left *redis.DurationCmd
	_, err := c.redis.TxPipelined(ctx, func(p redis.Pipeliner) error {
		count = p.Incr(ctx, key)
		p.ExpireNX(ctx, key, rule.Window)
		left = p.PTTL(ctx, key)
		return nil
	})
	if err != nil {
		c.away.Store(now.Add(rest).UnixNano())
		return 0, fmt.Errorf("%w: %w", ErrAway, err)
	}
	if count.Val() <= rule.Limit {
		return 0, nil
	}
	return max(left.Val(), time.Second), nil
}

func keyOf(rule Rule, subject string) string {
	sum := sha256.Sum256([]byte(subject))
	return keyPrefix + rule.Name + ":" + hex.EncodeToString(sum[:12])
}

// Bound is a rule with its counter.
type Bound struct {
	counter *Counter
	rule    Rule
}

// NewBound makes a bound.
func NewBound(counter *Counter, rule Rule) *Bound { return &Bound{counter: counter, rule: rule} }

// Take counts one event as Counter.Take does.
func (b *Bound) Take(ctx context.Context, subject string) (time.Duration, error) {
	return b.counter.Take(ctx, b.rule, subject)
}

// Limiter bounds how often each of many subjects may do something. It opens while Redis is away.
type Limiter struct{ bound *Bound }

// NewLimiter makes a limiter.
func NewLimiter(bound *Bound) *Limiter { return &Limiter{bound: bound} }

// Take counts one event and returns how long the subject has to wait, 0 when it need not.
func (l *Limiter) Take(ctx context.Context, subject string) time.Duration {
	wait, err := l.bound.Take(ctx, subject)
	if err != nil {
		return 0
	}
	return wait
}
