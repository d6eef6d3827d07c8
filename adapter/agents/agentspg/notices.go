package agentspg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var _ agentsuc.ModelNotices = ModelNotices{}

// ModelNotices implements agentsuc.ModelNotices.
type ModelNotices struct{}

type noticeRow struct {
	bun.BaseModel `bun:"table:agent_model_notices"`

	Workspace kernel.WorkspaceID `bun:"workspace_id,pk"`
	Model     string             `bun:"model,pk"`
	About     agentsuc.Notice    `bun:"notice,pk"`
	At        time.Time          `bun:"created_at"`
}

// Add implements agentsuc.ModelNotices.
func (ModelNotices) Add(ctx context.Context, n agentsuc.ModelNotice) (bool, error) {
	row := noticeRow{Workspace: n.Workspace, Model: n.Model, About: n.About, At: n.At}
	news, err := postgres.Changed(postgres.Conn(ctx).NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx))
	if err != nil {
		return false, fmt.Errorf("add notice of a model: %w", err)
	}
	return news, nil
}

const retiredSQL = `select model from agent_model_notices where workspace_id = $1 and notice = $2`

// Retired implements agentsuc.ModelNotices.
func (ModelNotices) Retired(ctx context.Context, ws kernel.WorkspaceID) ([]string, error) {
	names, err := postgres.Collect(ctx, pgx.RowTo[string], retiredSQL, string(ws), string(agentsuc.NoticeRetired))
	if err != nil {
		return nil, fmt.Errorf("list retired models: %w", err)
	}
	return names, nil
}

// Remove implements agentsuc.ModelNotices.
func (ModelNotices) Remove(ctx context.Context, ws kernel.WorkspaceID, models []string) error {
	if len(models) == 0 {
		return nil
	}
	_, err := postgres.Conn(ctx).NewDelete().Model((*noticeRow)(nil)).
		Where("workspace_id = ? AND notice = ? AND model IN (?)", ws, agentsuc.NoticeRetired, bun.List(models)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("forget retired models: %w", err)
	}
	return nil
}
