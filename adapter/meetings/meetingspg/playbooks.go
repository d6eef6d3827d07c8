package meetingspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

type playbookRow struct {
	bun.BaseModel `bun:"table:playbooks,alias:p"`

	Workspace  kernel.WorkspaceID           `bun:"workspace_id,pk"`
	Version    int                          `bun:"version,pk"`
	Dimensions []meetings.PlaybookDimension `bun:"dimensions,type:jsonb"`
	EditedBy   kernel.RepID                 `bun:"edited_by,nullzero"`
	EditedAt   time.Time                    `bun:"edited_at"`
}

func (r playbookRow) playbook() meetings.Playbook {
	return meetings.Playbook{Version: r.Version, Dimensions: r.Dimensions, EditedBy: r.EditedBy, EditedAt: &r.EditedAt}
}

// Playbooks implements meetingsuc.Playbooks.
type Playbooks struct{}

// Find returns a version, 0 being the newest.
func (Playbooks) Find(ctx context.Context, ws kernel.WorkspaceID, version int) (meetings.Playbook, bool, error) {
	var row playbookRow
	q := postgres.Conn(ctx).NewSelect().Model(&row).Where("p.workspace_id = ?", ws)
	if version != 0 {
		q = q.Where("p.version = ?", version)
	}
	err := q.OrderExpr("p.version DESC").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return meetings.Playbook{}, false, nil
	}
	if err != nil {
		return meetings.Playbook{}, false, fmt.Errorf("read playbook: %w", err)
	}
	return row.playbook(), true, nil
}

// List returns versions, the newest first.
func (Playbooks) List(ctx context.Context, ws kernel.WorkspaceID, before, limit int) ([]meetings.Playbook, error) {
	var rows []playbookRow
	q := postgres.Conn(ctx).NewSelect().Model(&rows).Where("p.workspace_id = ?", ws)
	if before != 0 {
		q = q.Where("p.version < ?", before)
	}
	if err := q.OrderExpr("p.version DESC").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("list playbooks: %w", err)
	}
	list := make([]meetings.Playbook, len(rows))
	for i, r := range rows {
		list[i] = r.playbook()
	}
	return list, nil
}

// Add stores the next version. Of two beside each other the second waits for the first, and is refused.
func (Playbooks) Add(ctx context.Context, ws kernel.WorkspaceID, p meetings.Playbook) error {
	row := playbookRow{Workspace: ws, Version: p.Version, Dimensions: p.Dimensions, EditedBy: p.EditedBy, EditedAt: *p.EditedAt}
	_, err := postgres.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	if postgres.IsUniqueViolation(err, "playbooks_pkey") {
		return fault.New(fault.Conflict, meetings.VersionConflict)
	}
	if err != nil {
		return fmt.Errorf("store playbook: %w", err)
	}
	return nil
}
