package identitypg

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

var _ identityuc.Keys = Keys{}

// useGrain is how exact the noted last use of a key is: a write on every call would cost more than the call.
const useGrain = 5 * time.Minute

// Keys implements identityuc.Keys.
type Keys struct{}

// Add implements identityuc.Keys.
func (Keys) Add(ctx context.Context, key identity.Key) error {
	if _, err := postgres.Conn(ctx).NewInsert().Model(rowOfKey(key)).Exec(ctx); err != nil {
		return fmt.Errorf("add API key: %w", err)
	}
	return nil
}

// List implements identityuc.Keys.
func (Keys) List(ctx context.Context, ws kernel.WorkspaceID) ([]identity.Key, error) {
	var rows []keyRow
	err := postgres.Conn(ctx).NewSelect().Model(&rows).
		Where("workspace_id = ?", ws).OrderExpr("created_at DESC, id DESC").Limit(kernel.MaxPageSize).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list API keys: %w", err)
	}
	keys := make([]identity.Key, len(rows))
	for i, r := range rows {
		keys[i] = r.key()
	}
	return keys, nil
}

// Revoke implements identityuc.Keys.
func (Keys) Revoke(ctx context.Context, ws kernel.WorkspaceID, id identity.KeyID, at time.Time) (bool, error) {
	revoked, err := postgres.Changed(postgres.Conn(ctx).NewUpdate().Model((*keyRow)(nil)).
		Set("revoked_at = ?", at).Where("workspace_id = ? AND id = ? AND revoked_at IS NULL", ws, id).Exec(ctx))
	if err != nil {
		return false, fmt.Errorf("revoke API key: %w", err)
	}
	return revoked, nil
}

// FindByHash implements identityuc.Keys.
func (Keys) FindByHash(ctx context.Context, hash identity.Hash, at time.Time) (identity.Key, bool, error) {
	var row keyRow
	found, err := one(postgres.Conn(ctx).NewSelect().Model(&row).
		Where("hash = ? AND revoked_at IS NULL", hash[:]).Scan(ctx), "find API key")
	if err != nil || !found {
		return identity.Key{}, false, err
	}
	if row.LastUsedAt == nil || at.Sub(*row.LastUsedAt) >= useGrain {
		_, err := postgres.Conn(ctx).NewUpdate().Model((*keyRow)(nil)).
			Set("last_used_at = ?", at).Where("workspace_id = ? AND id = ?", row.Workspace, row.ID).Exec(ctx)
		if err != nil {
			return identity.Key{}, false, fmt.Errorf("note use of API key: %w", err)
		}
	}
	return row.key(), true, nil
}
