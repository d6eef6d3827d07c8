package batchcalls

import "time"

// Attempt is one call of a campaign to one person.
type Attempt struct {
	Position     int
	Number       int // from 1
	Chunk        int // that it was dispatched in
	Phone        Phone
	DialledAt    time.Time // when it was dispatched
	Status       CallStatus
	Conversation string
	EndedAt      time.Time // zero while it is under way
	Seconds      int64     // counted against the budget
	IsEstimated  bool      // nobody has told yet how long it took
}

// callLimit is after how long a call of which nothing more is heard is given up: no call of an agent takes that long, and
// a callback that was lost must not hold its place for ever.
const callLimit = 2 * time.Hour

// Sighting is what is known about an attempt at this moment.
type Sighting struct {
	Attempt
	Chunk     Chunk
	IsCurrent bool      // the person has not been called again since
	Recipient Recipient // while current
	Told      *Outcome  // what the provider's event of the call told; nil before it came
}

// Fate is what becomes of an attempt.
type Fate int

// Fates.
const (
	StillOpen  Fate = iota
	Ended           // the attempt is over, or more is known about how it ended
	NotDialled      // the provider never dialled: the person waits again, and it does not count as an attempt
	KeptBack        // as NotDialled, but the person is not to be called any more
	NeverSent       // it is known that the request never reached the provider: a person decides
)

// Judge tells what becomes of an attempt, and what it then is. A call that ended is counted with what it took, one of which
// nobody has told yet with the estimate.
func (s Sighting) Judge(now time.Time, estimate time.Duration) (Attempt, Fate) {
	a := s.Attempt
	if !s.IsCurrent {
		return a.corrected(s.Told), Ended
	}
	r := s.Recipient
	a.Conversation = r.Conversation
	switch {
	case r.Status == CallExcluded:
		return a, KeptBack
	case s.Chunk.Status == Rejected, s.Chunk.Status == Dropped:
		return a, NotDialled
	case s.Chunk.Status == Absent:
		return a, NeverSent
	case s.Chunk.Status != Accepted:
		return a, StillOpen
	case r.Status == CallCancelled && r.Conversation == "":
		return a, NotDialled
	case r.Status.IsFinal():
		a.Status = r.Status
	case s.Chunk.NextLook.IsZero(), r.Status != CallPending && now.Sub(r.UpdatedAt) > callLimit:
		a.Status = CallUnknown
	default:
		return a, StillOpen
	}
	if a.EndedAt.IsZero() {
		a.EndedAt = r.UpdatedAt
		if a.Status == CallUnknown {
			a.EndedAt = now
		}
	}
	a.Seconds, a.IsEstimated = 0, false
	if a.Status == CallCompleted || a.Status == CallVoicemail || a.Status == CallUnknown {
		a.Seconds, a.IsEstimated = BySecond.Seconds(estimate), true
	}
	return a.corrected(s.Told), Ended
}

// corrected puts what the provider's event tells in place of what was assumed.
func (a Attempt) corrected(told *Outcome) Attempt {
	if told == nil {
		return a
	}
	a.Seconds, a.IsEstimated, a.Conversation = BySecond.Seconds(time.Duration(told.Seconds)*time.Second), false, told.Conversation
	if told.Status.Supersedes(a.Status) {
		a.Status = told.Status
	}
	if a.EndedAt.IsZero() {
		a.EndedAt = told.EndedAt
	}
	return a
}
