package core

import (
	"sync"
	"time"
)

// Window is a sliding rate limit: at most Limit events in any Span, counted per key. Safe for concurrent use.
type Window struct {
	limit int
	span  time.Duration
	now   func() time.Time

	mu   sync.Mutex
	seen map[string][]time.Time
}

// NewWindow makes a limit; now is usually a Clock's.
func NewWindow(limit int, span time.Duration, now func() time.Time) *Window {
	return &Window{limit: limit, span: span, now: now, seen: map[string][]time.Time{}}
}

// Take counts one event when it is within the limit. Otherwise it counts nothing and tells how long until there is room.
func (w *Window) Take(key string) (ok bool, retryAfter time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	kept := w.seen[key]
	for len(kept) > 0 && now.Sub(kept[0]) >= w.span {
		kept = kept[1:]
	}
	if len(kept) >= w.limit {
		w.seen[key] = kept
		if len(kept) == 0 {
			return false, w.span
		}
		return false, w.span - now.Sub(kept[0])
	}
	w.seen[key] = append(kept, now)
	return true, 0
}

// Used is how many events the window holds for key now.
func (w *Window) Used(key string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	now, n := w.now(), 0
	for _, at := range w.seen[key] {
		if now.Sub(at) < w.span {
			n++
		}
	}
	return n
}

// Reset forgets every event.
func (w *Window) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = map[string][]time.Time{}
}
