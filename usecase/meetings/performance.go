package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Bounds of the reports. Unset means the default, and more than the most means the most.
const (
	DefaultDays  = 30
	MaxDays      = 366
	DefaultWeeks = 8
	MaxWeeks     = 104

	recentMeetings = 5
)

// Scorecards answers what the completed sales meetings of a workspace say of its reps: one statement a question, whatever
// the number of meetings and of reps. Reps that have left are known too.
type Scorecards interface {
	// Totals returns the averages over all of a rep's meetings, and false when there is no such rep.
	Totals(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID) (RepAverages, bool, error)
	// Newest returns a rep's newest meetings, each with the opportunities of its analysis.
	Newest(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, limit int) ([]ScoredMeeting, error)
	// ByDimension returns a rep's averages since a time, and false when there is no such rep.
	ByDimension(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, since time.Time) (Breakdown, bool, error)
	// ByWeek returns a rep's averages in each of so many weeks, the last of which holds now, oldest first. Weeks begin on
	// Monday in the workspace's zone. False when there is no such rep.
	ByWeek(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, now time.Time, weeks int) (Weekly, bool, error)
	// Team returns one page of the active reps and of those who have left but have meetings, best average first.
	Team(ctx context.Context, ws kernel.WorkspaceID, f TeamFilter) (Team, error)
}

// Averages are over so many completed sales meetings. What cannot be said, as of no meetings, is nil.
type Averages struct {
	Meetings  int
	Score     *float64 // mean of the scores, 0–100
	CloseRate *float64 // share of the meetings whose deal is likely to close (Analysis.IsLikelyToClose), 0–1
}

// RepAverages are a rep's.
type RepAverages struct {
	Averages

	Rep Rep
}

// ScoredMeeting is a meeting as the list shows it, and what could be made of it.
type ScoredMeeting struct {
	Row           MeetingRow
	Opportunities []string
}

// RepPerformance is how a rep fares over all meetings.
type RepPerformance struct {
	RepAverages

	Recent        []MeetingRow // the five newest
	Opportunities []string     // of these
}

// Breakdown is how a rep fares in each dimension: the mean of its points, over the meetings that were scored in it. It is
// empty without meetings.
type Breakdown struct {
	RepAverages

	Dimensions map[meetings.Dimension]float64
}

// Weekly is how a rep fares week by week, oldest first.
type Weekly struct {
	Rep   Rep
	Weeks []WeekAverages
}

// WeekAverages are those of one ISO week.
type WeekAverages struct {
	Averages

	Monday time.Time // the day, in UTC
}

// TeamFilter chooses a page of a team.
type TeamFilter struct {
	Since time.Time // of the meetings that count; zero: all
	Page  int       // from 1
	Limit int
}

// Team is how everybody fares.
type Team struct {
	Averages // of all meetings of all reps

	Reps  []RepAverages
	Total int // of reps, on all pages
}

// PerformanceQueries reads how reps fare, for those who may see it.
//
// Allowed: the rep itself, an admin, the workspace's service. Errors: NotFound SALES_REP_NOT_FOUND, Forbidden.
type PerformanceQueries struct {
	reader     port.Reader
	scorecards Scorecards
	coaching   CoachingReads
	reps       Reps
	clock      port.Clock
}

// Rep returns how a rep fares over all completed sales meetings.
func (q *PerformanceQueries) Rep(ctx context.Context, actor kernel.Principal, rep kernel.RepID) (RepPerformance, error) {
	var p RepPerformance
	err := q.read(ctx, actor, rep, func(ctx context.Context) (found bool, err error) {
		if p.RepAverages, found, err = q.scorecards.Totals(ctx, actor.Workspace, rep); err != nil || !found {
			return found, err
		}
		newest, err := q.scorecards.Newest(ctx, actor.Workspace, rep, recentMeetings)
		opportunities := make([][]string, len(newest))
		for i, m := range newest {
			p.Recent, opportunities[i] = append(p.Recent, m.Row), m.Opportunities
		}
		p.Opportunities = meetings.TopOpportunities(opportunities...)
		return true, err
	})
	if err != nil {
		return RepPerformance{}, fmt.Errorf("read performance: %w", err)
	}
	return p, nil
}

// Breakdown returns how a rep fares in each dimension over the last days.
func (q *PerformanceQueries) Breakdown(ctx context.Context, actor kernel.Principal, rep kernel.RepID, days int) (b Breakdown, err error) {
	err = q.read(ctx, actor, rep, func(ctx context.Context) (found bool, err error) {
		b, found, err = q.scorecards.ByDimension(ctx, actor.Workspace, rep, q.daysAgo(days))
		return found, err
	})
	if err != nil {
		return Breakdown{}, fmt.Errorf("read performance by dimension: %w", err)
	}
	return b, nil
}

// Weekly returns how a rep fares in each of the last weeks, this one included.
func (q *PerformanceQueries) Weekly(ctx context.Context, actor kernel.Principal, rep kernel.RepID, weeks int) (w Weekly, err error) {
	err = q.read(ctx, actor, rep, func(ctx context.Context) (found bool, err error) {
		w, found, err = q.scorecards.ByWeek(ctx, actor.Workspace, rep, q.clock.Now(), within(weeks, DefaultWeeks, MaxWeeks))
		return found, err
	})
	if err != nil {
		return Weekly{}, fmt.Errorf("read performance by week: %w", err)
	}
	return w, nil
}

// Team returns a page of how everybody fares, over the last days or, when they are 0, over all meetings. Errors: Forbidden.
func (q *PerformanceQueries) Team(ctx context.Context, actor kernel.Principal, days int, page, limit int) (team Team, err error) {
	if err := meetings.CanSeeTeam(actor); err != nil {
		return Team{}, fmt.Errorf("read the team's performance: %w", err)
	}
	f := TeamFilter{Page: min(max(page, 1), maxPage), Limit: kernel.Page{Limit: limit}.Size()}
	if days > 0 {
		f.Since = q.daysAgo(days)
	}
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		team, err = q.scorecards.Team(ctx, actor.Workspace, f)
		return err
	})
	if err != nil {
		return Team{}, fmt.Errorf("read the team's performance: %w", err)
	}
	return team, nil
}

// read lets fn read about a rep, whom it may not find, for an actor who may. Whoever may not still hears that there is no
// such rep: another workspace's is nobody here.
func (q *PerformanceQueries) read(ctx context.Context, actor kernel.Principal, rep kernel.RepID, fn func(ctx context.Context) (found bool, err error)) error {
	return q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) (err error) {
		refused, found := meetings.CanSeePerformance(actor, rep), false
		if refused == nil {
			found, err = fn(ctx)
		} else {
			_, found, err = q.reps.Find(ctx, actor.Workspace, rep)
		}
		switch {
		case err != nil:
			return err
		case !found:
			return fault.New(fault.NotFound, meetings.SalesRepNotFound)
		default:
			return refused
		}
	})
}

func (q *PerformanceQueries) daysAgo(days int) time.Time {
	return q.clock.Now().Add(-time.Duration(within(days, DefaultDays, MaxDays)) * 24 * time.Hour)
}

// within returns what was asked for, the default when nothing was, never more than the most.
func within(asked, byDefault, most int) int {
	if asked <= 0 {
		return byDefault
	}
	return min(asked, most)
}
