package tertulia

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// maxRetryAfter is the longest wait that a server may impose; what asks for more fails at once.
const maxRetryAfter = time.Minute

// repeatable reports whether the effect of sending the request twice is that of sending it once: its method says so
// (RFC 9110 §9.2.2), or its key makes the server see to it.
func (r request) repeatable() bool {
	switch r.method {
	case http.MethodGet, http.MethodPut, http.MethodDelete:
		return true
	default:
		return r.idempotencyKey != ""
	}
}

// transient reports whether another attempt may fare better: the connection broke, or the server said "not now".
func transient(err error) bool {
	if e, ok := errors.AsType[*APIError](err); ok {
		switch e.Status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return e.RetryAfter <= maxRetryAfter
		default:
			return false
		}
	}
	return true
}

// wait sleeps before the next attempt: as long as the server asked for, else a jittered, doubling delay.
// It fails when ctx ends first, and at once when ctx is bound to end before the delay.
func (c *Client) wait(ctx context.Context, attempt int, err error) error {
	delay := c.backoff(attempt)
	if e, ok := errors.AsType[*APIError](err); ok && e.RetryAfter > 0 {
		delay = e.RetryAfter
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < delay {
		return context.DeadlineExceeded
	}
	return sleep(ctx, delay)
}

// sleep waits for d or for the end of ctx, whose error it then returns.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// backoff is between half of the doubled delay and the whole of it, so that clients that failed together part.
func (c *Client) backoff(attempt int) time.Duration {
	delay := min(c.baseDelay<<min(attempt, 20), c.maxDelay)
	return delay/2 + rand.N(delay/2+1)
}

// retryAfter reads the header in both of its forms (RFC 9110 §10.2.3); zero when it is absent, past or unreadable.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
