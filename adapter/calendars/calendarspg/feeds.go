// Package calendarspg keeps calendars in Postgres.
package calendarspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	calendarsuc "github.com/tertulia-dev/tertulia/usecase/calendars"
)

type feedRow struct {
	bun.BaseModel `bun:"table:calendar_feeds,alias:f"`

	ID           calendars.FeedID   `bun:"id,pk"`
	Workspace    kernel.WorkspaceID `bun:"workspace_id"`
	Rep          kernel.RepID       `bun:"rep_id"`
	Name         string             `bun:"name"`
	URL          string             `bun:"url"`
	Internal     bool               `bun:"include_internal"`
	ETag         string             `bun:"etag"`
	LastModified string             `bun:"last_modified"`
	ReadAt       *time.Time         `bun:"read_at"`
	PolledAt     *time.Time         `bun:"polled_at"`
	Failure      failure            `bun:"failure,type:jsonb"`
	Failures     int                `bun:"failures"`
	NextPoll     time.Time          `bun:"next_poll_at"`
	CreatedAt    time.Time          `bun:"created_at"`
}

type failure struct {
	Code   fault.Code        `json:"code,omitempty"`
	Params map[string]string `json:"params,omitempty"`
}

func fromFeed(f calendars.Feed) feedRow {
	return feedRow{
		ID: f.ID, Workspace: f.Workspace, Rep: f.Rep, Name: f.Name, URL: f.URL, Internal: f.Internal, ETag: f.Known.ETag,
		LastModified: f.Known.LastModified, ReadAt: f.ReadAt, PolledAt: f.PolledAt, Failure: failure(f.Failure), Failures: f.Failures,
		NextPoll: f.NextPoll, CreatedAt: f.CreatedAt,
	}
}

func (r feedRow) feed() calendars.Feed {
	return calendars.Feed{
		ID: r.ID, Workspace: r.Workspace, Rep: r.Rep, Name: r.Name, URL: r.URL, Internal: r.Internal,
		Known:  calendars.Validators{ETag: r.ETag, LastModified: r.LastModified},
		ReadAt: r.ReadAt, PolledAt: r.PolledAt, Failure: calendars.Failure(r.Failure), Failures: r.Failures,
		NextPoll: r.NextPoll, CreatedAt: r.CreatedAt,
	}
}

// Feeds implements calendarsuc.Feeds and calendarsuc.FeedReads.
type Feeds struct{}

// Add stores a feed.
func (Feeds) Add(ctx context.Context, f calendars.Feed) error {
	row := fromFeed(f)
	_, err := postgres.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	if postgres.IsUniqueViolation(err, "calendar_feeds_once") {
		return fault.New(fault.Conflict, calendars.FeedExists)
	}
	if err != nil {
		return fmt.Errorf("add calendar feed: %w", err)
	}
	return nil
}

// Get returns a feed.
func (Feeds) Get(ctx context.Context, ws kernel.WorkspaceID, id calendars.FeedID) (calendars.Feed, error) {
	return find(ctx, ws, id, "")
}

// Lock returns a feed and holds its row.
func (Feeds) Lock(ctx context.Context, ws kernel.WorkspaceID, id calendars.FeedID) (calendars.Feed, error) {
	return find(ctx, ws, id, "UPDATE")
}

func find(ctx context.Context, ws kernel.WorkspaceID, id calendars.FeedID, lock string) (calendars.Feed, error) {
	var row feedRow
	q := postgres.Conn(ctx).NewSelect().Model(&row).Where("f.workspace_id = ? AND f.id = ?", ws, id)
	if lock != "" {
		q = q.For(lock)
	}
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return calendars.Feed{}, fault.New(fault.NotFound, calendars.FeedNotFound)
	}
	if err != nil {
		return calendars.Feed{}, fmt.Errorf("read calendar feed: %w", err)
	}
	return row.feed(), nil
}

// Save stores what polls have changed.
func (Feeds) Save(ctx context.Context, f calendars.Feed) error {
	row := fromFeed(f)
	_, err := postgres.Conn(ctx).NewUpdate().Model(&row).
		Column("etag", "last_modified", "read_at", "polled_at", "failure", "failures", "next_poll_at").
		Where("workspace_id = ? AND id = ?", f.Workspace, f.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("save calendar feed: %w", err)
	}
	return nil
}

// Remove deletes a feed with its events.
func (Feeds) Remove(ctx context.Context, ws kernel.WorkspaceID, id calendars.FeedID) error {
	_, err := postgres.Conn(ctx).NewDelete().Model((*feedRow)(nil)).Where("workspace_id = ? AND id = ?", ws, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("remove calendar feed: %w", err)
	}
	return nil
}

// List returns a rep's feeds with the number of their calls.
func (Feeds) List(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, from, until time.Time) ([]calendarsuc.FeedRow, error) {
	var rows []struct {
		bun.BaseModel `bun:"table:calendar_feeds,alias:f"`
		feedRow

		Upcoming int `bun:"upcoming,scanonly"`
	}
	db := postgres.Conn(ctx)
	upcoming := db.NewSelect().TableExpr("calendar_events AS e").ColumnExpr("count(*)").
		Where("e.workspace_id = f.workspace_id AND e.feed_id = f.id AND NOT e.gone AND e.starts_at >= ? AND e.starts_at < ?", from, until)
	err := db.NewSelect().Model(&rows).ColumnExpr("?TableColumns").ColumnExpr("(?) AS upcoming", upcoming).
		Where("f.workspace_id = ? AND f.rep_id = ?", ws, rep).OrderExpr("f.created_at, f.id").Limit(calendars.MaxFeeds + 1).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list calendar feeds: %w", err)
	}
	list := make([]calendarsuc.FeedRow, len(rows))
	for i, r := range rows {
		list[i] = calendarsuc.FeedRow{Feed: r.feed(), Upcoming: r.Upcoming}
	}
	return list, nil
}

// Owner reads identity's tables, which it never writes.
func (Feeds) Owner(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID) (calendarsuc.Owner, bool, error) {
	var owner calendarsuc.Owner
	var isAdmin bool
	err := postgres.Conn(ctx).NewSelect().TableExpr("sales_reps AS r").Join("JOIN workspaces AS w ON w.id = r.workspace_id").
		ColumnExpr("r.email, r.name, r.is_admin, w.timezone").
		Where("r.workspace_id = ? AND r.id = ? AND r.deactivated_at IS NULL", ws, rep).
		Scan(ctx, &owner.Email, &owner.Name, &isAdmin, &owner.Zone)
	if errors.Is(err, sql.ErrNoRows) {
		return calendarsuc.Owner{}, false, nil
	}
	if err != nil {
		return calendarsuc.Owner{}, false, fmt.Errorf("read a calendar's owner: %w", err)
	}
	owner.Role = kernel.Rep
	if isAdmin {
		owner.Role = kernel.Admin
	}
	return owner, true, nil
}
