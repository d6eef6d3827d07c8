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
	if s == nil || s.over {
		return nil, ErrNoWorkspace
	}
	batch := &pgx.Batch{}
	batch.Queue(query, args...)
	send := s.read
	if s.transaction {
		send = s.send
	}
	results, err := send(ctx, batch)
	if err != nil {
		return nil, err
	}
	defer func() { _ = results.Close() }()
	all, err := collect(row)(results.Query())
	if err != nil {
		return nil, err
	}
	return all, withoutValues(results.Close())
}

// read sends the batch after its workspace, outside a transaction, and returns the answers to it, which the caller closes.
func (s *scope) read(ctx context.Context, batch *pgx.Batch) (pgx.BatchResults, error) {
	message := &pgx.Batch{}
	message.Queue(`select set_config('app.workspace_id', $1, true), set_config('transaction_read_only', 'on', true)`, string(s.workspace))
	message.QueuedQueries = append(message.QueuedQueries, batch.QueuedQueries...)
	results := s.pool.SendBatch(ctx, message)
	if _, err := results.Exec(); err != nil {
		_ = results.Close()
		return nil, fmt.Errorf("enter workspace: %w", withoutValues(err))
	}
	return results, nil
}

// Exec is Collect's counterpart for the few statements whose arguments are long or which are sent all the time: raw pgx,
// prepared once per connection, in the transaction of ctx. ErrNoWorkspace outside InTx and System. It returns how many rows
// were affected.
func Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	s := transactionOf(ctx)
	if s == nil {
		return 0, ErrNoWorkspace
	}
	tag, err := s.exec(ctx, deferred{what: "execute statement", statement: statement, args: args})
	return tag.RowsAffected(), err
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

// CollectEach sends statements that answer one row each in one message, prepared once per connection, in the transaction of
// ctx, and returns the rows in their order. ErrNoWorkspace outside InTx and System.
func CollectEach[T any](ctx context.Context, row pgx.RowToFunc[T], batch *pgx.Batch) ([]T, error) {
	s := transactionOf(ctx)
	if s == nil {
		return nil, ErrNoWorkspace
	}
	results, err := s.send(ctx, batch)
	if err != nil {
		return nil, err
	}
	defer func() { _ = results.Close() }()
	all := make([]T, 0, batch.Len())
	for range batch.Len() {
		rows, err := results.Query()
		one, err := collect(row)(rows, err)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, withoutValues(results.Close())
}
