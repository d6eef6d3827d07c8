package batchcalls_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

func TestTenThousandSchedulesOfAYearBreakNoPromise(t *testing.T) {
	t.Parallel()
	const schedules = 10_000
	dials, changes, held := 0, 0, map[batchcalls.Reason]int{}
	for seed := range uint64(schedules) {
		s := newSchedule(seed, realRules())
		begun := s.now
		s.run()
		require.Empty(t, s.oracle.breaches, "schedule %d", seed)
		dials += s.oracle.dials
		if s.clockChanged(begun) {
			changes++
		}
		for reason, n := range s.oracle.held {
			held[reason] += n
		}
	}
	t.Logf("%d calls, %d schedules over a change of the clock; held: %v", dials, changes, held)
	require.Greater(t, dials, 3*schedules, "a campaign that calls nobody keeps every promise")
	require.Greater(t, changes, schedules/5)
	require.Len(t, held, 12, "every reason for waiting occurred")
}

func TestEveryPlantedFaultBreaksItsPromise(t *testing.T) {
	t.Parallel()
	type rules = batchcalls.DispatchRules
	type state = batchcalls.DispatchState
	type candidate = batchcalls.Candidate
	for name, fault := range map[string]struct {
		breaks promise
		limits func(*rules, *state)
		person func(*candidate)
		retry  func([]batchcalls.CallStatus, *time.Time)
	}{
		"the window is read in UTC":          {breaks: "window", person: func(c *candidate) { c.Zones = []*time.Location{time.UTC} }},
		"one zone of several is asked":       {breaks: "window", person: func(c *candidate) { c.Zones = c.Zones[:min(1, len(c.Zones))] }},
		"changes of the clock are not known": {breaks: "window", person: func(c *candidate) { c.Zones = withoutChanges(c.Zones) }},
		"a call may outlast the window":      {breaks: "window", limits: func(r *rules, _ *state) { r.Estimate = time.Second }},
		"the window opens a minute early":    {breaks: "window", limits: func(r *rules, _ *state) { r.Window.Start-- }},
		"the window closes an hour late":     {breaks: "window", limits: func(r *rules, _ *state) { r.Window.End += 60 }},
		"the window is open on every day":    {breaks: "window", limits: func(r *rules, _ *state) { r.Window.Days = batchcalls.EveryDay }},
		"the do-not-call list is not asked":  {breaks: "do not call", person: func(c *candidate) { c.DoNotCall = false }},
		"a pause is overlooked":              {breaks: "pause", limits: func(_ *rules, s *state) { s.Paused = false }},
		"one attempt too many":               {breaks: "attempts", limits: func(r *rules, _ *state) { r.MaxAttempts++ }},
		"one call a day too many":            {breaks: "daily cap", limits: func(r *rules, _ *state) { r.DailyCap++ }},
		"one call at once too many":          {breaks: "concurrency", limits: func(r *rules, _ *state) { r.Concurrency++ }},
		"one call a second too many":         {breaks: "rate", limits: func(r *rules, _ *state) { r.PerSecond++ }},
		"what is under way costs nothing":    {breaks: "budget", limits: func(_ *rules, s *state) { s.Budget.ReservedSeconds = 0 }},
		"what was spent is forgotten":        {breaks: "budget", limits: func(_ *rules, s *state) { s.Budget.SpentSeconds = 0 }},
		"the breaker is not asked":           {breaks: "breaker", limits: func(r *rules, _ *state) { r.Breaker = batchcalls.Breaker{} }},
		"who is on a call is not known":      {breaks: "one call at a time", person: func(c *candidate) { c.OnCall = false }},
		"everybody is due":                   {breaks: "due", person: func(c *candidate) { c.DueAt = time.Time{} }},
		"the latest due come first":          {breaks: "order", person: func(c *candidate) { c.DueAt = time.Unix(-c.DueAt.Unix(), 0) }},
		"nobody is let through":              {breaks: "reason", limits: func(r *rules, _ *state) { r.Concurrency = 0 }},
		"an unknown outcome is retried": {breaks: "unknown is never retried", retry: func(attempts []batchcalls.CallStatus, _ *time.Time) {
			for i := range attempts {
				if attempts[i] == batchcalls.CallUnknown {
					attempts[i] = batchcalls.CallFailed
				}
			}
		}},
		"a retry comes too soon": {breaks: "retry", retry: func(_ []batchcalls.CallStatus, endedAt *time.Time) {
			*endedAt = endedAt.Add(-time.Minute)
		}},
		"retries are counted from zero": {breaks: "retry", retry: func(attempts []batchcalls.CallStatus, _ *time.Time) {
			for i := range len(attempts) - 1 {
				attempts[i] = batchcalls.CallCompleted
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book := realRules()
			book.decide = func(now time.Time, r rules, s state, all []candidate) batchcalls.Dispatch {
				if fault.limits != nil {
					fault.limits(&r, &s)
				}
				for i := range all {
					if fault.person != nil {
						fault.person(&all[i])
					}
				}
				return batchcalls.Decide(now, r, s, all)
			}
			book.next = func(p batchcalls.RetryPolicy, attempts []batchcalls.CallStatus, endedAt time.Time) (time.Time, bool) {
				attempts = slices.Clone(attempts)
				if fault.retry != nil {
					fault.retry(attempts, &endedAt)
				}
				return p.NextAttempt(attempts, endedAt)
			}
			requireBreach(t, book, fault.breaks)
		})
	}
}

// requireBreach runs schedules until the oracle notices that the promise is broken, a tenth of what the real rules stand.
func requireBreach(t *testing.T, book rulebook, broken promise) {
	t.Helper()
	for seed := range uint64(1_000) {
		s := newSchedule(seed, book)
		s.run()
		if s.oracle.breaches[broken] != "" {
			return
		}
	}
	require.Fail(t, "nobody noticed", "promise %q", broken)
}

func withoutChanges(zones []*time.Location) []*time.Location {
	fixed := make([]*time.Location, len(zones))
	for i, zone := range zones {
		name, offset := time.Date(2026, 1, 1, 0, 0, 0, 0, zone).Zone()
		fixed[i] = time.FixedZone(name, offset)
	}
	return fixed
}
