package meetingspg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
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

// findPlaybookSQL is prepared once a connection: every analysis of a sale asks for the newest.
const findPlaybookSQL = `
select workspace_id as workspace, version, dimensions, coalesce(edited_by::text, '') as edited_by, edited_at
from playbooks where workspace_id = $1 and $2 in (0, version) order by version desc limit 1`

// Find returns a version, 0 being the newest.
func (Playbooks) Find(ctx context.Context, ws kernel.WorkspaceID, version int) (meetings.Playbook, bool, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByNameLax[playbookRow], findPlaybookSQL, string(ws), version)
	if err != nil {
		return meetings.Playbook{}, false, fmt.Errorf("read playbook: %w", err)
	}
	if len(rows) == 0 {
		return meetings.Playbook{}, false, nil
	}
	return rows[0].playbook(), true, nil
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
