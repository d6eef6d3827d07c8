package batchcallspg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Retention implements batchcallsuc.Retention.
type Retention struct{}

// Due implements batchcallsuc.Retention.
func (Retention) Due(ctx context.Context, ws kernel.WorkspaceID, before time.Time, limit int) ([]batchcalls.BatchID, error) {
	due, err := postgres.Collect(ctx, pgx.RowTo[batchcalls.BatchID], `select id::text from call_batches
		where workspace_id = $1 and erased_at is null and kind <> 'campaign' and created_at < $2 and updated_at < $2
			and status in ('completed', 'failed', 'cancelled')
		order by created_at limit $3`, ws, before, limit)
	if err != nil {
		return nil, fmt.Errorf("look for batches to be erased: %w", err)
	}
	return due, nil
}

// isThere holds of recipients that were not erased: what the provider is sent is never empty.
const isThere = `body <> '{}'`

// Erase implements batchcallsuc.Retention.
func (Retention) Erase(ctx context.Context, ref batchcallsuc.BatchRef, limit int) (int, error) {
	if err := enroll(ctx, ref); err != nil {
		return 0, err
	}
	positions, err := postgres.Collect(ctx, pgx.RowTo[int32], `select position from call_recipients
		where workspace_id = $1 and batch_id = $2 and `+isThere+` limit $3`, ref.Workspace, ref.ID, limit)
	if err != nil {
		return 0, fmt.Errorf("look for people to be erased: %w", err)
	}
	if len(positions) == 0 {
		return 0, nil
	}
	for _, statement := range []string{
		`update call_recipients set phone = '', ref = null, body = '{}', conversation = null, zones = null`,
		`update call_attempts set phone = '', conversation = null, unsettled = false`,
		`update call_outcomes set transcript = null, collected = null, summary = '', reason = ''`,
	} {
		where := ` where workspace_id = $1 and batch_id = $2 and position = any($3)`
		if _, err := postgres.Exec(ctx, statement+where, ref.Workspace, ref.ID, positions); err != nil {
			return 0, fmt.Errorf("erase people: %w", err)
		}
	}
	return len(positions), nil
}

// Done implements batchcallsuc.Retention.
func (Retention) Done(ctx context.Context, ref batchcallsuc.BatchRef, at time.Time) error {
	_, err := postgres.Exec(ctx, `update call_batches set erased_at = $3, version = version + 1 where workspace_id = $1 and id = $2`,
		ref.Workspace, ref.ID, at)
	if err != nil {
		return fmt.Errorf("note that a batch is erased: %w", err)
	}
	return nil
}
