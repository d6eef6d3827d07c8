package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// Trackers keeps the trackers of a workspace, in the caller's transaction.
type Trackers interface {
	// Add stores a new tracker. Conflict TRACKER_EXISTS when the name is taken, accents and case aside.
	Add(ctx context.Context, t meetings.Tracker) error
	// Count returns how many there are, and keeps the number from growing until the transaction ends.
	Count(ctx context.Context, ws kernel.WorkspaceID) (int, error)
	// Lock returns one and holds its row. NotFound TRACKER_NOT_FOUND.
	Lock(ctx context.Context, ws kernel.WorkspaceID, id meetings.TrackerID) (meetings.Tracker, error)
	// Save stores a tracker whose row the transaction holds. Conflict TRACKER_EXISTS.
	Save(ctx context.Context, t meetings.Tracker) error
	// Remove deletes a tracker with its counts. NotFound TRACKER_NOT_FOUND.
	Remove(ctx context.Context, ws kernel.WorkspaceID, id meetings.TrackerID) error
}

// TrackerReads answers questions on trackers.
type TrackerReads interface {
	// List returns the first trackers by name, and how many there are in all.
	List(ctx context.Context, ws kernel.WorkspaceID, limit int) ([]meetings.Tracker, int, error)
	// Get returns one. NotFound TRACKER_NOT_FOUND.
	Get(ctx context.Context, ws kernel.WorkspaceID, id meetings.TrackerID) (meetings.Tracker, error)
	// Trend counts a tracker's mentions week by week, oldest first, the last of which holds now.
	Trend(ctx context.Context, t meetings.Tracker, f TrendFilter) ([]TrendWeek, error)
}

// TrendFilter chooses the meetings of a trend.
type TrendFilter struct {
	OnlyVisibleTo kernel.RepID // as of ListFilter
	SeesAll       bool
	SalesRep      kernel.RepID // only this rep's sales meetings; empty: all
	Now           time.Time
	Weeks         int
}

// TrendWeek is what came up in one ISO week of the workspace's zone, in meetings that were held.
type TrendWeek struct {
	Monday   time.Time
	Meetings int // all of them
	With     int // those in which it came up
	Mentions int
}

// Trend is how often a tracker's topic comes up over the weeks.
type Trend struct {
	Tracker meetings.Tracker
	Weeks   []TrendWeek
}

// MentionedTracker is what a tracker finds in one meeting.
type MentionedTracker struct {
	Tracker  meetings.Tracker
	Mentions []meetings.Mention
}

// TrackerPage is the first trackers by name.
type TrackerPage[T any] struct {
	Trackers []T
	Total    int
	Limit    int
}

// Trackers returns the workspace's trackers, for everybody in it.
func (q *MomentQueries) Trackers(ctx context.Context, actor kernel.Principal, limit int) (TrackerPage[meetings.Tracker], error) {
	page := TrackerPage[meetings.Tracker]{Limit: kernel.Page{Limit: limit}.Size()}
	err := q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) (err error) {
		page.Trackers, page.Total, err = q.trackers.List(ctx, actor.Workspace, page.Limit)
		return err
	})
	return page, err
}

// Mentioned returns what the trackers find in one meeting, by the trackers of now. Errors: NotFound MEETING_NOT_FOUND,
// Forbidden, Conflict TRANSCRIPT_NOT_READY.
func (q *MomentQueries) Mentioned(ctx context.Context, actor kernel.Principal, id meetings.ID, limit int) (TrackerPage[MentionedTracker], error) {
	row, said, err := q.transcript(ctx, actor, id)
	if err != nil {
		return TrackerPage[MentionedTracker]{}, fmt.Errorf("read transcript: %w", err)
	}
	page, err := q.Trackers(ctx, actor, limit)
	if err != nil {
		return TrackerPage[MentionedTracker]{}, err
	}
	found := TrackerPage[MentionedTracker]{Total: page.Total, Limit: page.Limit}
	for _, t := range page.Trackers {
		found.Trackers = append(found.Trackers, MentionedTracker{Tracker: t, Mentions: t.Mentions(said, row.repIdentity())})
	}
	return found, nil
}

// Trend returns how often a tracker's topic came up in the meetings that the actor may see. Errors: NotFound
// TRACKER_NOT_FOUND; Forbidden for another rep's meetings.
func (q *MomentQueries) Trend(ctx context.Context, actor kernel.Principal, id meetings.TrackerID, rep kernel.RepID, weeks int) (Trend, error) {
	f := TrendFilter{
		SeesAll: meetings.SeesAll(actor), OnlyVisibleTo: actor.Rep, SalesRep: rep, Now: q.clock.Now(), Weeks: within(weeks, DefaultWeeks, MaxWeeks),
	}
	var trend Trend
	err := q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) (err error) {
		if trend.Tracker, err = q.trackers.Get(ctx, actor.Workspace, id); err != nil {
			return err
		}
		if rep != "" && rep != actor.Rep && !f.SeesAll {
			return fault.New(fault.Forbidden, fault.ForbiddenCode)
		}
		trend.Weeks, err = q.trackers.Trend(ctx, trend.Tracker, f)
		return err
	})
	if err != nil {
		return Trend{}, fmt.Errorf("read trend: %w", err)
	}
	return trend, nil
}

// repIdentity is by what the meeting's rep is told among its speakers.
func (r MeetingRow) repIdentity() meetings.RepIdentity {
	if rep := r.Responsible(); rep != nil {
		return meetings.RepIdentity{Name: rep.Name, Email: rep.Email}
	}
	return meetings.RepIdentity{}
}
