package identitypg

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// The channels of NOTIFY. Names only, so that they can be sent as they are.
const (
	newsChannel  = "tertulia_identity"
	heardChannel = "tertulia_identity_heard"
)

// listenerLock is the advisory lock that every listening connection holds: so it is known who listens, and a connection
// that ends is off the list by itself.
const listenerLock = 0x74657274 // "tert"

const (
	// settleTimeout is longer than it takes a listener to notice that its connection is gone.
	settleTimeout = 8 * time.Second
	// rollCall is how often it is looked who still listens: a process that stops does not answer.
	rollCall = 100 * time.Millisecond
)

// news is what is sent: a change, or a question whether everything before it was heard.
type news struct {
	Change *identityuc.Change `json:"change,omitempty"`
	Asked  string             `json:"asked,omitempty"` // a nonce, repeated in the answer
}

var _ identityuc.Changes = (*Changes)(nil)

// Changes implements identityuc.Changes by NOTIFY, which a transaction sends when it commits. Notifications arrive in
// the order of the commits: who answers a question has heard everything that was committed before it was asked.
type Changes struct {
	pool   *pgxpool.Pool
	logger *slog.Logger
}

// NewChanges makes the sender. The pool is the system role's.
func NewChanges(pool *pgxpool.Pool, logger *slog.Logger) *Changes {
	return &Changes{pool: pool, logger: logger}
}

// Announce implements identityuc.Changes.
func (*Changes) Announce(ctx context.Context, c identityuc.Change) error {
	raw, err := json.Marshal(news{Change: &c})
	if err != nil {
		return fmt.Errorf("encode change: %w", err)
	}
	if _, err := postgres.Conn(ctx).NewRaw("SELECT pg_notify(?, ?)", newsChannel, string(raw)).Exec(ctx); err != nil {
		return fmt.Errorf("announce change: %w", err)
	}
	return nil
}

// Settle implements identityuc.Changes. The change is committed already, so that a caller who goes away ends nothing.
func (c *Changes) Settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if err := c.settle(ctx); err != nil {
		c.logger.WarnContext(ctx, "a process did not confirm a change of identity", "error", err)
	}
}

func (c *Changes) settle(ctx context.Context) error {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("acquire connection: %w", err)
	}
	own := conn.Hijack() // it listens, which is nothing for a pool
	defer func() { _ = own.Close(context.WithoutCancel(ctx)) }()
	if _, err := own.Exec(ctx, "LISTEN "+heardChannel); err != nil {
		return fmt.Errorf("listen for answers: %w", err)
	}
	waiting, err := listeners(ctx, own)
	if err != nil || len(waiting) == 0 {
		return err
	}
	nonce := rand.Text()
	raw, err := json.Marshal(news{Asked: nonce})
	if err != nil {
		return fmt.Errorf("encode question: %w", err)
	}
	if _, err := own.Exec(ctx, "SELECT pg_notify($1, $2)", newsChannel, string(raw)); err != nil {
		return fmt.Errorf("ask listeners: %w", err)
	}
	for len(waiting) > 0 {
		if err := awaitAnswer(ctx, own, nonce, waiting); err != nil {
			return fmt.Errorf("wait for %d listeners: %w", len(waiting), err)
		}
	}
	return nil
}

// awaitAnswer takes off the list who answers, or after a while who is gone.
func awaitAnswer(ctx context.Context, conn *pgx.Conn, nonce string, waiting map[string]bool) error {
	soon, cancel := context.WithTimeout(ctx, rollCall)
	defer cancel()
	n, err := conn.WaitForNotification(soon)
	if err == nil {
		if asked, pid, _ := strings.Cut(n.Payload, " "); asked == nonce {
			delete(waiting, pid)
		}
		return nil
	}
	if ctx.Err() != nil || soon.Err() == nil {
		return err
	}
	present, err := listeners(ctx, conn)
	if err != nil {
		return err
	}
	maps.DeleteFunc(waiting, func(pid string, _ bool) bool { return !present[pid] })
	return nil
}

// listeners returns the server's process numbers of all listening connections to this database.
func listeners(ctx context.Context, conn *pgx.Conn) (map[string]bool, error) {
	rows, err := conn.Query(ctx, `SELECT pid::text FROM pg_locks
		WHERE locktype = 'advisory' AND classid = $1 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, listenerLock)
	if err != nil {
		return nil, fmt.Errorf("list listeners: %w", err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list listeners: %w", err)
	}
	waiting := map[string]bool{}
	for _, pid := range pids {
		waiting[pid] = true
	}
	return waiting, nil
}
