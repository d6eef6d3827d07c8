package recall

import "time"

// pool is the warm pool that ad-hoc notetakers are claimed from.
type pool struct {
	free   int
	refill time.Duration
	coming []time.Time // when replacements of finished ones are ready, ascending
}

func newPool(s Settings) pool {
	return pool{free: s.Pool, refill: time.Duration(s.PoolRefillSeconds) * time.Second}
}

// claim takes one, and reports whether there was one.
func (p *pool) claim(now time.Time) bool {
	for len(p.coming) > 0 && !p.coming[0].After(now) {
		p.coming = p.coming[1:]
		p.free++
	}
	if p.free == 0 {
		return false
	}
	p.free--
	return true
}

// release lets a replacement be launched.
func (p *pool) release(now time.Time) { p.coming = append(p.coming, now.Add(p.refill)) }

// resize changes how many there are, whatever is claimed at the moment.
func (p *pool) resize(was, is Settings) {
	p.refill = time.Duration(is.PoolRefillSeconds) * time.Second
	p.free = max(p.free+is.Pool-was.Pool, 0)
}
