package identitypg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// How the listener makes sure of its connection: after silence it asks, and an answer that does not come is the end.
const (
	silence    = 5 * time.Second
	pingWithin = 2 * time.Second
	reconnect  = 250 * time.Millisecond
)

// Directory is told what changed. identityuc.Directory is one.
type Directory interface {
	// Listening says that from now on every change is told, or that none is.
	Listening(live bool)
	// Forget names what changed.
	Forget(c identityuc.Change)
}

// Listener tells a directory of the changes that any process makes, over a connection of its own. While it has none,
// the directory is told so.
type Listener struct {
	pool      *pgxpool.Pool
	directory Directory
	logger    *slog.Logger
}

// NewListener makes a listener. The pool is the system role's; one connection is taken out of it for good.
func NewListener(pool *pgxpool.Pool, directory Directory, logger *slog.Logger) *Listener {
	return &Listener{pool: pool, directory: directory, logger: logger}
}

// Run listens until ctx ends, and reconnects whenever the connection is lost.
func (l *Listener) Run(ctx context.Context) {
	for ctx.Err() == nil {
		err := l.session(ctx)
		l.directory.Listening(false)
		if ctx.Err() != nil {
			return
		}
		l.logger.WarnContext(ctx, "identity changes are not heard; every call asks the database", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(reconnect):
		}
	}
}

// session listens on one connection until it breaks.
func (l *Listener) session(ctx context.Context) error {
	pooled, err := l.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("acquire connection: %w", err)
	}
	conn := pooled.Hijack()
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingWithin)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	// First the ear, then the name on the list: whoever is on the list hears.
	if _, err := conn.Exec(ctx, "LISTEN "+newsChannel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock_shared($1, 0)", listenerLock); err != nil {
		return fmt.Errorf("enter the list of listeners: %w", err)
	}
	l.directory.Listening(true)
	for {
		if err := l.hear(ctx, conn); err != nil {
			return err
		}
	}
}

// hear takes in one notification, or makes sure after a silence that there was none.
func (l *Listener) hear(ctx context.Context, conn *pgx.Conn) error {
	quiet, cancel := context.WithTimeout(ctx, silence)
	n, err := conn.WaitForNotification(quiet)
	cancel()
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		ping, cancel := context.WithTimeout(ctx, pingWithin)
		defer cancel()
		if err := conn.Ping(ping); err != nil {
			return fmt.Errorf("ping after silence: %w", err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("wait for news: %w", err)
	}
	var heard news
	if err := json.Unmarshal([]byte(n.Payload), &heard); err != nil {
		return fmt.Errorf("decode news: %w", err) // what it said is lost: start anew with an empty memory
	}
	if heard.Change != nil {
		l.directory.Forget(*heard.Change)
	}
	if heard.Asked != "" {
		_, err := conn.Exec(ctx, "SELECT pg_notify($1, $2 || ' ' || pg_backend_pid())", heardChannel, heard.Asked)
		if err != nil {
			return fmt.Errorf("answer: %w", err)
		}
	}
	return nil
}
