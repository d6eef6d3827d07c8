package meetingsuc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// measured is a completed sales meeting in which the rep talked so much of the time, and was so patient.
func (s *system) measured(t *testing.T, rep kernel.Principal, daysAgo int, ratio, patience float64) {
	t.Helper()
	s.scored(t, rep, s.clock.Now().Add(-time.Duration(daysAgo)*24*time.Hour+time.Hour), 50, 50, func(_ *meetings.Meeting, a *meetings.Analysis) {
		a.Metrics = meetings.Metrics{TalkRatio: &ratio, Patience: &patience, Interactivity: 10 * ratio}
	})
}

func TestCoachingIsOverTwoPeriodsAndTheTeamsMedian(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.measured(t, s.ana, 1, 0.5, 0.8)
	s.measured(t, s.ana, 30, 0.7, 0.6)
	s.measured(t, s.ana, 31, 0.9, 0.4)
	s.measured(t, s.ana, 60, 0.7, 0.2)
	s.measured(t, s.ana, 61, 0.1, 9)
	s.scored(t, s.ana, s.clock.Now(), 50, 50, func(_ *meetings.Meeting, a *meetings.Analysis) { a.Metrics.Interactivity = 99 }) // nobody was identified
	s.measured(t, s.beto, 2, 0.2, 0.1)
	s.measured(t, s.beto, 3, 0.4, 0.1)
	s.measured(t, s.admin, 3, 0.9, 2)
	s.measured(t, s.other, 3, 0, 0)

	h, err := s.Performance.Coaching(t.Context(), s.ana, s.ana.Rep, 0)

	require.NoError(t, err)
	require.Equal(t, []int{3, 2, 2, 3}, []int{h.Meetings, h.Measured, h.Earlier, h.TeamReps})
	for habit, want := range map[meetings.Habit][3]float64{
		meetings.HabitTalkRatio: {0.6, 0.8, 0.6}, meetings.HabitPatience: {0.7, 0.3, 0.7}, meetings.HabitInteractivity: {6, 8, 6},
	} {
		require.InDelta(t, want[0], h.Now[habit], 1e-9, habit)
		require.InDelta(t, want[1], h.Before[habit], 1e-9, habit)
		require.InDelta(t, want[2], h.TeamMedian[habit], 1e-9, "%s of 0.3, 0.6 and 0.9, each rep counting once", habit)
	}
	require.NotContains(t, h.Now, meetings.HabitQuestions, "what was not measured is not there")

	week, err := s.Performance.Coaching(t.Context(), s.admin, s.ana.Rep, 7)
	require.NoError(t, err)
	require.Equal(t, []int{2, 1, 0}, []int{week.Meetings, week.Measured, week.Earlier})
	require.Empty(t, week.Before)
}
