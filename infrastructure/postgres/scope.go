package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// scope is what a context says about the queries made under it.
type scope struct {
	workspace   kernel.WorkspaceID // canonical; empty in a system transaction
	transaction bool
	conn        bun.IDB
	pool        *pgxpool.Pool // of a read only, for Collect

	// Of a transaction only.
	raw         *pgx.Conn  // set by the driver when the transaction begins
	later       []deferred // waits for the next message; at first what begins the transaction
	begun       bool       // something was sent
	refused     error      // why it did not begin
	failed      error      // the first error of a joined call
	over        bool       // committed or rolled back
	afterCommit []func()
}

type (
	scopeKey struct{}
	fenceKey struct{}
)

// beginning is what every transaction begins with.
func beginning() deferred { return deferred{what: begins, statement: "begin", first: true} }

func scopeOf(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

// transactionOf returns the transaction that ctx is in, nil when there is none or it is over.
func transactionOf(ctx context.Context) *scope {
	if s := scopeOf(ctx); s != nil && s.transaction && !s.over {
		return s
	}
	return nil
}

// Conn returns what queries are built on: the transaction of InTx or System, or the pool inside Read. Outside all of
// them every query made on it fails with ErrNoWorkspace.
func Conn(ctx context.Context) bun.IDB {
	if s := scopeOf(ctx); s != nil {
		return s.conn
	}
	return nowhere()
}

// Raw returns the connection that the transaction of ctx runs on, for what bun does not offer: batches and prepared
// statements. (COPY into a table under row-level security is refused by Postgres.) The caller leaves transaction control
// alone. ErrNoWorkspace outside InTx and System.
func Raw(ctx context.Context) (*pgx.Conn, error) {
	s := transactionOf(ctx)
	if s == nil {
		return nil, ErrNoWorkspace
	}
	if err := s.flush(ctx); err != nil {
		return nil, err
	}
	return s.raw, nil
}

// InTransaction reports whether ctx belongs to InTx or System.
func InTransaction(ctx context.Context) bool { return transactionOf(ctx) != nil }

// AfterCommit runs fn once the outermost transaction of ctx has committed, in the order of the calls; never when it
// rolls back. Outside a transaction fn runs at once.
func AfterCommit(ctx context.Context, fn func()) {
	if s := transactionOf(ctx); s != nil {
		s.afterCommit = append(s.afterCommit, fn)
		return
	}
	fn()
}

// WithFence makes every InTx that begins under the returned context send a statement along with BEGIN. When that raises
// SQLSTATE TT001 the transaction does not take place and InTx returns ErrFenced. Without a statement there is no fence.
func WithFence(ctx context.Context, statement string, args ...any) context.Context {
	return context.WithValue(ctx, fenceKey{}, deferred{what: begins, statement: statement, args: args, first: true})
}

// setWorkspace is the SQL that makes ws the tenant until the end of the transaction. Only a canonical UUID gets into it.
func setWorkspace(ws kernel.WorkspaceID) (kernel.WorkspaceID, string, error) {
	id, err := kernel.ParseID[kernel.WorkspaceID](string(ws))
	if err != nil {
		return "", "", fmt.Errorf("enter workspace: %w", err)
	}
	return id, "set_config('app.workspace_id','" + string(id) + "',true)", nil
}

// nowhere is the connection of those who are in no workspace.
//
//nolint:gochecknoglobals // it never changes, and Conn has no DB to take it from
var nowhere = sync.OnceValue(func() bun.IDB {
	return bun.NewDB(sql.OpenDB(refusal{}), pgdialect.New())
})

type refusal struct{}

func (refusal) Connect(context.Context) (driver.Conn, error) { return nil, ErrNoWorkspace }
func (refusal) Driver() driver.Driver                        { return nil }
