package embedtest

import (
	"bytes"
	"sync"
	"sync/atomic"
	"time"
)

// Clock runs as the real one does, from an offset that only grows. It is safe for concurrent use.
type Clock struct{ offset atomic.Int64 }

// Now returns the clock's time in UTC.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())).UTC() }

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) { c.offset.Add(int64(d)) }

// Logs keeps what is logged, as JSON lines. It is safe for concurrent use.
type Logs struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

// Write implements io.Writer.
func (l *Logs) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.Write(line)
}

// String returns every line so far.
func (l *Logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.String()
}
