package meetings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func targetOf(t *testing.T, m meetings.Habit) meetings.Target {
	t.Helper()
	for _, target := range meetings.Targets() {
		if target.Habit == m {
			return target
		}
	}
	t.Fatalf("%s has no target", m)
	return meetings.Target{}
}

func TestAVerdictSaysOnWhichSideOfThePublishedRangeAValueLies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		habit   meetings.Habit
		value   float64
		verdict meetings.Verdict
	}{
		{meetings.HabitTalkRatio, 0, meetings.Within},
		{meetings.HabitTalkRatio, 0.65, meetings.Within},
		{meetings.HabitTalkRatio, 0.651, meetings.Above},
		{meetings.HabitMonologue, 150, meetings.Within},
		{meetings.HabitMonologue, 150.1, meetings.Above},
		{meetings.HabitCustomerStory, 59.9, meetings.Below},
		{meetings.HabitCustomerStory, 120, meetings.Within},
		{meetings.HabitInteractivity, 4.99, meetings.Below},
		{meetings.HabitInteractivity, 50, meetings.Within},
		{meetings.HabitPatience, 0.6, meetings.Within},
		{meetings.HabitPatience, 1.01, meetings.Above},
		{meetings.HabitQuestions, 10.9, meetings.Below},
		{meetings.HabitQuestions, 14.1, meetings.Above},
		{meetings.HabitSpeed, 500, ""},
	} {
		require.Equal(t, c.verdict, targetOf(t, c.habit).Verdict(c.value), "%s %v", c.habit, c.value)
	}
}

func TestATrendIsTowardsTheRangeOrAwayFromIt(t *testing.T) {
	t.Parallel()
	patience, speed := targetOf(t, meetings.HabitPatience), targetOf(t, meetings.HabitSpeed)
	require.Equal(t, meetings.Closer, patience.Trend(0.2, 0.5))
	require.Equal(t, meetings.Closer, patience.Trend(0.2, 1.1), "from far below to just above")
	require.Equal(t, meetings.Farther, patience.Trend(0.7, 0.5))
	require.Equal(t, meetings.Steady, patience.Trend(0.6, 1.0))
	require.Empty(t, speed.Trend(100, 200))
}

func TestEveryTargetNamesItsSource(t *testing.T) {
	t.Parallel()
	require.Len(t, meetings.Targets(), 7)
	for _, target := range meetings.Targets() {
		require.NotEmpty(t, target.Published, target.Habit)
		require.NotEmpty(t, target.Source, target.Habit)
		require.NotEmpty(t, target.AsOf, target.Habit)
	}
}
