package identitypg

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
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
//
// However many wait for answers, a process asks one question at a time, on one connection that is not the pool's; who comes
// while it is asked is part of the next.
type Changes struct {
	pool   *pgxpool.Pool // says how to connect
	logger *slog.Logger

	mu      sync.Mutex
	waiting []chan struct{}
	asking  bool
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
	settled := make(chan struct{})
	c.mu.Lock()
	c.waiting = append(c.waiting, settled)
	if !c.asking {
		c.asking = true
		go c.ask(context.WithoutCancel(ctx))
	}
	c.mu.Unlock()
	patience := time.NewTimer(settleTimeout)
	defer patience.Stop()
	select {
	case <-settled:
	case <-patience.C:
	}
}

// ask goes on until nobody waits.
func (c *Changes) ask(ctx context.Context) {
	var conn *pgx.Conn
	defer func() {
		if conn != nil {
			_ = conn.Close(ctx)
		}
	}()
	for {
		c.mu.Lock()
		waiting := c.waiting
		c.waiting = nil
		c.asking = len(waiting) > 0
		c.mu.Unlock()
		if len(waiting) == 0 {
			return
		}
		var err error
		if conn, err = c.settle(ctx, conn); err != nil {
			c.logger.WarnContext(ctx, "a process did not confirm a change of identity", "error", err)
		}
		for _, settled := range waiting {
			close(settled)
		}
	}
}

// settle asks one question on the connection, or on a new one, and returns it for the next, nil when it may be broken.
func (c *Changes) settle(ctx context.Context, conn *pgx.Conn) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	if conn == nil {
		var err error
		if conn, err = pgx.ConnectConfig(ctx, c.pool.Config().ConnConfig); err != nil {
			return nil, fmt.Errorf("connect: %w", err)
		}
		if _, err := conn.Exec(ctx, "LISTEN "+heardChannel); err != nil {
			return nil, errors.Join(fmt.Errorf("listen for answers: %w", err), conn.Close(ctx))
		}
	}
	if err := question(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	return conn, nil
}

// question returns once every listener has answered, or is gone.
func question(ctx context.Context, conn *pgx.Conn) error {
	waiting, err := listeners(ctx, conn)
	if err != nil || len(waiting) == 0 {
		return err
	}
	nonce := rand.Text()
	raw, err := json.Marshal(news{Asked: nonce})
	if err != nil {
		return fmt.Errorf("encode question: %w", err)
	}
	if _, err := conn.Exec(ctx, "SELECT pg_notify($1, $2)", newsChannel, string(raw)); err != nil {
		return fmt.Errorf("ask listeners: %w", err)
	}
	for len(waiting) > 0 {
		if err := awaitAnswer(ctx, conn, nonce, waiting); err != nil {
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
