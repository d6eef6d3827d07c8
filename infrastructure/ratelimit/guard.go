package ratelimit

import (
	"context"
	"net/netip"
	"sync"
	"time"
)

// Guesses is how many wrong credentials one address may show. Somebody who has mistyped a key stays far below it.
//
//nolint:gochecknoglobals // a constant in all but syntax
var Guesses = Rule{Name: "guesses", Limit: 30, Window: time.Minute}

// mostTallied bounds the memory that a flood of addresses can take.
const mostTallied = 10_000

// Guard keeps an address out that has shown too many wrong credentials. Asking it costs no way to Redis; a failure does,
// so that the guesses which an address spreads over the processes count together. While Redis is away each process counts
// for itself.
//
// Private and loopback addresses pass: they are the networks of those who run the system, and its proxies.
type Guard struct {
	counter *Counter
	rule    Rule

	mu      sync.Mutex
	tallies map[netip.Prefix]tally
}

// tally is what this process knows of an address.
type tally struct {
	failures int64
	ends     time.Time // of the window
	shutTo   time.Time
}

// NewGuard makes a guard.
func NewGuard(counter *Counter, rule Rule) *Guard {
	return &Guard{counter: counter, rule: rule, tallies: map[netip.Prefix]tally{}}
}

// Wait returns for how long the address is kept out, 0 when it is not.
func (g *Guard) Wait(addr netip.Addr) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.tallies) == 0 {
		return 0
	}
	return max(g.tallies[network(addr)].shutTo.Sub(g.counter.now()), 0)
}

// Fail counts a wrong credential that the address has shown.
func (g *Guard) Fail(ctx context.Context, addr netip.Addr) {
	if !isPublic(addr) {
		return
	}
	from := network(addr)
	wait, err := g.counter.Take(ctx, g.rule, from.String())
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.counter.now()
	t, known := g.tallies[from]
	if !known && len(g.tallies) >= mostTallied {
		g.forget(now)
	}
	if !now.Before(t.ends) {
		t = tally{ends: now.Add(g.rule.Window)}
	}
	t.failures++
	switch {
	case wait > 0:
		t.shutTo = now.Add(wait)
	case err != nil && t.failures > g.rule.Limit:
		t.shutTo = t.ends
	}
	g.tallies[from] = t
}

// forget drops the windows that have ended, and everything when none has: who fills the memory on purpose gains a window.
func (g *Guard) forget(now time.Time) {
	for from, t := range g.tallies {
		if !now.Before(t.ends) && !now.Before(t.shutTo) {
			delete(g.tallies, from)
		}
	}
	if len(g.tallies) >= mostTallied {
		clear(g.tallies)
	}
}

func isPublic(addr netip.Addr) bool {
	addr = addr.Unmap()
	return addr.IsValid() && !addr.IsPrivate() && !addr.IsLoopback() && !addr.IsLinkLocalUnicast() && !addr.IsUnspecified()
}

// network is what counts as one address: of IPv6 the first 64 bits, which one subscriber has all of.
func network(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	prefix, _ := addr.Prefix(bits) // an invalid address is the zero prefix, which nobody fills
	return prefix
}
