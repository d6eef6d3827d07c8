package batchcalls_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// promise is what a schedule must never break.
type promise string

// oracle judges each decision by the log of calls and by what the schedule was told, with arithmetic of its own: it calls
// nothing of what it judges. It also holds every reason for waiting against the facts, so that a rule which lets nobody
// through breaks a promise too.
type oracle struct {
	breaches map[promise]string // the first of each
	dials    int
	held     map[batchcalls.Reason]int
}

func (o *oracle) breach(p promise, format string, args ...any) {
	if o.breaches == nil {
		o.breaches = map[promise]string{}
	}
	if _, known := o.breaches[p]; !known {
		o.breaches[p] = fmt.Sprintf(format, args...)
	}
}

func (o *oracle) judge(s *schedule, candidates []batchcalls.Candidate, d batchcalls.Dispatch) {
	o.dials += len(d.Dial)
	for i, row := range d.Dial {
		o.judgeDial(s, s.calls[len(s.calls)-len(d.Dial)+i])
		if s.people[row].due.After(s.now) {
			o.breach("due", "row %d was dialled %s early", row, s.people[row].due.Sub(s.now))
		}
	}
	if len(d.Dial) > 0 {
		o.judgeLimits(s)
	}
	told := slices.Clone(d.Dial)
	for _, h := range d.Held {
		told = append(told, h.Position)
		if o.held == nil {
			o.held = map[batchcalls.Reason]int{}
		}
		o.held[h.Reason]++
		if !truly(s, h, d) {
			o.breach("reason", "row %d waits for %s at %s without cause", h.Position, h.Reason, s.now)
		}
	}
	slices.Sort(told)
	if len(told) != len(candidates) || len(slices.Compact(told)) != len(candidates) {
		o.breach("reason", "%d of %d candidates were told", len(told), len(candidates))
	}
	o.judgeOrder(s, d)
}

// judgeDial holds one call against what is promised to the person.
func (o *oracle) judgeDial(s *schedule, c *call) {
	p := s.people[c.row]
	if !fit(s.rules.Window, s.now, p.zones, s.rules.Estimate) {
		o.breach("window", "%v at %s by %+v", p.zones, s.now, s.rules.Window)
	}
	if s.dnc[c.phone] {
		o.breach("do not call", "%s at %s", c.phone, s.now)
	}
	if s.state.Paused {
		o.breach("pause", "row %d at %s", c.row, s.now)
	}
	attempts, daily := 0, 0
	for _, other := range s.calls {
		if other.phone != c.phone {
			continue
		}
		attempts++
		if other.begun.After(s.now.Add(-24 * time.Hour)) {
			daily++
		}
		if other != c && !other.over {
			o.breach("one call at a time", "%s at %s", c.phone, s.now)
		}
	}
	if attempts > s.rules.MaxAttempts {
		o.breach("attempts", "%s was called %d times", c.phone, attempts)
	}
	if s.rules.DailyCap > 0 && daily > s.rules.DailyCap {
		o.breach("daily cap", "%s was called %d times in 24 hours", c.phone, daily)
	}
	o.judgeRetry(s, c)
}

// judgeRetry holds a call to somebody who was called before against the rule of how that ended.
func (o *oracle) judgeRetry(s *schedule, c *call) {
	var earlier []*call
	for _, other := range s.calls {
		if other.row == c.row && other != c {
			earlier = append(earlier, other)
		}
	}
	if len(earlier) == 0 {
		return
	}
	last, same := earlier[len(earlier)-1], 0
	for _, e := range earlier {
		if e.outcome == batchcalls.CallUnknown {
			o.breach("unknown is never retried", "row %d", c.row)
		}
		if e.outcome == last.outcome {
			same++
		}
	}
	for _, r := range s.policy.Rules {
		if r.Outcome == last.outcome && same <= r.Times && !s.now.Before(last.ends.Add(r.After)) {
			return
		}
	}
	o.breach("retry", "row %d after %s", c.row, last.outcome)
}

// judgeLimits holds the campaign's limits against the log, right after calls were placed.
func (o *oracle) judgeLimits(s *schedule) {
	live, second, seconds := 0, 0, int64(0)
	span, most := time.Second, int(s.rules.PerSecond)
	if s.rules.PerSecond > 0 && s.rules.PerSecond < 1 {
		span, most = time.Duration(float64(time.Second)/float64(s.rules.PerSecond)), 1
	}
	for _, c := range s.calls {
		if !c.over {
			live++
			seconds += int64(s.rules.Estimate / time.Second)
		} else {
			seconds += billed(c.talked, s.rounding)
		}
		if s.now.Sub(c.begun) < span {
			second++
		}
	}
	if live > s.rules.Concurrency {
		o.breach("concurrency", "%d calls at once of %d", live, s.rules.Concurrency)
	}
	if most > 0 && second > most {
		o.breach("rate", "%d calls within %s of %d", second, span, most)
	}
	if limit := s.state.Budget.CapSeconds; limit > 0 && seconds > limit {
		o.breach("budget", "%d seconds spent or under way of %d", seconds, limit)
	}
	if tripped(s) {
		o.breach("breaker", "dialled at %s", s.now)
	}
}

// judgeOrder: nobody is passed over by somebody who has been due for a shorter time.
func (o *oracle) judgeOrder(s *schedule, d batchcalls.Dispatch) {
	for _, h := range d.Held {
		if h.Reason != batchcalls.HeldCap && h.Reason != batchcalls.HeldRate && h.Reason != batchcalls.HeldBudget {
			continue
		}
		for _, row := range d.Dial {
			if s.people[h.Position].due.Before(s.people[row].due) {
				o.breach("order", "row %d before row %d", row, h.Position)
			}
		}
	}
}

// truly reports whether the reason for waiting is a fact.
func truly(s *schedule, h batchcalls.Held, d batchcalls.Dispatch) bool {
	p, calls, live, daily, recent, used := s.people[h.Position], 0, 0, 0, 0, int64(0)
	onCall := false
	for _, c := range s.calls {
		if c.over {
			used += billed(c.talked, s.rounding)
		} else {
			used += int64(s.rules.Estimate / time.Second)
			live++
		}
		if s.now.Sub(c.begun) < 2*time.Second {
			recent++
		}
		if c.phone == p.phone {
			calls++
			onCall = onCall || !c.over
			if s.now.Sub(c.begun) < 24*time.Hour {
				daily++
			}
		}
	}
	waits := h.Until.After(s.now)
	switch h.Reason {
	case batchcalls.HeldDoNotCall:
		return s.dnc[p.phone]
	case batchcalls.HeldAttempts:
		return calls >= s.rules.MaxAttempts
	case batchcalls.HeldPaused:
		return s.state.Paused
	case batchcalls.HeldBreaker:
		return tripped(s)
	case batchcalls.HeldNotDue:
		return p.due.After(s.now) && h.Until.Equal(p.due)
	case batchcalls.HeldOnCall:
		return onCall
	case batchcalls.HeldDaily:
		return waits && daily >= s.rules.DailyCap
	case batchcalls.HeldWindow:
		return waits && !fit(s.rules.Window, s.now, p.zones, s.rules.Estimate) && fit(s.rules.Window, h.Until, p.zones, s.rules.Estimate)
	case batchcalls.HeldNoWindow:
		return !fit(s.rules.Window, s.now, p.zones, s.rules.Estimate)
	case batchcalls.HeldBudget:
		return used+int64(s.rules.Estimate/time.Second) > s.state.Budget.CapSeconds
	case batchcalls.HeldCap:
		return live >= s.rules.Concurrency
	case batchcalls.HeldRate:
		return waits && recent > 0
	default:
		return false
	}
}

// fit reads the clock on every wall, as text, at each minute of the call.
func fit(w batchcalls.Window, at time.Time, zones []*time.Location, room time.Duration) bool {
	opens, closes := fmt.Sprintf("%02d:%02d:00", w.Start/60, w.Start%60), fmt.Sprintf("%02d:%02d:00", w.End/60, w.End%60)
	for _, zone := range zones {
		for into := time.Duration(0); ; into = min(into+time.Minute, room-1) {
			day, wall := at.Add(into).In(zone).Format("Monday"), at.Add(into).In(zone).Format("15:04:05")
			if !slices.ContainsFunc(weekdays(w.Days), func(d time.Weekday) bool { return d.String() == day }) || wall < opens || wall >= closes {
				return false
			}
			if into >= room-1 {
				break
			}
		}
	}
	return len(zones) > 0
}

func weekdays(set batchcalls.Weekdays) []time.Weekday {
	var days []time.Weekday
	for d := time.Sunday; d <= time.Saturday; d++ {
		if int(set)>>int(d)%2 == 1 {
			days = append(days, d)
		}
	}
	return days
}

func billed(talked time.Duration, rounding batchcalls.Rounding) int64 {
	unit := 1.0
	if rounding == batchcalls.ByMinute {
		unit = 60
	}
	n := int64(0)
	for float64(n)*unit < talked.Seconds() {
		n++
	}
	return n * int64(unit)
}

// tripped: of at least five calls that ended in the last 120 seconds, and since a person resumed, half failed.
func tripped(s *schedule) bool {
	ended, failed := 0, 0
	for _, c := range s.calls {
		if c.over && s.now.Sub(c.ends) < 120*time.Second && !c.ends.Before(s.state.ResumedAt) {
			ended++
			if c.outcome == batchcalls.CallFailed || c.outcome == batchcalls.CallUnknown {
				failed++
			}
		}
	}
	return s.rules.Breaker.MinCalls > 0 && ended >= 5 && 2*failed >= ended
}
