package batchcallspg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Admins implements batchcallsuc.Admins over identity's reps.
type Admins struct{}

// Admins implements batchcallsuc.Admins.
func (Admins) Admins(ctx context.Context, ws kernel.WorkspaceID) ([]kernel.RepID, error) {
	ids, err := postgres.Collect(ctx, pgx.RowTo[kernel.RepID],
		`select id::text from sales_reps where workspace_id = $1 and is_admin and deactivated_at is null order by id`, ws)
	if err != nil {
		return nil, fmt.Errorf("list admins: %w", err)
	}
	return ids, nil
}
