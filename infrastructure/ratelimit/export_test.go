package ratelimit

// Tallied is how many addresses the guard remembers.
func (g *Guard) Tallied() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.tallies)
}
