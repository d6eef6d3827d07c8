package batchcalls

import (
	"slices"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Bounds of a retry policy.
const (
	MaxRetryAttempts = 10
	MaxRetryDelay    = 7 * 24 * time.Hour
)

// RetryRule says that after an outcome a person is called again: After the call has ended, at most Times times.
type RetryRule struct {
	Outcome CallStatus
	After   time.Duration
	Times   int
}

// RetryPolicy is the rules of a campaign, one an outcome, and the cap of attempts that a person gets over all of them,
// the first one included: rules that each allow a little must not add up to a nuisance.
type RetryPolicy struct {
	Rules       []RetryRule
	MaxAttempts int
}

// Validate returns nil for rules that can be followed, else Invalid VALIDATION_ERROR with each wrong field of
// retry.rules[i] and retry.maxAttempts. There can be no rule for an unknown outcome: that person may have been called.
func (p RetryPolicy) Validate() error {
	var wrong fault.Fields
	within := func(ok bool, name, lowest string, highest int) {
		wrong.Require(ok, name, fault.OutOfRange, "min", lowest, "max", strconv.Itoa(highest))
	}
	within(1 <= p.MaxAttempts && p.MaxAttempts <= MaxRetryAttempts, "retry.maxAttempts", "1", MaxRetryAttempts)
	seen := map[CallStatus]bool{}
	for i, r := range p.Rules {
		at := "retry.rules[" + strconv.Itoa(i) + "]."
		wrong.Require(slices.Contains([]CallStatus{CallBusy, CallNoAnswer, CallVoicemail, CallFailed}, r.Outcome), at+"outcome", fault.OneOf,
			"allowed", "busy, no_answer, voicemail, failed")
		wrong.Require(!seen[r.Outcome], at+"outcome", fault.BadFormat, "expected", "one rule an outcome")
		within(time.Minute <= r.After && r.After <= MaxRetryDelay, at+"afterMinutes", "1", int(MaxRetryDelay/time.Minute))
		within(1 <= r.Times && r.Times < MaxRetryAttempts, at+"times", "1", MaxRetryAttempts-1)
		seen[r.Outcome] = true
	}
	return wrong.Err()
}

// NextAttempt returns when to call a person again. Attempts are the outcomes of all attempts so far, in order, the one
// that ended at endedAt as the last. False when that is it: no rule for the outcome, its times used up, the cap over
// all rules reached, or an unknown among them.
func (p RetryPolicy) NextAttempt(attempts []CallStatus, endedAt time.Time) (time.Time, bool) {
	if len(attempts) == 0 || len(attempts) >= p.MaxAttempts || slices.Contains(attempts, CallUnknown) {
		return time.Time{}, false
	}
	last := attempts[len(attempts)-1]
	for _, r := range p.Rules {
		if r.Outcome == last && countOf(attempts, last) <= r.Times {
			return endedAt.Add(r.After), true
		}
	}
	return time.Time{}, false
}

func countOf(attempts []CallStatus, o CallStatus) int {
	n := 0
	for _, a := range attempts {
		if a == o {
			n++
		}
	}
	return n
}
