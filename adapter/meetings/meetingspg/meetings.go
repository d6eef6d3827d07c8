package meetingspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Meetings implements meetingsuc.Meetings and meetingsuc.MeetingReads.
type Meetings struct{}

// Add stores a new meeting.
func (Meetings) Add(ctx context.Context, m meetings.Meeting) error {
	row := toRow(m)
	row.Version = 1
	if _, err := postgres.Conn(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("add meeting: %w", err)
	}
	return nil
}

// Get returns one meeting.
func (Meetings) Get(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (meetings.Meeting, error) {
	return one(ctx, ws, id, "")
}

// Lock returns one meeting and holds its row.
func (Meetings) Lock(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (meetings.Meeting, error) {
	return one(ctx, ws, id, "UPDATE")
}

func one(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, lock string) (meetings.Meeting, error) {
	var row meetingRow
	q := postgres.Conn(ctx).NewSelect().Model(&row).Where("m.workspace_id = ? AND m.id = ?", ws, id)
	if lock != "" {
		q = q.For(lock)
	}
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return meetings.Meeting{}, meetings.NotFound()
	}
	if err != nil {
		return meetings.Meeting{}, fmt.Errorf("get meeting: %w", err)
	}
	return row.meeting(), nil
}

// Save stores a meeting whose row is held.
func (Meetings) Save(ctx context.Context, m meetings.Meeting) error {
	row := toRow(m)
	row.Version = m.Version + 1
	_, err := postgres.Conn(ctx).NewUpdate().Model(&row).ExcludeColumn("id", "workspace_id", "created_at").
		Where("workspace_id = ? AND id = ?", m.Workspace, m.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("save meeting: %w", err)
	}
	return nil
}

// Remove deletes a meeting and what hangs on it.
func (Meetings) Remove(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) error {
	_, err := postgres.Conn(ctx).NewDelete().Model((*meetingRow)(nil)).Where("workspace_id = ? AND id = ?", ws, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("remove meeting: %w", err)
	}
	return nil
}

// find reads the meeting's row of a table into row, and reports whether there is one.
func find(ctx context.Context, row any, ws kernel.WorkspaceID, id meetings.ID) (bool, error) {
	err := postgres.Conn(ctx).NewSelect().Model(row).Where("workspace_id = ? AND meeting_id = ?", ws, id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find what belongs to a meeting: %w", err)
	}
	return true, nil
}

// exists reports whether a table holds a row of the meeting.
func exists(ctx context.Context, model any, ws kernel.WorkspaceID, id meetings.ID) (bool, error) {
	found, err := postgres.Conn(ctx).NewSelect().Model(model).Where("workspace_id = ? AND meeting_id = ?", ws, id).Exists(ctx)
	if err != nil {
		return false, fmt.Errorf("look for what belongs to a meeting: %w", err)
	}
	return found, nil
}
