package agentspg

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var _ agentsuc.Admins = Admins{}

// Admins implements agentsuc.Admins over identity's reps.
type Admins struct{}

// Admins implements agentsuc.Admins.
func (Admins) Admins(ctx context.Context, ws kernel.WorkspaceID) ([]kernel.RepID, error) {
	var ids []kernel.RepID
	err := postgres.Conn(ctx).NewSelect().TableExpr("sales_reps").Column("id").
		Where("workspace_id = ? AND is_admin AND deactivated_at IS NULL", ws).OrderExpr("id").Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("list admins: %w", err)
	}
	return ids, nil
}
