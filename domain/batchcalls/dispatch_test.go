package batchcalls_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// tuesday is 10:00 in Mexico City.
const tuesday = "2026-03-03T10:00:00-06:00"

func dispatchRules() batchcalls.DispatchRules {
	return batchcalls.DispatchRules{
		Window: batchcalls.DefaultWindow(), Concurrency: 10, MaxAttempts: 3, Estimate: 2 * time.Minute, Breaker: batchcalls.DefaultBreaker(),
	}
}

// waiting makes people in Mexico City who have been due the longer the later they come in the list.
func waiting(t *testing.T, n int) []batchcalls.Candidate {
	t.Helper()
	all := make([]batchcalls.Candidate, n)
	for i := range all {
		all[i] = batchcalls.Candidate{
			Position: i, Phone: batchcalls.Phone("+52551234567" + string(rune('0'+i))), Zones: zones(t, "America/Mexico_City"),
			DueAt: at(t, tuesday).Add(-time.Duration(i+1) * time.Minute),
		}
	}
	return all
}

func TestWhoHasWaitedTheLongestIsCalledFirst(t *testing.T) {
	t.Parallel()
	rules, all := dispatchRules(), waiting(t, 4)
	all[0].DueAt = all[1].DueAt
	rules.Concurrency = 3
	d := batchcalls.Decide(at(t, tuesday), rules, batchcalls.DispatchState{}, all)
	require.Equal(t, []int{3, 2, 0}, d.Dial, "who is due since the same instant comes in the order of the list")
	require.Equal(t, []batchcalls.Held{{Position: 1, Reason: batchcalls.HeldCap}}, d.Held)
	require.Zero(t, d.Again, "a call that ends makes room, and no clock")
	require.EqualValues(t, 360, d.Budget.ReservedSeconds)
}

func TestEverybodyWhoWaitsIsToldWhyAndUntilWhen(t *testing.T) {
	t.Parallel()
	now := at(t, tuesday)
	all := waiting(t, 10)
	all[0].DoNotCall = true
	all[1].Attempts = 3
	all[2].DueAt = now.Add(5 * time.Minute)
	all[3].OnCall = true
	all[4].Dialled = []time.Time{now.Add(-30 * time.Hour), now.Add(-3 * time.Hour), now.Add(-20 * time.Hour)}
	all[5].Zones = zones(t, "Europe/Madrid", "America/Mexico_City")
	all[6].Zones = zones(t, "America/Los_Angeles", "America/Mexico_City")
	all[7].Zones = nil
	all[8].Phone = all[9].Phone
	rules := dispatchRules()
	rules.DailyCap = 2
	rules.Window.End = 17 * 60 // while it is 10:00 in Mexico City it is 17:00 in Madrid: never both within
	rules.Window.Start = 9 * 60

	d := batchcalls.Decide(now, rules, batchcalls.DispatchState{}, all)

	require.Equal(t, []int{9}, d.Dial)
	require.Equal(t, []batchcalls.Held{
		{Position: 8, Reason: batchcalls.HeldOnCall},
		{Position: 7, Reason: batchcalls.HeldNoWindow},
		{Position: 6, Reason: batchcalls.HeldWindow, Until: now.Add(time.Hour)},
		{Position: 5, Reason: batchcalls.HeldWindow, Until: now.Add(23 * time.Hour)},
		{Position: 4, Reason: batchcalls.HeldDaily, Until: now.Add(4 * time.Hour)},
		{Position: 3, Reason: batchcalls.HeldOnCall},
		{Position: 1, Reason: batchcalls.HeldAttempts},
		{Position: 0, Reason: batchcalls.HeldDoNotCall},
		{Position: 2, Reason: batchcalls.HeldNotDue, Until: now.Add(5 * time.Minute)},
	}, d.Held)
	require.Equal(t, now.Add(5*time.Minute), d.Again)
}

func TestAStoppedCampaignCallsNobody(t *testing.T) {
	t.Parallel()
	now := at(t, tuesday)
	failed := make([]batchcalls.Ending, 5)
	for i := range failed {
		failed[i] = batchcalls.Ending{At: now.Add(-time.Minute), Failed: true}
	}
	for reason, state := range map[batchcalls.Reason]batchcalls.DispatchState{
		batchcalls.HeldPaused:  {Paused: true, Endings: failed},
		batchcalls.HeldBreaker: {Endings: failed},
		batchcalls.HeldBudget:  {Budget: batchcalls.Budget{CapSeconds: 600, SpentSeconds: 300, ReservedSeconds: 240}},
		batchcalls.HeldCap:     {Live: 10},
	} {
		d := batchcalls.Decide(now, dispatchRules(), state, waiting(t, 2))
		require.Empty(t, d.Dial, reason)
		require.Equal(t, []batchcalls.Held{{Position: 1, Reason: reason}, {Position: 0, Reason: reason}}, d.Held)
		require.Zero(t, d.Again, reason)
		require.Equal(t, state.Budget, d.Budget)
	}
}

func TestTheRateSaysWhenToLookAgain(t *testing.T) {
	t.Parallel()
	rules, now := dispatchRules(), at(t, tuesday)
	rules.PerSecond = 2
	d := batchcalls.Decide(now, rules, batchcalls.DispatchState{}, waiting(t, 3))
	require.Equal(t, []int{2, 1}, d.Dial)
	require.Equal(t, now.Add(time.Second), d.Again)

	d = batchcalls.Decide(d.Again, rules, batchcalls.DispatchState{Live: 2, Bucket: d.Bucket}, waiting(t, 1))
	require.Equal(t, []int{0}, d.Dial)
}
