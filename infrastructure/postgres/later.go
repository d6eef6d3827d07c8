package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// deferred is a statement whose answer nobody waits for.
type deferred struct {
	what      string
	statement string
	args      []any
	first     bool                     // of those that begin the transaction
	row       func(pgx.CollectableRow) // takes each row that it answers; nil: none is looked at
}

const begins = "begin transaction"

// Later is Exec for a statement of whose answer nothing is made: it is sent with the next one of the transaction of ctx, or
// with COMMIT, in one message. On a busy machine a transaction costs less for what Postgres does than for the turns that it
// takes. An error comes from there, under the name of what the statement does, and undoes the transaction as it would here.
// ErrNoWorkspace outside InTx and System.
func Later(ctx context.Context, what, statement string, args ...any) error {
	s := transactionOf(ctx)
	if s == nil {
		return ErrNoWorkspace
	}
	s.later = append(s.later, deferred{what: what, statement: statement, args: args})
	return nil
}

// LaterRow is Later for a statement of whose answer something is made once it is there, at the latest by what AfterCommit was
// given. row takes each row, and cannot fail: COMMIT may have been sent along.
func LaterRow(ctx context.Context, what string, row func(pgx.CollectableRow), statement string, args ...any) error {
	s := transactionOf(ctx)
	if s == nil {
		return ErrNoWorkspace
	}
	s.later = append(s.later, deferred{what: what, statement: statement, args: args, row: row})
	return nil
}

// Flush sends what waits in the transaction of ctx. ErrNoWorkspace outside InTx and System.
func Flush(ctx context.Context) error {
	s := transactionOf(ctx)
	if s == nil {
		return ErrNoWorkspace
	}
	return s.flush(ctx)
}

// flush sends what waits.
func (s *scope) flush(ctx context.Context) error {
	if len(s.later) == 0 {
		return nil
	}
	results, err := s.send(ctx, &pgx.Batch{})
	if err != nil {
		return err
	}
	return withoutValues(results.Close())
}

// exec sends what waits, and in the same message one statement more.
func (s *scope) exec(ctx context.Context, d deferred) (tag pgconn.CommandTag, err error) {
	batch := &pgx.Batch{}
	batch.Queue(d.statement, d.args...)
	results, err := s.send(ctx, batch)
	if err != nil {
		return tag, err
	}
	defer func() { _ = results.Close() }()
	if tag, err = results.Exec(); err != nil {
		return tag, fmt.Errorf("%s: %w", d.what, withoutValues(err))
	}
	return tag, withoutValues(results.Close())
}

// send sends what waits and then, in the same message, the batch. It returns the answers to the batch, which the caller
// closes.
func (s *scope) send(ctx context.Context, batch *pgx.Batch) (pgx.BatchResults, error) {
	waiting := s.later
	s.later, s.begun = nil, true
	message := &pgx.Batch{}
	for _, d := range waiting {
		message.Queue(d.statement, d.args...)
	}
	message.QueuedQueries = append(message.QueuedQueries, batch.QueuedQueries...)
	results := s.raw.SendBatch(ctx, message)
	for _, d := range waiting {
		if err := d.take(results); err != nil {
			_ = results.Close()
			err = fmt.Errorf("%s: %w", d.what, fenced(withoutValues(err)))
			if d.first {
				s.refused = err
			}
			return nil, err
		}
	}
	return results, nil
}

// take takes the answer to the statement.
func (d deferred) take(results pgx.BatchResults) error {
	if d.row == nil {
		_, err := results.Exec()
		return err
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		d.row(rows)
	}
	return rows.Err()
}
