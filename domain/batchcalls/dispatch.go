package batchcalls

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// dailySpan is the day of the daily cap: any 24 hours, which holds for every zone's calendar day too.
const dailySpan = 24 * time.Hour

// Reason is why a person is not called now.
type Reason string

// Reasons, from what is final for a person to what passes by itself.
const (
	HeldDoNotCall Reason = "dnc"
	HeldAttempts  Reason = "attempts"  // the cap of attempts is reached
	HeldPaused    Reason = "paused"    // a person resumes
	HeldBreaker   Reason = "breaker"   // too many failures: the campaign is to be paused
	HeldNotDue    Reason = "not_due"   // the first call, or a retry, is for later
	HeldOnCall    Reason = "on_call"   // this number is being called at this moment
	HeldDaily     Reason = "daily"     // it was called often enough within 24 hours
	HeldWindow    Reason = "window"    // it is no fit time there, or too little of it is left
	HeldNoWindow  Reason = "no_window" // no fit time comes within eight days, or nobody knows where there is
	HeldBudget    Reason = "budget"
	HeldCap       Reason = "cap" // as many calls as allowed are under way
	HeldRate      Reason = "rate"
	HeldProvider  Reason = "provider" // it had no room for the last request, or nobody knows what became of it
)

// DispatchRules are what a campaign promises to keep. Zero is no limit, except for Concurrency, where it lets nobody through.
type DispatchRules struct {
	Window      Window
	Concurrency int
	PerSecond   Rate
	MaxAttempts int // a person, over all retry rules
	DailyCap    int // calls to a number within any 24 hours
	Estimate    time.Duration
	Breaker     Breaker
}

// Bounds of what a campaign may ask for.
const (
	maxConcurrency = 1_000
	maxPerSecond   = 100
	maxPerDay      = 100
	maxEstimate    = time.Hour
)

// Validate returns nil for rules that let somebody through, else Invalid VALIDATION_ERROR with what is wrong in window.*,
// concurrency, callsPerSecond, dailyCap and estimateSeconds. MaxAttempts is the retry policy's to judge.
func (r DispatchRules) Validate() error {
	var wrong fault.Fields
	wrong.Join(r.Window.Validate())
	within := func(ok bool, name string, lowest, highest int) {
		wrong.Require(ok, name, fault.OutOfRange, "min", strconv.Itoa(lowest), "max", strconv.Itoa(highest))
	}
	within(1 <= r.Concurrency && r.Concurrency <= maxConcurrency, "concurrency", 1, maxConcurrency)
	within(0 <= r.PerSecond && r.PerSecond <= maxPerSecond, "callsPerSecond", 0, maxPerSecond)
	within(0 <= r.DailyCap && r.DailyCap <= maxPerDay, "dailyCap", 0, maxPerDay)
	within(time.Second <= r.Estimate && r.Estimate <= maxEstimate, "estimateSeconds", 1, int(maxEstimate/time.Second))
	return wrong.Err()
}

// DispatchState is where a campaign stands.
type DispatchState struct {
	Paused    bool
	ResumedAt time.Time // when a person last set it going
	Live      int       // dispatched and not known to be over, doubtful ones too
	Bucket    Bucket
	Budget    Budget
	Endings   []Ending // at least those within the breaker's span
}

// Candidate is a person who may be called, as read in the transaction that will dispatch.
type Candidate struct {
	Position  int   // of the recipient in the campaign
	Phone     Phone // the person
	DueAt     time.Time
	Zones     []*time.Location // wherever the number may be
	Attempts  int
	Dialled   []time.Time // calls of the whole workspace to the number, at least those of the last 24 hours
	OnCall    bool        // such a call is under way
	DoNotCall bool
}

// Held is a person who is not called now. Until is when that may have changed; zero when time alone will not change it.
type Held struct {
	Position int
	Reason   Reason
	Until    time.Time
}

// Dispatch is the decision: whom to call now, in this order; why the others wait; when to look again at the latest, zero
// when only an event can change anything (a call ends, a person resumes); and the bucket and the budget once those
// calls are placed.
type Dispatch struct {
	Dial   []int // positions
	Held   []Held
	Again  time.Time
	Bucket Bucket
	Budget Budget
}

// Decide picks who may be called at this instant: whoever has been due the longest first, by position where that is equal, and
// never one number twice. The same input gives the same answer.
func Decide(now time.Time, rules DispatchRules, state DispatchState, candidates []Candidate) Dispatch {
	d := decision{now: now, rules: rules, state: state, dialling: map[Phone]bool{}}
	d.broken = rules.Breaker.Trips(now, state.ResumedAt, state.Endings)
	queue := slices.SortedFunc(slices.Values(candidates), func(a, b Candidate) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.Position, b.Position))
	})
	var out Dispatch
	for _, c := range queue {
		reason, until := d.consider(c)
		if reason == "" {
			out.Dial = append(out.Dial, c.Position)
			continue
		}
		out.Held = append(out.Held, Held{Position: c.Position, Reason: reason, Until: until})
		if !until.IsZero() && (out.Again.IsZero() || until.Before(out.Again)) {
			out.Again = until
		}
	}
	out.Bucket, out.Budget = d.state.Bucket, d.state.Budget
	return out
}

// decision is one run of Decide; its state moves with each call that it lets through.
type decision struct {
	now      time.Time
	rules    DispatchRules
	state    DispatchState
	broken   bool
	dialling map[Phone]bool
}

// consider takes the person's call into the state, or returns why not and until when.
func (d *decision) consider(c Candidate) (Reason, time.Time) {
	if reason, until := d.person(c); reason != "" {
		return reason, until
	}
	budget, fits := d.state.Budget.Reserve(d.rules.Estimate)
	if !fits {
		return HeldBudget, time.Time{}
	}
	if d.state.Live >= d.rules.Concurrency {
		return HeldCap, time.Time{}
	}
	granted, bucket := d.state.Bucket.Take(d.now, d.rules.PerSecond, 1)
	if granted == 0 {
		return HeldRate, bucket.FreeAt(d.now, d.rules.PerSecond)
	}
	d.state.Budget, d.state.Bucket = budget, bucket
	d.state.Live++
	d.dialling[c.Phone] = true
	return "", time.Time{}
}

// person returns what speaks against calling this very person now.
func (d *decision) person(c Candidate) (Reason, time.Time) {
	never := time.Time{}
	switch {
	case c.DoNotCall:
		return HeldDoNotCall, never
	case d.rules.MaxAttempts > 0 && c.Attempts >= d.rules.MaxAttempts:
		return HeldAttempts, never
	case d.state.Paused:
		return HeldPaused, never
	case d.broken:
		return HeldBreaker, never
	case c.DueAt.After(d.now):
		return HeldNotDue, c.DueAt
	case c.OnCall || d.dialling[c.Phone]:
		return HeldOnCall, never
	}
	if free := d.dailyFree(c.Dialled); free.After(d.now) {
		return HeldDaily, free
	}
	open, ok := d.rules.Window.Next(d.now, c.Zones, d.rules.Estimate)
	switch {
	case !ok:
		return HeldNoWindow, never
	case open.After(d.now):
		return HeldWindow, open
	default:
		return "", never
	}
}

// dailyFree returns when the number may be called again by the daily cap: 24 hours after the call that filled it.
func (d *decision) dailyFree(dialled []time.Time) time.Time {
	if d.rules.DailyCap <= 0 || len(dialled) < d.rules.DailyCap {
		return d.now
	}
	latestFirst := slices.SortedFunc(slices.Values(dialled), func(a, b time.Time) int { return b.Compare(a) })
	return latestFirst[d.rules.DailyCap-1].Add(dailySpan)
}
