package calendarspg

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

type eventRow struct {
	bun.BaseModel `bun:"table:calendar_events,alias:e"`

	Workspace    kernel.WorkspaceID `bun:"workspace_id"`
	Feed         calendars.FeedID   `bun:"feed_id,pk"`
	UID          string             `bun:"uid,pk"`
	Instance     string             `bun:"instance,pk"`
	Title        string             `bun:"title"`
	Link         string             `bun:"link"`
	Starts       time.Time          `bun:"starts_at"`
	Offset       int                `bun:"starts_offset"`
	Guest        calendars.Guest    `bun:"guest,type:jsonb"`
	Gone         bool               `bun:"gone"`
	BookedLink   string             `bun:"booked_link"`
	BookedStarts *time.Time         `bun:"booked_starts"`
	Meeting      string             `bun:"meeting_id,nullzero"`
}

func (r eventRow) event() calendars.Event {
	e := calendars.Event{
		UID: r.UID, Instance: r.Instance, Title: r.Title, Link: r.Link, Starts: r.Starts.UTC(), Offset: r.Offset, Guest: r.Guest, Gone: r.Gone,
	}
	if r.BookedStarts != nil {
		e.Booking = calendars.Booking{Link: r.BookedLink, Starts: r.BookedStarts.UTC(), Meeting: r.Meeting}
	}
	return e
}

// forgottenAfter is how long an event is kept after its start.
const forgottenAfter = 24 * time.Hour

// wanted is what an event wants that has its booking as the calendar says it.
const wanted = "NOT e.gone AND e.booked_starts = e.starts_at AND e.booked_link = e.link"

// Events implements calendarsuc.Events and calendarsuc.Bookings.
type Events struct{}

// Replace keeps the events as the calendar has them now: all are taken for gone, and those that are there come back.
func (Events) Replace(ctx context.Context, f calendars.Feed, events []calendars.Event, from time.Time) error {
	db := postgres.Conn(ctx)
	_, err := db.NewDelete().Model((*eventRow)(nil)).
		Where("workspace_id = ? AND feed_id = ? AND starts_at < ?", f.Workspace, f.ID, from.Add(-forgottenAfter)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("forget calendar events: %w", err)
	}
	_, err = db.NewUpdate().Model((*eventRow)(nil)).Set("gone = true").
		Where("workspace_id = ? AND feed_id = ? AND starts_at >= ?", f.Workspace, f.ID, from).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark calendar events as gone: %w", err)
	}
	if len(events) == 0 {
		return nil
	}
	rows := make([]eventRow, len(events))
	for i, e := range events {
		rows[i] = eventRow{
			Workspace: f.Workspace, Feed: f.ID, UID: e.UID, Instance: e.Instance, Title: e.Title, Link: e.Link, Starts: e.Starts,
			Offset: e.Offset, Guest: e.Guest,
		}
	}
	q := db.NewInsert().Model(&rows).On("CONFLICT (feed_id, uid, instance) DO UPDATE").Set("gone = false")
	for _, column := range []string{"title", "link", "starts_at", "starts_offset", "guest"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	if _, err := q.Exec(ctx); err != nil {
		return fmt.Errorf("keep calendar events: %w", err)
	}
	return nil
}

// Unsettled returns the events about which something is to be done.
func (Events) Unsettled(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, from, until time.Time) ([]calendars.Event, error) {
	var rows []eventRow
	err := postgres.Conn(ctx).NewSelect().Model(&rows).Where("e.workspace_id = ? AND e.feed_id = ?", ws, feed).
		WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("e.gone").
				WhereOr("e.booked_starts IS NULL AND e.starts_at > ? AND e.starts_at < ?", from, until).
				WhereOr("e.booked_starts IS NOT NULL AND (e.meeting_id IS NULL OR e.booked_starts <> e.starts_at OR e.booked_link <> e.link)")
		}).OrderExpr("e.starts_at, e.uid, e.instance").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read unsettled calendar events: %w", err)
	}
	events := make([]calendars.Event, len(rows))
	for i, r := range rows {
		events[i] = r.event()
	}
	return events, nil
}

func update(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, e calendars.Event) *bun.UpdateQuery {
	return postgres.Conn(ctx).NewUpdate().Model((*eventRow)(nil)).
		Where("workspace_id = ? AND feed_id = ? AND uid = ? AND instance = ?", ws, feed, e.UID, e.Instance)
}

// Intend stores the booking that e is about to get, unless it has one.
func (Events) Intend(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, e calendars.Event) error {
	_, err := update(ctx, ws, feed, e).Set("booked_link = ?, booked_starts = ?", e.Booking.Link, e.Booking.Starts).
		Where("booked_starts IS NULL").Exec(ctx)
	if err != nil {
		return fmt.Errorf("intend a calendar booking: %w", err)
	}
	return nil
}

// Settle stores the meeting of e's booking, unless the booking is another by now.
func (Events) Settle(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, e calendars.Event, meeting string) (bool, error) {
	return postgres.Changed(update(ctx, ws, feed, e).Set("meeting_id = ?", meeting).
		Where("booked_starts = ? AND booked_link = ?", e.Booking.Starts, e.Booking.Link).Exec(ctx))
}

// Release forgets e's booking, and e itself when it is gone, unless the booking is another by now.
func (Events) Release(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, e calendars.Event) error {
	var starts *time.Time
	if e.Booking.IsIntended() {
		starts = &e.Booking.Starts
	}
	const same = "booked_starts IS NOT DISTINCT FROM ?::timestamptz AND booked_link = ?"
	_, err := postgres.Conn(ctx).NewDelete().Model((*eventRow)(nil)).
		Where("workspace_id = ? AND feed_id = ? AND uid = ? AND instance = ? AND gone", ws, feed, e.UID, e.Instance).
		Where(same, starts, e.Booking.Link).Exec(ctx)
	if err == nil {
		_, err = update(ctx, ws, feed, e).Set("booked_link = '', booked_starts = NULL, meeting_id = NULL").
			Where(same, starts, e.Booking.Link).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("release a calendar booking: %w", err)
	}
	return nil
}

// IsWanted reports whether an event still wants a meeting.
func (Events) IsWanted(ctx context.Context, ws kernel.WorkspaceID, except calendars.FeedID, meeting string) (bool, error) {
	q := postgres.Conn(ctx).NewSelect().Model((*eventRow)(nil)).Where("e.workspace_id = ? AND e.meeting_id = ?", ws, meeting).Where(wanted)
	if except != "" {
		q = q.Where("e.feed_id <> ?", except)
	}
	exists, err := q.Exists(ctx)
	if err != nil {
		return false, fmt.Errorf("look for who wants a meeting: %w", err)
	}
	return exists, nil
}

// Booked returns the meetings that a feed has booked for calls after a time.
func (Events) Booked(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, from time.Time) ([]string, error) {
	var ids []string
	err := postgres.Conn(ctx).NewSelect().Model((*eventRow)(nil)).ColumnExpr("DISTINCT e.meeting_id").
		Where("e.workspace_id = ? AND e.feed_id = ? AND e.meeting_id IS NOT NULL AND e.booked_starts > ?", ws, feed, from).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read what a calendar has booked: %w", err)
	}
	return ids, nil
}
