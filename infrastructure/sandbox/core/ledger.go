package core

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// What the ledger keeps at most: requests, bytes of one body, and bytes of all bodies together. The oldest requests go
// first; before that, the oldest bodies.
const (
	maxEntries   = 50_000
	maxBody      = 512 << 10
	maxAllBodies = 24 << 20
)

// Entry is one request that a double received.
type Entry struct {
	Vendor string    `json:"vendor"`
	At     time.Time `json:"at"` // the sandbox's time of arrival
	Method string    `json:"method"`
	Path   string    `json:"path"` // the vendor's own path, without the double's prefix and the query
	Query  string    `json:"query,omitempty"`
	// Headers are by canonical name; several values are joined by ", ".
	Headers map[string]string `json:"headers"`
	// Body is the text as received; empty for binary content. BodyBytes is its whole length, also when it was cut.
	Body      string `json:"body"`
	BodyBytes int64  `json:"bodyBytes"`
	// Status is what was answered; 0 while in flight and when the connection was cut.
	Status int `json:"status"`

	round int // how many resets came before it
}

// Ledger remembers the requests that doubles received, in the order of arrival. Safe for concurrent use.
type Ledger struct {
	mu      sync.Mutex
	entries []*Entry
	bodies  int // bytes of the kept bodies
	shed    int // entries[:shed] have lost their bodies
	round   int // how many resets there were
}

// open writes a request down on its arrival.
func (l *Ledger) open(vendor string, at time.Time, r *http.Request) *Entry {
	headers := make(map[string]string, len(r.Header))
	for name, values := range r.Header {
		headers[name] = strings.Join(values, ", ")
	}
	e := &Entry{Vendor: vendor, At: at, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Headers: headers}
	l.mu.Lock()
	defer l.mu.Unlock()
	e.round = l.round
	l.entries = append(l.entries, e)
	if len(l.entries) > maxEntries {
		l.bodies -= len(l.entries[0].Body)
		l.entries = slices.Delete(l.entries, 0, 1)
		l.shed = max(l.shed-1, 0)
	}
	return e
}

// close fills in what became of a request.
func (l *Ledger) close(e *Entry, status int, body string, length int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.round != l.round { // forgotten while it was in flight
		return
	}
	e.Status, e.Body, e.BodyBytes = status, body, length
	l.bodies += len(body)
	for l.bodies > maxAllBodies && l.shed < len(l.entries)-1 {
		l.bodies -= len(l.entries[l.shed].Body)
		l.entries[l.shed].Body = ""
		l.shed++
	}
}

// Requests are the requests to a vendor, or to all when vendor is "".
func (l *Ledger) Requests(vendor string) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := []Entry{}
	for _, e := range l.entries {
		if vendor == "" || e.Vendor == vendor {
			found = append(found, *e)
		}
	}
	return found
}

// Reset forgets every request.
func (l *Ledger) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.bodies, l.shed = nil, 0, 0
	l.round++
}
