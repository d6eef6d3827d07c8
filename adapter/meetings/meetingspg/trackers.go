package meetingspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Trackers implements meetingsuc.Trackers, TrackerReads and TrackerCounts.
type Trackers struct{}

type trackerRow struct {
	bun.BaseModel `bun:"table:trackers"`

	ID        meetings.TrackerID `bun:"id,pk"`
	Workspace kernel.WorkspaceID `bun:"workspace_id"`
	Name      string             `bun:"name"`
	Terms     []string           `bun:"terms,type:jsonb"`
	Side      meetings.Side      `bun:"side"`
	Revision  int                `bun:"revision"`
	Counted   int                `bun:"counted"`
	CreatedAt time.Time          `bun:"created_at"`
	UpdatedAt time.Time          `bun:"updated_at"`
}

func toTrackerRow(t meetings.Tracker) *trackerRow {
	return &trackerRow{
		ID: t.ID, Workspace: t.Workspace, Name: t.Name, Terms: t.Terms, Side: t.Side, Revision: t.Revision, Counted: t.Counted,
		CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
}

func (r trackerRow) tracker() meetings.Tracker {
	return meetings.Tracker{
		ID: r.ID, Workspace: r.Workspace, Name: r.Name, Terms: r.Terms, Side: r.Side, Revision: r.Revision, Counted: r.Counted,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}

// Add stores a new tracker.
func (Trackers) Add(ctx context.Context, t meetings.Tracker) error {
	added, err := postgres.Changed(postgres.Conn(ctx).NewInsert().Model(toTrackerRow(t)).
		On("CONFLICT (workspace_id, tertulia_fold(name)) DO NOTHING").Exec(ctx))
	if err != nil {
		return fmt.Errorf("add tracker: %w", err)
	}
	if !added {
		return fault.New(fault.Conflict, meetings.TrackerExists)
	}
	return nil
}

// Count returns how many trackers there are; another transaction that counts waits for the end of this one.
func (Trackers) Count(ctx context.Context, ws kernel.WorkspaceID) (int, error) {
	if _, err := postgres.Conn(ctx).NewRaw("SELECT pg_advisory_xact_lock(hashtextextended('trackers/' || ?, 0))", ws.String()).Exec(ctx); err != nil {
		return 0, fmt.Errorf("lock trackers: %w", err)
	}
	n, err := postgres.Conn(ctx).NewSelect().Model((*trackerRow)(nil)).Where("workspace_id = ?", ws).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count trackers: %w", err)
	}
	return int(n), nil
}

// Lock returns one tracker and holds its row.
func (Trackers) Lock(ctx context.Context, ws kernel.WorkspaceID, id meetings.TrackerID) (meetings.Tracker, error) {
	return oneTracker(ctx, ws, id, "UPDATE")
}

// Get returns one tracker.
func (Trackers) Get(ctx context.Context, ws kernel.WorkspaceID, id meetings.TrackerID) (meetings.Tracker, error) {
	return oneTracker(ctx, ws, id, "")
}

func oneTracker(ctx context.Context, ws kernel.WorkspaceID, id meetings.TrackerID, lock string) (meetings.Tracker, error) {
	var row trackerRow
	q := postgres.Conn(ctx).NewSelect().Model(&row).Where("workspace_id = ? AND id = ?", ws, id)
	if lock != "" {
		q = q.For(lock)
	}
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return meetings.Tracker{}, fault.New(fault.NotFound, meetings.TrackerNotFound)
	}
	if err != nil {
		return meetings.Tracker{}, fmt.Errorf("get tracker: %w", err)
	}
	return row.tracker(), nil
}

// Save stores a tracker whose row is held.
func (Trackers) Save(ctx context.Context, t meetings.Tracker) error {
	taken, err := postgres.Conn(ctx).NewSelect().Model((*trackerRow)(nil)).
		Where("workspace_id = ? AND tertulia_fold(name) = tertulia_fold(?) AND id <> ?", t.Workspace, t.Name, t.ID).Exists(ctx)
	if err == nil && taken {
		return fault.New(fault.Conflict, meetings.TrackerExists)
	}
	if err == nil {
		_, err = postgres.Conn(ctx).NewUpdate().Model(toTrackerRow(t)).ExcludeColumn("id", "workspace_id", "created_at").
			Where("workspace_id = ? AND id = ?", t.Workspace, t.ID).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("save tracker: %w", err)
	}
	return nil
}

// Remove deletes a tracker; its counts go with it.
func (Trackers) Remove(ctx context.Context, ws kernel.WorkspaceID, id meetings.TrackerID) error {
	removed, err := postgres.Changed(postgres.Conn(ctx).NewDelete().Model((*trackerRow)(nil)).
		Where("workspace_id = ? AND id = ?", ws, id).Exec(ctx))
	if err != nil {
		return fmt.Errorf("remove tracker: %w", err)
	}
	if !removed {
		return fault.New(fault.NotFound, meetings.TrackerNotFound)
	}
	return nil
}

// List returns the first trackers by name, and how many there are.
func (Trackers) List(ctx context.Context, ws kernel.WorkspaceID, limit int) ([]meetings.Tracker, int, error) {
	var rows []trackerRow
	err := postgres.Conn(ctx).NewSelect().Model(&rows).Where("workspace_id = ?", ws).
		OrderExpr("tertulia_fold(name), id").Limit(meetings.MaxTrackers).Scan(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("list trackers: %w", err)
	}
	return trackersOf(rows[:min(limit, len(rows))]), len(rows), nil
}

// Active returns every tracker and holds it against change, in the order in which everybody takes them.
func (Trackers) Active(ctx context.Context, ws kernel.WorkspaceID) ([]meetings.Tracker, error) {
	var rows []trackerRow
	if err := postgres.Conn(ctx).NewSelect().Model(&rows).Where("workspace_id = ?", ws).OrderExpr("id").For("SHARE").Scan(ctx); err != nil {
		return nil, fmt.Errorf("hold trackers: %w", err)
	}
	return trackersOf(rows), nil
}

func trackersOf(rows []trackerRow) []meetings.Tracker {
	trackers := make([]meetings.Tracker, len(rows))
	for i, r := range rows {
		trackers[i] = r.tracker()
	}
	return trackers
}

// Replace stores how often a tracker comes up in a meeting.
func (Trackers) Replace(ctx context.Context, t meetings.Tracker, meeting meetings.ID, mentions int) error {
	var err error
	if mentions == 0 {
		_, err = postgres.Conn(ctx).NewRaw("DELETE FROM tracker_counts WHERE workspace_id = ? AND tracker_id = ? AND meeting_id = ?",
			t.Workspace, t.ID, meeting).Exec(ctx)
	} else {
		_, err = postgres.Conn(ctx).NewRaw(`INSERT INTO tracker_counts (workspace_id, tracker_id, meeting_id, revision, mentions)
			VALUES (?, ?, ?, ?, ?) ON CONFLICT (tracker_id, meeting_id) DO UPDATE SET revision = excluded.revision, mentions = excluded.mentions`,
			t.Workspace, t.ID, meeting, t.Revision, mentions).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("store count of tracker: %w", err)
	}
	return nil
}

// Next returns meetings with a transcript after one of them.
func (Trackers) Next(ctx context.Context, ws kernel.WorkspaceID, after meetings.ID, limit int) ([]meetings.ID, error) {
	q := postgres.Conn(ctx).NewSelect().Table("transcripts").Column("meeting_id").Where("workspace_id = ?", ws)
	if after != "" {
		q = q.Where("meeting_id > ?", after)
	}
	var ids []meetings.ID
	if err := q.OrderExpr("meeting_id").Limit(int64(limit)).Scan(ctx, &ids); err != nil {
		return nil, fmt.Errorf("find meetings to count: %w", err)
	}
	return ids, nil
}

// trendSQL counts weeks back on the calendar of the workspace's zone, where a week may have an hour more or less.
const trendSQL = `
with weeks as (
	select monday, monday at time zone zone as begins, (monday + interval '7 days') at time zone zone as ends
	from (
		select w.timezone as zone, date_trunc('week', $4::timestamptz at time zone w.timezone) - n * interval '7 days' as monday
		from workspaces w, generate_series(0, $5::int - 1) as n
		where w.id = $1
	) as mondays
)
select weeks.monday::date as monday, count(m.id)::int as meetings, count(c.meeting_id)::int as "with", coalesce(sum(c.mentions), 0)::int as mentions
from weeks
left join meetings m on m.workspace_id = $1 and m.occurs_at >= weeks.begins and m.occurs_at < weeks.ends and m.status = $6
	and ($7 or m.meeting_type <> $8 or m.sales_rep_id = nullif($9, '')::uuid or m.created_by_rep_id = nullif($9, '')::uuid)
	and ($10 = '' or m.sales_rep_id = nullif($10, '')::uuid)
left join tracker_counts c on c.tracker_id = $2 and c.meeting_id = m.id and c.revision = $3
group by weeks.monday
order by weeks.monday`

// Trend counts a tracker's mentions week by week.
func (Trackers) Trend(ctx context.Context, t meetings.Tracker, f meetingsuc.TrendFilter) ([]meetingsuc.TrendWeek, error) {
	weeks, err := postgres.Collect(ctx, pgx.RowToStructByName[meetingsuc.TrendWeek], trendSQL, string(t.Workspace), string(t.ID), t.Revision,
		f.Now, f.Weeks, string(meetings.Completed), f.SeesAll, string(meetings.Sales), string(f.OnlyVisibleTo), string(f.SalesRep))
	if err != nil {
		return nil, fmt.Errorf("count mentions by week: %w", err)
	}
	return weeks, nil
}
