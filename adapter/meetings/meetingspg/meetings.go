package meetingspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Meetings implements meetingsuc.Meetings and meetingsuc.MeetingReads.
type Meetings struct{}

// Add stores a new meeting.
func (Meetings) Add(ctx context.Context, m meetings.Meeting) error {
	m.Version = 0 // the first is 1
	args, err := savedArgs(toRow(m))
	if err == nil {
		err = postgres.Later(ctx, "add meeting", addSQL, append(args, m.CreatedAt)...)
	}
	if err != nil {
		return fmt.Errorf("add meeting: %w", err)
	}
	return nil
}

// meetingColumns are the columns of a meetingRow under the names of its fields.
const meetingColumns = `m.id, m.workspace_id as workspace, coalesce(m.sales_rep_id::text, '') as sales_rep,
	coalesce(m.created_by_rep_id::text, '') as created_by, m.version,
	m.meeting_url as url, m.platform, m.title, m.meeting_type as type, m.sales_subtype as subtype, m.customer, m.language,
	m.status, m.failure, m.scheduled_at, m.scheduled_offset, m.started_at, m.ended_at,
	m.bot_id, m.bot_key, m.bot_state, m.bot_needs_password, m.bot_last_code, m.recording_id, m.transcript_id,
	m.video, m.audio, m.media_stored_at, m.crm, m.created_at, m.updated_at`

const (
	getSQL  = `select ` + meetingColumns + ` from meetings m where m.workspace_id = $1 and m.id = $2`
	lockSQL = getSQL + ` for update`
)

// Get returns one meeting.
func (Meetings) Get(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (meetings.Meeting, error) {
	return one(ctx, getSQL, ws, id)
}

// Lock returns one meeting and holds its row.
func (Meetings) Lock(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (meetings.Meeting, error) {
	return one(ctx, lockSQL, ws, id)
}

// one reads a meeting with a prepared statement: every step of every meeting begins so.
func one(ctx context.Context, query string, ws kernel.WorkspaceID, id meetings.ID) (meetings.Meeting, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByNameLax[meetingRow], query, string(ws), string(id))
	if err != nil {
		return meetings.Meeting{}, fmt.Errorf("get meeting: %w", err)
	}
	if len(rows) == 0 {
		return meetings.Meeting{}, meetings.NotFound()
	}
	return rows[0].meeting(), nil
}

// Save stores a meeting whose row is held.
func (Meetings) Save(ctx context.Context, m meetings.Meeting) error {
	args, err := savedArgs(toRow(m))
	if err == nil {
		err = postgres.Later(ctx, "save meeting", saveSQL, args...)
	}
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
