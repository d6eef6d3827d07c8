// Package idempotency remembers in Postgres what a caller's Idempotency-Key has led to.
package idempotency

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Keys implements port.Idempotency.
type Keys struct{}

// reserveSQL is prepared once a connection: much of what people ask for begins so.
const reserveSQL = `
insert into idempotency_keys (workspace_id, scope, key, body_hash, answer) values ($1, $2, $3, $4, $5) on conflict do nothing`

// Reserve ties the key to answer, or returns what it was tied to earlier. The insert waits for a transaction that holds
// the same key, so that of two at once one always sees the other's answer.
func (Keys) Reserve(ctx context.Context, ws kernel.WorkspaceID, key port.IdempotencyKey, answer string) (string, error) {
	if key.Key == "" {
		return "", nil
	}
	reserved, err := postgres.Exec(ctx, reserveSQL, string(ws), postgres.Text(key.Scope), postgres.Text(key.Key), key.BodyHash, answer)
	if err != nil {
		return "", fmt.Errorf("reserve idempotency key: %w", err)
	}
	if reserved > 0 {
		return "", nil
	}
	var hash, earlier string
	err = postgres.Conn(ctx).NewRaw(`SELECT body_hash, answer FROM idempotency_keys WHERE workspace_id = ? AND scope = ? AND key = ?`,
		ws, key.Scope, key.Key).Scan(ctx, &hash, &earlier)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", fault.New(fault.Unavailable, fault.UnavailableCode) // taken back between the two statements: try again
	case err != nil:
		return "", fmt.Errorf("read idempotency key: %w", err)
	case hash != key.BodyHash:
		return "", fault.New(fault.Conflict, fault.IdempotencyKeyReused)
	default:
		return earlier, nil
	}
}

// Release forgets the key.
func (Keys) Release(ctx context.Context, ws kernel.WorkspaceID, key port.IdempotencyKey) error {
	_, err := postgres.Conn(ctx).NewRaw(`DELETE FROM idempotency_keys WHERE workspace_id = ? AND scope = ? AND key = ?`,
		ws, key.Scope, key.Key).Exec(ctx)
	if err != nil {
		return fmt.Errorf("release idempotency key: %w", err)
	}
	return nil
}

// Purge forgets the workspace's keys that are older than t and returns how many those were.
func (Keys) Purge(ctx context.Context, ws kernel.WorkspaceID, t time.Time) (int, error) {
	res, err := postgres.Conn(ctx).NewRaw(`DELETE FROM idempotency_keys WHERE workspace_id = ? AND created_at < ?`, ws, t).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("purge idempotency keys: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}
