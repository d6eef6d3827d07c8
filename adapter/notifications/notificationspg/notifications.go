// Package notificationspg keeps notifications in Postgres.
package notificationspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

type row struct {
	bun.BaseModel `bun:"table:notifications,alias:n"`

	ID        notifications.ID   `bun:"id,pk"`
	Workspace kernel.WorkspaceID `bun:"workspace_id"`
	Rep       kernel.RepID       `bun:"rep_id"`
	Event     string             `bun:"event_id"`
	Type      notifications.Type `bun:"type"`
	Meeting   string             `bun:"meeting_id,nullzero"`
	Params    map[string]string  `bun:"params,type:jsonb"`
	ReadAt    *time.Time         `bun:"read_at"`
	CreatedAt time.Time          `bun:"created_at"`
}

// Notifications implements notificationsuc.Notifications.
type Notifications struct{}

// Add stores a notification unless its event has already notified the rep, or its meeting has been deleted since.
func (Notifications) Add(ctx context.Context, n notifications.Notification) error {
	params := n.Params
	if params == nil {
		params = map[string]string{}
	}
	body, err := postgres.Document(params)
	if err == nil {
		err = postgres.Later(ctx, "add notification", addSQL, string(n.ID), string(n.Workspace), string(n.Rep), n.Event,
			string(n.Type), n.Meeting, body, n.ReadAt, n.CreatedAt)
	}
	if err != nil {
		return fmt.Errorf("add notification: %w", err)
	}
	return nil
}

// addSQL, prepared once a connection: many events tell somebody. A meeting that goes this moment fails it, and the next try
// does not find the meeting.
const addSQL = `
insert into notifications (id, workspace_id, rep_id, event_id, type, meeting_id, params, read_at, created_at)
select $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, nullif($6, '')::uuid, $7::jsonb, $8::timestamptz, $9::timestamptz
where $6 = '' or exists (select from meetings where workspace_id = $2 and id = nullif($6, '')::uuid)
on conflict (event_id, rep_id) do nothing`

// Latest returns the newest and the number of unread ones, in one statement.
func (Notifications) Latest(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, limit int) ([]notifications.Notification, int, error) {
	var rows []struct {
		bun.BaseModel `bun:"table:notifications,alias:n"`
		row

		Unread int `bun:"unread,scanonly"`
	}
	db := postgres.Conn(ctx)
	unread := db.NewSelect().TableExpr("notifications").ColumnExpr("count(*)").
		Where("workspace_id = ? AND rep_id = ? AND read_at IS NULL", ws, rep)
	err := db.NewSelect().Model(&rows).ColumnExpr("?TableColumns").ColumnExpr("(?) AS unread", unread).
		Where("n.workspace_id = ? AND n.rep_id = ?", ws, rep).
		OrderExpr("n.created_at DESC, n.id DESC").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read latest notifications: %w", err)
	}
	list := make([]notifications.Notification, len(rows))
	count := 0
	for i, r := range rows {
		list[i], count = r.notification(), r.Unread
	}
	return list, count, nil
}

func (r row) notification() notifications.Notification {
	return notifications.Notification{
		ID: r.ID, Workspace: r.Workspace, Rep: r.Rep, Event: r.Event, Type: r.Type, Meeting: r.Meeting,
		Params: r.Params, ReadAt: r.ReadAt, CreatedAt: r.CreatedAt,
	}
}

// MarkRead marks one and returns it.
func (Notifications) MarkRead(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, id notifications.ID, at time.Time) (notifications.Notification, error) {
	var r row
	err := postgres.Conn(ctx).NewUpdate().Model(&r).Set("read_at = coalesce(read_at, ?)", at).
		Where("workspace_id = ? AND rep_id = ? AND id = ?", ws, rep, id).Returning("*").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return notifications.Notification{}, fault.New(fault.NotFound, notifications.NotFound)
	}
	if err != nil {
		return notifications.Notification{}, fmt.Errorf("mark notification read: %w", err)
	}
	return r.notification(), nil
}

// MarkAllRead marks every unread one.
func (Notifications) MarkAllRead(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, at time.Time) (int, error) {
	res, err := postgres.Conn(ctx).NewUpdate().Model((*row)(nil)).Set("read_at = ?", at).
		Where("workspace_id = ? AND rep_id = ? AND read_at IS NULL", ws, rep).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("mark all notifications read: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// DeleteRead removes those that were read.
func (Notifications) DeleteRead(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID) (int, error) {
	res, err := postgres.Conn(ctx).NewDelete().Model((*row)(nil)).
		Where("workspace_id = ? AND rep_id = ? AND read_at IS NOT NULL", ws, rep).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("delete read notifications: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}
