package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Collect is for the few reads that every request makes: raw pgx, prepared once per connection, workspace and query in
// one round trip, several times as fast as bun where the query is long. It reads where Conn(ctx) would: inside Read with
// its workspace, inside a transaction what that sees; elsewhere it fails with ErrNoWorkspace. Arguments are $1, $2, …; row
// is one of pgx's RowTo functions.
func Collect[T any](ctx context.Context, row pgx.RowToFunc[T], query string, args ...any) ([]T, error) {
	s := scopeOf(ctx)
	switch {
	case s == nil || s.over:
		return nil, ErrNoWorkspace
	case s.transaction:
		if _, err := s.flush(ctx, ""); err != nil {
			return nil, err
		}
		return collect(row)(s.raw.Query(ctx, query, args...))
	}
	batch := &pgx.Batch{}
	batch.Queue(`select set_config('app.workspace_id', $1, true), set_config('transaction_read_only', 'on', true)`, string(s.workspace))
	batch.Queue(query, args...)
	results := s.pool.SendBatch(ctx, batch)
	defer func() { _ = results.Close() }()
	if _, err := results.Exec(); err != nil {
		return nil, fmt.Errorf("enter workspace: %w", withoutValues(err))
	}
	all, err := collect(row)(results.Query())
	if err != nil {
		return nil, err
	}
	return all, withoutValues(results.Close())
}

// Exec is Collect's counterpart for the few statements whose arguments are long or which are sent all the time: raw pgx,
// prepared once per connection, in the transaction of ctx. ErrNoWorkspace outside InTx and System. It returns how many rows
// were affected.
func Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	conn, err := Raw(ctx)
	if err != nil {
		return 0, err
	}
	tag, err := conn.Exec(ctx, statement, args...)
	if err != nil {
		return 0, fmt.Errorf("execute statement: %w", withoutValues(err))
	}
	return tag.RowsAffected(), nil
}

// PlanAnew has the statements of the transaction of ctx, one of System, planned for their arguments.
func PlanAnew(ctx context.Context) error {
	_, err := Exec(ctx, "set local plan_cache_mode = force_custom_plan")
	return err
}

// collect takes the answer to a query.
func collect[T any](row pgx.RowToFunc[T]) func(pgx.Rows, error) ([]T, error) {
	return func(rows pgx.Rows, err error) ([]T, error) {
		if err != nil {
			return nil, fmt.Errorf("collect rows: %w", withoutValues(err))
		}
		all, err := pgx.CollectRows(rows, row)
		if err != nil {
			return nil, fmt.Errorf("collect rows: %w", withoutValues(err))
		}
		return all, nil
	}
}
