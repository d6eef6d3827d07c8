package batchcalls_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

func TestNoSecondHoldsMoreCallsThanTheRate(t *testing.T) {
	t.Parallel()
	start := at(t, "2026-03-02T10:00:00Z")
	for _, rate := range []batchcalls.Rate{1, 2.7, 10} {
		var bucket batchcalls.Bucket
		var begun []time.Time
		for i := range 1_000 {
			now := start.Add(time.Duration(i) * 37 * time.Millisecond)
			var granted int
			granted, bucket = bucket.Take(now, rate, 3)
			for range granted {
				begun = append(begun, now)
			}
		}
		for i := range begun {
			if j := i + int(rate); j < len(begun) {
				require.GreaterOrEqual(t, begun[j].Sub(begun[i]), time.Second, "rate %v", rate)
			}
		}
		require.Greater(t, len(begun), 37/2*int(rate), "rate %v: at least half of it is used", rate)
	}
}

func TestABucketIsFullAtFirstAndEverySecondOfAFullQueue(t *testing.T) {
	t.Parallel()
	start := at(t, "2026-03-02T10:00:00Z")
	granted, bucket := batchcalls.Bucket{}.Take(start, 10, 50)
	require.Equal(t, 10, granted)
	require.Equal(t, start.Add(time.Second), bucket.FreeAt(start, 10))

	granted, bucket = bucket.Take(start.Add(999*time.Millisecond), 10, 50)
	require.Zero(t, granted)
	granted, bucket = bucket.Take(start.Add(time.Second), 10, 4)
	require.Equal(t, 4, granted)
	require.Equal(t, start.Add(time.Second), bucket.FreeAt(start.Add(time.Second), 10), "six are left")
	granted, _ = bucket.Take(start.Add(time.Second), 2, 7)
	require.Equal(t, 2, granted, "the rate was lowered")
	granted, _ = bucket.Take(start, 10, 7)
	require.Equal(t, 6, granted, "a clock that went back fills nothing")
}

func TestARateBelowOneIsACallEverySoOften(t *testing.T) {
	t.Parallel()
	start := at(t, "2026-03-02T10:00:00Z")
	granted, bucket := batchcalls.Bucket{}.Take(start, 0.2, 9)
	require.Equal(t, 1, granted)
	require.Equal(t, start.Add(5*time.Second), bucket.FreeAt(start, 0.2))
	granted, _ = bucket.Take(start.Add(4*time.Second), 0.2, 9)
	require.Zero(t, granted)
	granted, _ = bucket.Take(start.Add(5*time.Second), 0.2, 9)
	require.Equal(t, 1, granted)

	granted, _ = batchcalls.Bucket{}.Take(start, 0, 9)
	require.Equal(t, 9, granted, "no rate is no limit")
	granted, _ = batchcalls.Bucket{}.Take(start, 1, -1)
	require.Zero(t, granted)
}

func TestABudgetReservesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	b := batchcalls.Budget{CapSeconds: 300}
	b, ok := b.Reserve(2 * time.Minute)
	require.True(t, ok)
	b, ok = b.Reserve(2 * time.Minute)
	require.True(t, ok)
	same, ok := b.Reserve(2 * time.Minute)
	require.False(t, ok, "360 seconds of 300")
	require.Equal(t, b, same)
	require.False(t, b.Exhausted(2*time.Minute), "it fits when those two were short")

	b = b.Settle(2*time.Minute, 61*time.Second, batchcalls.ByMinute)
	require.Equal(t, batchcalls.Budget{CapSeconds: 300, SpentSeconds: 120, ReservedSeconds: 120}, b)
	b = b.Release(2 * time.Minute)
	require.Equal(t, batchcalls.Budget{CapSeconds: 300, SpentSeconds: 120}, b)
	b, ok = b.Reserve(3 * time.Minute)
	require.True(t, ok, "to the very last second")
	require.True(t, b.Exhausted(181*time.Second))

	free, ok := batchcalls.Budget{SpentSeconds: 1e9}.Reserve(time.Hour)
	require.True(t, ok, "no cap")
	require.False(t, free.Exhausted(time.Hour))
}

func TestWhatACallCosts(t *testing.T) {
	t.Parallel()
	for talked, want := range map[time.Duration]struct{ second, minute int64 }{
		-time.Second:              {0, 0},
		0:                         {0, 0},
		time.Millisecond:          {1, 60},
		time.Minute:               {60, 60},
		61 * time.Second:          {61, 120},
		119500 * time.Millisecond: {120, 120},
	} {
		require.Equal(t, want.second, batchcalls.BySecond.Seconds(talked), "%s", talked)
		require.Equal(t, want.minute, batchcalls.ByMinute.Seconds(talked), "%s", talked)
	}
}

func TestTheBreakerTripsOnHalfOfFiveCallsWithinTwoMinutes(t *testing.T) {
	t.Parallel()
	now := at(t, "2026-03-02T10:00:00Z")
	endings := func(ago time.Duration, failed, fine int) []batchcalls.Ending {
		all := make([]batchcalls.Ending, failed+fine)
		for i := range all {
			all[i] = batchcalls.Ending{At: now.Add(-ago), Failed: i < failed}
		}
		return all
	}
	for name, c := range map[string]struct {
		endings []batchcalls.Ending
		since   time.Time
		trips   bool
	}{
		"three of five":                  {endings(time.Minute, 3, 2), time.Time{}, true},
		"two of five":                    {endings(time.Minute, 2, 3), time.Time{}, false},
		"exactly half":                   {endings(time.Minute, 3, 3), time.Time{}, true},
		"four are too few to tell":       {endings(time.Minute, 4, 0), time.Time{}, false},
		"they are two minutes old":       {endings(2*time.Minute, 9, 0), time.Time{}, false},
		"a moment younger":               {endings(2*time.Minute-1, 9, 0), time.Time{}, true},
		"somebody has resumed since":     {endings(time.Minute, 9, 0), now.Add(-time.Second), false},
		"they failed after that as well": {endings(time.Minute, 9, 0), now.Add(-time.Minute), true},
		"they are still to come":         {endings(-time.Minute, 9, 0), time.Time{}, false},
		"nothing has ended":              {nil, time.Time{}, false},
	} {
		require.Equal(t, c.trips, batchcalls.DefaultBreaker().Trips(now, c.since, c.endings), name)
		require.False(t, batchcalls.Breaker{}.Trips(now, c.since, c.endings), "no breaker never trips: %s", name)
	}
	for _, s := range []batchcalls.CallStatus{batchcalls.CallBusy, batchcalls.CallNoAnswer, batchcalls.CallVoicemail, batchcalls.CallCompleted} {
		require.False(t, s.IsFailure(), "%s is about the person", s)
	}
	require.True(t, batchcalls.CallFailed.IsFailure())
	require.True(t, batchcalls.CallUnknown.IsFailure())
}

func TestARetryFollowsTheRuleOfItsOutcomeAndOneCapOverAll(t *testing.T) {
	t.Parallel()
	type attempts = []batchcalls.CallStatus
	const busy, away, failed = batchcalls.CallBusy, batchcalls.CallNoAnswer, batchcalls.CallFailed
	policy := batchcalls.RetryPolicy{MaxAttempts: 4, Rules: []batchcalls.RetryRule{
		{Outcome: busy, After: 5 * time.Minute, Times: 3}, {Outcome: away, After: 2 * time.Hour, Times: 1},
	}}
	ended := at(t, "2026-03-02T10:00:00Z")
	for name, c := range map[string]struct {
		attempts attempts
		after    time.Duration // 0: never
	}{
		"busy":                        {attempts{busy}, 5 * time.Minute},
		"not there":                   {attempts{away}, 2 * time.Hour},
		"not there again":             {attempts{away, away}, 0},
		"then busy":                   {attempts{away, away, busy}, 5 * time.Minute},
		"the third time busy":         {attempts{busy, busy, busy}, 5 * time.Minute},
		"four times are enough":       {attempts{busy, busy, away, busy}, 0},
		"no rule for a failure":       {attempts{failed}, 0},
		"reached":                     {attempts{busy, batchcalls.CallCompleted}, 0},
		"nobody knows":                {attempts{batchcalls.CallUnknown}, 0},
		"nobody knew about the first": {attempts{batchcalls.CallUnknown, busy}, 0},
		"not called yet":              {nil, 0},
	} {
		next, ok := policy.NextAttempt(c.attempts, ended)
		require.Equal(t, c.after > 0, ok, name)
		if ok {
			require.Equal(t, ended.Add(c.after), next, name)
		}
	}
}

func TestRetryRulesThatCannotBeFollowedAreRefusedByTheNameOfTheirField(t *testing.T) {
	t.Parallel()
	fine := batchcalls.RetryRule{Outcome: batchcalls.CallBusy, After: time.Minute, Times: 1}
	require.NoError(t, batchcalls.RetryPolicy{MaxAttempts: 1}.Validate())
	require.NoError(t, batchcalls.RetryPolicy{MaxAttempts: 10, Rules: []batchcalls.RetryRule{fine}}.Validate())

	requireFields(t, batchcalls.RetryPolicy{MaxAttempts: 11, Rules: []batchcalls.RetryRule{
		fine, fine,
		{Outcome: batchcalls.CallUnknown, After: time.Second, Times: 0},
		{Outcome: batchcalls.CallFailed, After: 8 * 24 * time.Hour, Times: 10},
	}}.Validate(), "retry.maxAttempts", "retry.rules[1].outcome",
		"retry.rules[2].outcome", "retry.rules[2].afterMinutes", "retry.rules[2].times",
		"retry.rules[3].afterMinutes", "retry.rules[3].times")
}
