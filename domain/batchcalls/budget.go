package batchcalls

import "time"

// DefaultCallEstimate is what a call is expected to take until it has ended.
const DefaultCallEstimate = 2 * time.Minute

// Rounding is how a finished call is counted against the budget.
type Rounding string

// Roundings.
const (
	BySecond Rounding = "second" // each started second
	ByMinute Rounding = "minute" // each started minute, as carriers bill
)

// Seconds returns what a call of the given length costs; nothing for one that was not answered.
func (r Rounding) Seconds(talked time.Duration) int64 {
	unit := time.Second
	if r == ByMinute {
		unit = time.Minute
	}
	started := (max(talked, 0) + unit - 1) / unit
	return int64(started * unit / time.Second)
}

// Budget is how long a campaign may talk, in seconds. What is under way is reserved with its estimate, so that calls
// that run side by side cannot overdraw it together; a call that outlasts its estimate still can, by the difference.
// A cap of zero is no cap.
type Budget struct {
	CapSeconds, SpentSeconds, ReservedSeconds int64
}

// Reserve sets the estimate of one more call aside. False, and the budget as it was, when it does not fit.
func (b Budget) Reserve(estimate time.Duration) (Budget, bool) {
	seconds := BySecond.Seconds(estimate)
	if b.CapSeconds > 0 && b.SpentSeconds+b.ReservedSeconds+seconds > b.CapSeconds {
		return b, false
	}
	b.ReservedSeconds += seconds
	return b, true
}

// Settle replaces a call's reservation, made with this very estimate, with what the call took.
func (b Budget) Settle(estimate, talked time.Duration, rounding Rounding) Budget {
	b = b.Release(estimate)
	b.SpentSeconds += rounding.Seconds(talked)
	return b
}

// Release gives back the reservation of a call that never was.
func (b Budget) Release(estimate time.Duration) Budget {
	b.ReservedSeconds = max(0, b.ReservedSeconds-BySecond.Seconds(estimate))
	return b
}

// Exhausted reports whether not even one more call fits once everything under way is over.
func (b Budget) Exhausted(estimate time.Duration) bool {
	return b.CapSeconds > 0 && b.SpentSeconds+BySecond.Seconds(estimate) > b.CapSeconds
}
