package identityuc

import (
	"maps"
	"sync"
	"time"
)

// maxRemembered bounds one memory; when it is full it starts anew.
const maxRemembered = 20_000

// memory keeps what was looked up, as long as it is live: while it is told of every change. When it is not, it keeps and
// gives nothing. It is safe for concurrent use.
type memory[K comparable, V any] struct {
	ttl time.Duration

	mu      sync.RWMutex
	live    bool
	changes uint64 // counts what was forgotten, so that a value read before a change is not kept after it
	entries map[K]remembered[V]
}

type remembered[V any] struct {
	value V
	until time.Time
}

func newMemory[K comparable, V any](ttl time.Duration) *memory[K, V] {
	return &memory[K, V]{ttl: ttl, entries: map[K]remembered[V]{}}
}

// get returns the value of key, from memory or else from load, whose found value is kept. What is not found is not:
// somebody may be about to make it.
func (m *memory[K, V]) get(key K, now time.Time, load func() (V, bool, error)) (V, bool, error) {
	m.mu.RLock()
	known, ok := m.entries[key]
	before := m.changes
	m.mu.RUnlock()
	if ok && now.Before(known.until) {
		return known.value, true, nil
	}
	value, found, err := load()
	if err == nil && found {
		m.keep(key, value, now, before)
	}
	return value, found, err
}

func (m *memory[K, V]) keep(key K, value V, now time.Time, before uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.live || m.changes != before {
		return
	}
	if len(m.entries) >= maxRemembered {
		clear(m.entries)
	}
	m.entries[key] = remembered[V]{value: value, until: now.Add(m.ttl)}
}

// forget drops what match chooses.
func (m *memory[K, V]) forget(match func(V) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	maps.DeleteFunc(m.entries, func(_ K, r remembered[V]) bool { return match(r.value) })
}

// reset forgets everything; from now on the memory is live or not.
func (m *memory[K, V]) reset(live bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	m.live = live
	clear(m.entries)
}
