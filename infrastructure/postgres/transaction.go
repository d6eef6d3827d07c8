package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

var (
	_ port.Transactor = (*DB)(nil)
	_ port.Reader     = (*DB)(nil)
)

// InTx implements port.Transactor. It also returns ErrNested inside a transaction of another workspace, ErrRolledBack
// when a joined call had failed and fn returned nil nevertheless, and ErrFenced when the fence of ctx refuses. The
// transaction begins with its first statement: what fn does before is done even if the fence refuses.
// A panic in fn rolls back.
func (db *DB) InTx(ctx context.Context, ws kernel.WorkspaceID, fn func(ctx context.Context) error) error {
	id, _, err := setWorkspace(ws)
	if err != nil {
		return err
	}
	first := []deferred{beginning(), {
		what: begins, statement: "select set_config('app.workspace_id', $1, true)", args: []any{string(id)}, first: true,
	}}
	if fence, ok := ctx.Value(fenceKey{}).(deferred); ok && fence.statement != "" {
		first = append(first, fence)
	}
	return transact(ctx, db.app, &scope{workspace: id, later: first}, fn)
}

// System runs fn in a transaction of the system role, which sees every workspace: the queries name theirs. It joins,
// commits and fails as InTx does, without a fence.
func (db *DB) System(ctx context.Context, fn func(ctx context.Context) error) error {
	return transact(ctx, db.system, &scope{later: []deferred{beginning()}}, fn)
}

// Read implements port.Reader: every query that Conn(ctx) runs under the context of fn travels in one message with its
// workspace, and cannot write. Inside a transaction of the same workspace it reads what that sees.
func (db *DB) Read(ctx context.Context, ws kernel.WorkspaceID, fn func(ctx context.Context) error) error {
	id, _, err := setWorkspace(ws)
	if err != nil {
		return err
	}
	if outer := transactionOf(ctx); outer != nil {
		return outer.join(ctx, id, fn)
	}
	return fn(context.WithValue(ctx, scopeKey{}, &scope{workspace: id, conn: db.app, pool: db.appPool}))
}

// transact runs fn in a new transaction of the pool, or in the one that ctx is in already.
func transact(ctx context.Context, pool *bun.DB, s *scope, fn func(ctx context.Context) error) error {
	if outer := transactionOf(ctx); outer != nil {
		return outer.join(ctx, s.workspace, fn)
	}
	s.transaction = true
	ctx = context.WithValue(ctx, scopeKey{}, s)
	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() { _ = conn.Close() }() // gives it back to the pool
	// Were the transaction bound to ctx, its end would take the connection away from under a statement of Raw.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	s.conn = tx
	defer func() {
		if !s.over {
			s.over = true
			_ = tx.Rollback() // when even that fails, the connection is thrown away and the server rolls back
		}
	}()
	err = fn(ctx)
	if s.refused != nil {
		return s.refused // whatever fn made of it
	}
	if err != nil {
		return err
	}
	if s.failed != nil {
		return fmt.Errorf("%w: %w", ErrRolledBack, s.failed)
	}
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	s.over = true // a failed commit leaves nothing to roll back
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	for _, do := range s.afterCommit {
		do()
	}
	return nil
}

// join runs fn inside the transaction s. Whatever goes wrong in fn, the transaction can only be rolled back afterwards.
func (s *scope) join(ctx context.Context, ws kernel.WorkspaceID, fn func(ctx context.Context) error) (err error) {
	returned := false
	defer func() {
		switch {
		case s.failed != nil:
		case !returned:
			s.failed = errors.New("panic in a joined call")
		case err != nil:
			s.failed = err
		}
	}()
	if ws != s.workspace {
		returned = true
		return ErrNested
	}
	err = fn(ctx)
	returned = true
	return err
}

func fenced(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == fencedState {
		return fmt.Errorf("%w: %w", ErrFenced, err)
	}
	return err
}
