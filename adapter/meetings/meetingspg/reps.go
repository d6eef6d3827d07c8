package meetingspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Reps implements meetingsuc.Reps by reading identity's table, which it never writes.
type Reps struct{}

// FindByEmail returns the active rep with that address.
func (Reps) FindByEmail(ctx context.Context, ws kernel.WorkspaceID, email string) (meetingsuc.Rep, bool, error) {
	return findRep(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("workspace_id = ? AND lower(email) = lower(?) AND deactivated_at IS NULL", ws, email)
	})
}

// Find returns the rep with that ID, active or not.
func (Reps) Find(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID) (meetingsuc.Rep, bool, error) {
	if id == "" {
		return meetingsuc.Rep{}, false, nil
	}
	return findRep(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("workspace_id = ? AND id = ?", ws, id)
	})
}

func findRep(ctx context.Context, where func(*bun.SelectQuery) *bun.SelectQuery) (meetingsuc.Rep, bool, error) {
	var rep meetingsuc.Rep
	err := where(postgres.Conn(ctx).NewSelect().Table("sales_reps").
		ColumnExpr("id, name, email, coalesce(hubspot_owner_override, hubspot_owner_id, '')")).
		Scan(ctx, &rep.ID, &rep.Name, &rep.Email, &rep.OwnerID)
	if errors.Is(err, sql.ErrNoRows) {
		return meetingsuc.Rep{}, false, nil
	}
	if err != nil {
		return meetingsuc.Rep{}, false, fmt.Errorf("find rep: %w", err)
	}
	return rep, true, nil
}
