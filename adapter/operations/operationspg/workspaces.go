// Package operationspg reads what operations need of all tenants.
package operationspg

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Workspaces implements operationsuc.Workspaces by reading identity's table, which it never writes.
type Workspaces struct{ db *postgres.DB }

// NewWorkspaces makes it.
func NewWorkspaces(db *postgres.DB) *Workspaces { return &Workspaces{db: db} }

// All returns every workspace, oldest first.
func (w *Workspaces) All(ctx context.Context) ([]kernel.WorkspaceID, error) {
	var ids []kernel.WorkspaceID
	err := w.db.System(ctx, func(ctx context.Context) error {
		return postgres.Conn(ctx).NewSelect().Table("workspaces").Column("id").Order("created_at", "id").Scan(ctx, &ids)
	})
	if err != nil {
		return nil, fmt.Errorf("list workspaces: %w", err)
	}
	return ids, nil
}
