package agentspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var _ agentsuc.Agents = Agents{}

// Agents implements agentsuc.Agents.
type Agents struct{}

// Add implements agentsuc.Agents.
func (Agents) Add(ctx context.Context, a agents.Agent, editedBy kernel.RepID) (bool, error) {
	row := rowOf(a)
	added, err := postgres.Changed(postgres.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (workspace_id, key) DO NOTHING").Exec(ctx))
	if err != nil {
		return false, fmt.Errorf("add agent: %w", err)
	}
	if !added {
		return false, nil
	}
	return true, Versions{}.Add(ctx, a.Workspace, a.Key, agents.Version{
		Number: a.Version, Instructions: a.Instructions, EditedBy: agents.Editor{ID: editedBy}, CreatedAt: a.CreatedAt,
	})
}

// listSQL is prepared once a connection: every analysis begins with it. Its columns have the names of an agentRow's fields.
const listSQL = `
select a.workspace_id as workspace, a.key, a.kind, a.display_name, a.version, a.model, a.temperature, a.top_p,
	a.suggested_questions as questions, a.meeting_types, a.sales_subtype as subtype, a.store_id as store, a.position, a.active,
	a.created_at, a.updated_at, v.instructions
from agents a join agent_versions v on v.workspace_id = a.workspace_id and v.agent_key = a.key and v.version = a.version
where a.workspace_id = $1 order by a.position, a.key limit $2`

// List implements agentsuc.Agents.
func (Agents) List(ctx context.Context, ws kernel.WorkspaceID) ([]agents.Agent, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByNameLax[agentRow], listSQL, string(ws), agents.MaxAgents)
	if err != nil {
		return nil, fmt.Errorf("list agents: %w", err)
	}
	list := make([]agents.Agent, len(rows))
	for i, r := range rows {
		list[i] = r.agent()
	}
	return list, nil
}

// Find implements agentsuc.Agents.
func (Agents) Find(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) (agents.Agent, bool, error) {
	return find(ctx, ws, key, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

// Lock implements agentsuc.Agents.
func (Agents) Lock(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) (agents.Agent, bool, error) {
	return find(ctx, ws, key, func(q *bun.SelectQuery) *bun.SelectQuery { return q.For("UPDATE OF a") })
}

// Save implements agentsuc.Agents.
func (Agents) Save(ctx context.Context, a agents.Agent) error {
	row := rowOf(a)
	if _, err := postgres.Conn(ctx).NewUpdate().Model(&row).ExcludeColumn("kind", "created_at").WherePK().Exec(ctx); err != nil {
		return fmt.Errorf("save agent: %w", err)
	}
	return nil
}

func find(ctx context.Context, ws kernel.WorkspaceID, key agents.Key, with func(*bun.SelectQuery) *bun.SelectQuery) (agents.Agent, bool, error) {
	var row agentRow
	err := with(withInstructions(ctx, &row, ws).Where("a.key = ?", key)).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return agents.Agent{}, false, nil
	}
	if err != nil {
		return agents.Agent{}, false, fmt.Errorf("find agent: %w", err)
	}
	return row.agent(), true, nil
}

// withInstructions selects agents with the text of their current version.
func withInstructions(ctx context.Context, model any, ws kernel.WorkspaceID) *bun.SelectQuery {
	return postgres.Conn(ctx).NewSelect().Model(model).ColumnExpr("a.*, v.instructions").
		Join("JOIN agent_versions AS v ON v.workspace_id = a.workspace_id AND v.agent_key = a.key AND v.version = a.version").
		Where("a.workspace_id = ?", ws)
}
