package tertulia

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// EventStream reads server-sent events and reconnects where a connection breaks, without losing or repeating an event,
// as far as the server resumes after Last-Event-ID.
type EventStream struct {
	// Open connects. lastEventID is "" at first, then the ID to resume after, to be sent as the Last-Event-ID header.
	// An error of Open ends the stream unless it is transient: an APIError 429, 502, 503, 504, or a broken connection.
	Open func(ctx context.Context, lastEventID string) (io.ReadCloser, error)
	// Last reports whether the event is the stream's last one. A connection that ends before it is broken. When Last is
	// nil, the end of the connection is the end of the stream.
	Last func(Event) bool
	// Reconnects bounds the attempts to reconnect between two events. Zero is 5.
	Reconnects int
	// Delay is the wait before a reconnection, unless the stream asks for another. Zero is 1 s.
	Delay time.Duration
}

// Events connects and yields the events. An error is the last element.
func (s EventStream) Events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		run := streamRun{EventStream: s, yield: yield}
		for failures := 0; ; failures++ {
			progress, done, err := run.connect(ctx)
			if progress {
				failures = 0
			}
			if done {
				return
			}
			if ctx.Err() != nil || !transient(err) || failures >= s.reconnects() {
				yield(Event{}, err)
				return
			}
			if err := sleep(ctx, run.delay()); err != nil {
				yield(Event{}, err)
				return
			}
		}
	}
}

// streamRun is one pass over a stream: what must outlive a connection.
type streamRun struct {
	EventStream
	yield func(Event, error) bool
	last  Event
}

// connect reads one connection to its end. done means that the stream is over and nothing is left to yield.
func (r *streamRun) connect(ctx context.Context) (progress, done bool, err error) {
	body, err := r.Open(ctx, r.last.ID)
	if err != nil {
		return false, false, err
	}
	defer body.Close()
	for event, err := range resumeEvents(body, r.last) {
		if errors.Is(err, ErrEventTooLarge) {
			r.yield(Event{}, err)
			return progress, true, nil
		}
		if err != nil {
			return progress, false, err
		}
		progress, r.last = true, event
		if !r.yield(event, nil) || r.Last != nil && r.Last(event) {
			return true, true, nil
		}
	}
	return progress, r.Last == nil, io.ErrUnexpectedEOF
}

func (r *streamRun) delay() time.Duration {
	switch {
	case r.last.Retry > 0:
		return r.last.Retry
	case r.Delay > 0:
		return r.Delay
	default:
		return time.Second
	}
}

func (s EventStream) reconnects() int {
	if s.Reconnects > 0 {
		return s.Reconnects
	}
	return 5
}
