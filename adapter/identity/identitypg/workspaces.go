package identitypg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

var _ identityuc.Workspaces = Workspaces{}

// Workspaces implements identityuc.Workspaces.
type Workspaces struct{}

// Add implements identityuc.Workspaces.
func (Workspaces) Add(ctx context.Context, w identity.Workspace) error {
	_, err := postgres.Conn(ctx).NewInsert().Model(rowOfWorkspace(w)).Exec(ctx)
	if postgres.IsUniqueViolation(err, "workspaces_slug") || postgres.IsUniqueViolation(err, "workspaces_one_default") {
		return fault.Wrap(fault.Conflict, identity.WorkspaceExists, err)
	}
	if err != nil {
		return fmt.Errorf("add workspace: %w", err)
	}
	return nil
}

// Find implements identityuc.Workspaces.
func (Workspaces) Find(ctx context.Context, slug string) (identity.Workspace, bool, error) {
	var row workspaceRow
	q := postgres.Conn(ctx).NewSelect().Model(&row)
	if slug == "" {
		q = q.Where("is_default")
	} else {
		q = q.Where("slug = ?", slug)
	}
	found, err := one(q.Scan(ctx), "find workspace")
	return row.workspace(), found, err
}

// Get implements identityuc.Workspaces.
func (Workspaces) Get(ctx context.Context, ws kernel.WorkspaceID) (identity.Workspace, error) {
	var row workspaceRow
	found, err := one(postgres.Conn(ctx).NewSelect().Model(&row).Where("id = ?", ws).Scan(ctx), "get workspace")
	if err == nil && !found {
		err = fault.New(fault.NotFound, identity.WorkspaceNotFound)
	}
	return row.workspace(), err
}

// one tells "no row" from an error of reading one.
func one(err error, attempt string) (found bool, _ error) {
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	default:
		return false, fmt.Errorf("%s: %w", attempt, err)
	}
}
