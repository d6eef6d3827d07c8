package batchcalls

import "time"

// Breaker pauses a campaign whose calls mostly fail, before it burns through its list: at least MinCalls ended within
// Span, and at least Share of them failed.
type Breaker struct {
	Span     time.Duration
	MinCalls int
	Share    float64
}

// DefaultBreaker is half of at least five calls within two minutes, as in Dograh's campaigns. The zero Breaker never trips.
func DefaultBreaker() Breaker { return Breaker{Span: 2 * time.Minute, MinCalls: 5, Share: 0.5} }

// Ending is when a call ended, and whether that counts as a failure; see CallStatus.IsFailure.
type Ending struct {
	At     time.Time
	Failed bool
}

// Trips reports whether the endings within the span before now are too bad to go on. What ended before since does not
// count: a person who resumes a campaign has seen it, and would else be stopped by it again.
func (b Breaker) Trips(now, since time.Time, endings []Ending) bool {
	total, failed := 0, 0
	for _, e := range endings {
		if e.At.After(now) || !e.At.After(now.Add(-b.Span)) || e.At.Before(since) {
			continue
		}
		total++
		if e.Failed {
			failed++
		}
	}
	return b.MinCalls > 0 && total >= b.MinCalls && float64(failed) >= b.Share*float64(total)
}

// IsFailure reports whether a call's end speaks against going on: it could not be placed, or nobody knows whether it was.
// Busy, no answer and voicemail say something about the person, and nothing about the line; they never stop a campaign.
func (s CallStatus) IsFailure() bool { return s == CallFailed || s == CallUnknown }
