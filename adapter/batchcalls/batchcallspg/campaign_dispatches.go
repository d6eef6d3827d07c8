package batchcallspg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Dispatches implements batchcallsuc.Dispatches.
type Dispatches struct{}

// Add implements batchcallsuc.Dispatches.
func (Dispatches) Add(ctx context.Context, ref batchcallsuc.BatchRef, ordinal int, until time.Time) error {
	_, err := postgres.Exec(ctx, `insert into call_dispatches (workspace_id, batch_id, ordinal, until) values ($1, $2, $3, $4)`,
		ref.Workspace, ref.ID, ordinal, until)
	if err != nil {
		return fmt.Errorf("add dispatch: %w", err)
	}
	return nil
}

type dispatchRow struct {
	Ordinal int
	Until   time.Time
}

// openSQL reads the dispatches whose chunk may still change: from those chunks, which are few, and not from the dispatches, which
// are all that there ever were. The limit has each looked up by its key, whatever Postgres takes the campaign for.
const openSQL = `
with live as materialized (` + liveOrdinals + `)
select d.ordinal, d.until from live
cross join lateral (select * from call_dispatches d
	where d.workspace_id = $1 and d.batch_id = $2 and d.ordinal = live.ordinal limit 1) d
where (d.withdrawn_at is not null) = $3`

// Open implements batchcallsuc.Dispatches.
func (Dispatches) Open(ctx context.Context, ref batchcallsuc.BatchRef) (map[int]time.Time, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[dispatchRow], openSQL, ref.Workspace, ref.ID, false)
	if err != nil {
		return nil, fmt.Errorf("read open dispatches: %w", err)
	}
	open := make(map[int]time.Time, len(rows))
	for _, r := range rows {
		open[r.Ordinal] = r.Until.UTC()
	}
	return open, nil
}

// Withdrawn implements batchcallsuc.Dispatches.
func (Dispatches) Withdrawn(ctx context.Context, ref batchcallsuc.BatchRef) (map[int]bool, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[dispatchRow], openSQL, ref.Workspace, ref.ID, true)
	if err != nil {
		return nil, fmt.Errorf("read withdrawn dispatches: %w", err)
	}
	withdrawn := make(map[int]bool, len(rows))
	for _, r := range rows {
		withdrawn[r.Ordinal] = true
	}
	return withdrawn, nil
}

// Withdraw implements batchcallsuc.Dispatches.
func (Dispatches) Withdraw(ctx context.Context, ref batchcallsuc.BatchRef, ordinals []int, at time.Time) error {
	_, err := postgres.Exec(ctx, `update call_dispatches set withdrawn_at = $4
		where workspace_id = $1 and batch_id = $2 and ordinal = any($3)`, ref.Workspace, ref.ID, ordinals, at)
	if err != nil {
		return fmt.Errorf("withdraw dispatches: %w", err)
	}
	return nil
}

// Exclude implements batchcallsuc.Dispatches.
func (Dispatches) Exclude(ctx context.Context, ref batchcallsuc.BatchRef, chunk int, at time.Time) (int, error) {
	if listed, err := hasList(ctx, ref.Workspace); err != nil || !listed {
		return 0, err
	}
	if err := enroll(ctx, ref); err != nil {
		return 0, err
	}
	n, err := postgres.Exec(ctx, `update call_recipients r set status = 'do_not_call', updated_at = $4
		where r.workspace_id = $1 and r.batch_id = $2 and r.chunk = $3 and r.status = 'pending'
			and exists (select from do_not_call d where d.workspace_id = r.workspace_id and d.phone = r.phone)`,
		ref.Workspace, ref.ID, chunk, at)
	if err != nil {
		return 0, fmt.Errorf("exclude who must not be called: %w", err)
	}
	return int(n), nil
}
