package batchcalls

import (
	"math"
	"time"
)

// Rate is how many calls may begin within one second; below one, a call every 1/rate seconds. Above one only its whole
// part counts, so that no second holds more than was asked for. Zero or less is no limit.
type Rate float64

// Bucket is what is left of a rate: tokens, and when the last was taken. The zero value is full.
//
// It fills as a whole, one second after the last call that it let through. A bucket that fills bit by bit lets up to
// twice its rate into one second, the full bucket and what flows in, and a trunk answers those with 503. The price:
// a trickle of calls may get half the rate. A dispatcher that has many waiting gets all of it.
type Bucket struct {
	Tokens int
	At     time.Time
}

// Take asks for n calls at this instant, and returns how many may begin and what is left.
func (b Bucket) Take(now time.Time, rate Rate, n int) (int, Bucket) {
	if rate <= 0 || n <= 0 {
		return max(n, 0), b
	}
	if !now.Before(b.At.Add(rate.period())) {
		b.Tokens = rate.burst()
	}
	granted := min(n, b.Tokens, rate.burst()) // the rate may have been lowered since
	if granted > 0 {
		b.Tokens -= granted
		b.At = now
	}
	return granted, b
}

// FreeAt returns when the next call may begin.
func (b Bucket) FreeAt(now time.Time, rate Rate) time.Time {
	if full := b.At.Add(rate.period()); rate > 0 && b.Tokens == 0 && full.After(now) {
		return full
	}
	return now
}

func (r Rate) burst() int { return max(1, int(r)) }

// period is after how long the bucket is full again; 0 without a limit.
func (r Rate) period() time.Duration {
	switch {
	case r <= 0:
		return 0
	case r >= 1:
		return time.Second
	default:
		return time.Duration(math.Ceil(float64(time.Second) / float64(r)))
	}
}
