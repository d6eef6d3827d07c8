package agentspg

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var _ agentsuc.Versions = Versions{}

// Versions implements agentsuc.Versions.
type Versions struct{}

// Add implements agentsuc.Versions.
func (Versions) Add(ctx context.Context, ws kernel.WorkspaceID, key agents.Key, v agents.Version) error {
	row := versionRow{
		Workspace: ws, Agent: key, Version: v.Number, Instructions: v.Instructions, EditedBy: v.EditedBy.ID, CreatedAt: v.CreatedAt,
	}
	if _, err := postgres.Conn(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("add version of agent: %w", err)
	}
	return nil
}

// Latest implements agentsuc.Versions.
func (Versions) Latest(ctx context.Context, ws kernel.WorkspaceID, key agents.Key, limit int) ([]agents.Version, error) {
	var rows []struct {
		versionRow

		EditorName string `bun:"editor_name"`
	}
	err := postgres.Conn(ctx).NewSelect().TableExpr("agent_versions AS v").
		ColumnExpr("v.version, v.instructions, v.edited_by, v.created_at, coalesce(r.name, '') AS editor_name").
		Join("LEFT JOIN sales_reps AS r ON r.workspace_id = v.workspace_id AND r.id = v.edited_by").
		Where("v.workspace_id = ? AND v.agent_key = ?", ws, key).
		OrderExpr("v.version DESC").Limit(int64(limit)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("list versions of agent: %w", err)
	}
	list := make([]agents.Version, len(rows))
	for i, r := range rows {
		list[i] = agents.Version{
			Number: r.Version, Instructions: r.Instructions, CreatedAt: r.CreatedAt,
			EditedBy: agents.Editor{ID: r.EditedBy, Name: r.EditorName},
		}
	}
	return list, nil
}
