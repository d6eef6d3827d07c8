package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// endTimeout bounds COMMIT and ROLLBACK, which must not be cut short by the caller's context: a commit that was sent
// and not waited for leaves its outcome unknown.
const endTimeout = 10 * time.Second

// connector opens database/sql connections on a pgx pool. They speak the simple protocol, because bun writes arguments
// into the SQL text and because only simple messages hold several statements.
type connector struct{ pool *pgxpool.Pool }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	pooled, err := c.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("acquire connection: %w", err)
	}
	return &conn{pooled: pooled}, nil
}

func (connector) Driver() driver.Driver { return nil }

// conn is a pooled connection in the hands of database/sql, which gives it back by closing it.
type conn struct {
	pooled *pgxpool.Conn
	inTx   bool
	scope  *scope // of the transaction
}

var (
	_ driver.QueryerContext = (*conn)(nil)
	_ driver.ExecerContext  = (*conn)(nil)
	_ driver.ConnBeginTx    = (*conn)(nil)
)

func (c *conn) pg() *pgconn.PgConn { return c.pooled.Conn().PgConn() }

// Close gives the connection back. The pool destroys one that is broken or still in a transaction.
func (c *conn) Close() error {
	c.pooled.Release()
	return nil
}

// Prepare is not offered: bun writes its arguments into the SQL.
func (c *conn) Prepare(string) (driver.Stmt, error) {
	return nil, errors.New("prepare statement: not supported through bun, use Raw or Collect")
}

// Begin is not offered: a transaction needs the context that says which one.
func (c *conn) Begin() (driver.Tx, error) { return nil, ErrNoWorkspace }

// BeginTx makes c the connection of the transaction that ctx asks for. What begins it is sent with its first statement.
func (c *conn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	s := scopeOf(ctx)
	if s == nil || !s.transaction || s.raw != nil {
		return nil, fmt.Errorf("begin by hand: %w", ErrNoWorkspace)
	}
	c.inTx, c.scope, s.raw = true, s, c.pooled.Conn()
	return c, nil
}

// Commit implements driver.Tx. Postgres answers COMMIT in a failed transaction with ROLLBACK: that is an error.
func (c *conn) Commit() error {
	c.inTx = false
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	tag, err := c.scope.exec(ctx, deferred{what: "commit", statement: "commit"})
	if err != nil {
		return errors.Join(err, c.Rollback())
	}
	if tag.String() == "ROLLBACK" {
		return errors.New("an earlier statement failed: the server rolled back")
	}
	return nil
}

// Rollback implements driver.Tx. There is nothing to roll back where nothing was sent.
func (c *conn) Rollback() error {
	c.inTx = false
	if !c.scope.begun {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
	defer cancel()
	_, err := c.pg().Exec(ctx, "rollback").ReadAll()
	return withoutValues(err)
}

// ExecContext implements driver.ExecerContext. The result counts the rows of the last statement.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	results, err := c.send(ctx, query, args)
	if err != nil {
		return nil, err
	}
	var affected int64
	for results.NextResult() {
		tag, _ := results.ResultReader().Close() // the reader's error is also that of the whole
		affected = tag.RowsAffected()
	}
	if err := results.Close(); err != nil {
		return nil, withoutValues(err)
	}
	return driver.RowsAffected(affected), nil
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	results, err := c.send(ctx, query, args)
	if err != nil {
		return nil, err
	}
	if !results.NextResult() {
		if err := results.Close(); err != nil {
			return nil, withoutValues(err)
		}
		return nil, errors.New("query: empty statement")
	}
	return newRows(c.pooled.Conn().TypeMap(), results), nil
}

// send sends the query, preceded by its workspace when no transaction has set it, and skips the answer to that.
func (c *conn) send(ctx context.Context, query string, args []driver.NamedValue) (*pgconn.MultiResultReader, error) {
	if len(args) > 0 {
		return nil, errors.New("query: arguments belong into the text, where bun writes them")
	}
	if c.inTx {
		if err := c.scope.flush(ctx); err != nil {
			return nil, err
		}
		return c.pg().Exec(ctx, query), nil
	}
	s := scopeOf(ctx)
	if s == nil || s.transaction {
		return nil, ErrNoWorkspace
	}
	_, setting, err := setWorkspace(s.workspace)
	if err != nil {
		return nil, err
	}
	// The messages of a worker that lost its lease must change nothing, and only a transaction has a fence.
	results := c.pg().Exec(ctx, "select "+setting+",set_config('transaction_read_only','on',true);"+query)
	if !results.NextResult() {
		return nil, withoutValues(results.Close())
	}
	if _, err := results.ResultReader().Close(); err != nil {
		_ = results.Close()
		return nil, withoutValues(err)
	}
	return results, nil
}
