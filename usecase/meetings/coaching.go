package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// CoachingReads answers how the reps of a workspace talk, in one statement.
type CoachingReads interface {
	// Habits returns what was measured of a rep in two stretches of time, the second of which begins where the first ends
	// and has no end, and of the team in the second. False when there is no such rep.
	Habits(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, since, until time.Time) (Habits, bool, error)
}

// Habits are means over completed sales meetings. A measure that is not there could not be told.
type Habits struct {
	Rep      Rep
	Meetings int // since the second stretch began
	Measured int // of these, in which the rep was identified
	Earlier  int // meetings of the first stretch

	Now        map[meetings.Habit]float64
	Before     map[meetings.Habit]float64
	TeamMedian map[meetings.Habit]float64 // of the reps' own means
	TeamReps   int                        // who had meetings in the second stretch
}

// Coaching returns how a rep talked over the last days, before that, and how the team does.
func (q *PerformanceQueries) Coaching(ctx context.Context, actor kernel.Principal, rep kernel.RepID, days int) (h Habits, err error) {
	until := q.daysAgo(days)
	since := until.Add(until.Sub(q.clock.Now()))
	err = q.read(ctx, actor, rep, func(ctx context.Context) (found bool, err error) {
		h, found, err = q.coaching.Habits(ctx, actor.Workspace, rep, since, until)
		return found, err
	})
	if err != nil {
		return Habits{}, fmt.Errorf("read coaching: %w", err)
	}
	return h, nil
}
