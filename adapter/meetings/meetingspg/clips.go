package meetingspg

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Clips implements meetingsuc.Clips.
type Clips struct{}

type clipRow struct {
	bun.BaseModel `bun:"table:clips,alias:c"`

	ID        meetings.ClipID    `bun:"id,pk"`
	Workspace kernel.WorkspaceID `bun:"workspace_id"`
	Meeting   meetings.ID        `bun:"meeting_id"`
	Title     string             `bun:"title"`
	Start     meetings.Millis    `bun:"start_ms"`
	End       meetings.Millis    `bun:"end_ms"`
	CreatedBy kernel.RepID       `bun:"created_by,nullzero"`
	CreatedAt time.Time          `bun:"created_at"`

	AuthorName  *string `bun:"author_name,scanonly"`
	AuthorEmail *string `bun:"author_email,scanonly"`
}

// Add stores a new clip.
func (Clips) Add(ctx context.Context, c meetings.Clip) error {
	row := clipRow{
		ID: c.ID, Workspace: c.Workspace, Meeting: c.Meeting, Title: c.Title, Start: c.Start, End: c.End,
		CreatedBy: c.CreatedBy, CreatedAt: c.CreatedAt,
	}
	if _, err := postgres.Conn(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("add clip: %w", err)
	}
	return nil
}

// Count returns how many clips a meeting has.
func (Clips) Count(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID) (int, error) {
	n, err := postgres.Conn(ctx).NewSelect().Model((*clipRow)(nil)).Where("workspace_id = ? AND meeting_id = ?", ws, meeting).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count clips: %w", err)
	}
	return int(n), nil
}

// List returns clips of a meeting with who made them, in the order of the recording.
func (Clips) List(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID, id meetings.ClipID, limit int) ([]meetingsuc.ClipRow, error) {
	var rows []clipRow
	q := postgres.Conn(ctx).NewSelect().Model(&rows).ColumnExpr("?TableColumns").
		ColumnExpr("author.name AS author_name, author.email AS author_email").
		Join("LEFT JOIN sales_reps AS author ON author.id = c.created_by").
		Where("c.workspace_id = ? AND c.meeting_id = ?", ws, meeting)
	if id != "" {
		q = q.Where("c.id = ?", id)
	}
	if err := q.OrderExpr("c.start_ms, c.id").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("list clips: %w", err)
	}
	clips := make([]meetingsuc.ClipRow, len(rows))
	for i, r := range rows {
		clips[i].Clip = meetings.Clip{
			ID: r.ID, Workspace: r.Workspace, Meeting: r.Meeting, Title: r.Title, Start: r.Start, End: r.End,
			CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt,
		}
		if r.AuthorEmail != nil {
			clips[i].Author = &meetingsuc.Rep{ID: r.CreatedBy, Name: *r.AuthorName, Email: *r.AuthorEmail}
		}
	}
	return clips, nil
}

// Remove deletes a clip of a meeting.
func (Clips) Remove(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID, id meetings.ClipID) error {
	removed, err := postgres.Changed(postgres.Conn(ctx).NewDelete().Model((*clipRow)(nil)).
		Where("workspace_id = ? AND meeting_id = ? AND id = ?", ws, meeting, id).Exec(ctx))
	if err != nil {
		return fmt.Errorf("remove clip: %w", err)
	}
	if !removed {
		return fault.New(fault.NotFound, meetings.ClipNotFound)
	}
	return nil
}
