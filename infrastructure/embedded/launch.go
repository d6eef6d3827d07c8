package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// database is what URL points to.
const database = "tertulia"

const (
	startPatience = 60 * time.Second // a crash recovery may take its time
	bindAttempts  = 5
)

// run starts the server and waits for it. A free port may be taken by somebody else in between: then it is tried again.
func (c cluster) run(ctx context.Context, o PostgresOptions, base string) (*Postgres, error) {
	for attempt := 1; ; attempt++ {
		port := o.Port
		if port == 0 {
			var err error
			if port, err = freePort(); err != nil {
				return nil, err
			}
		}
		p, err := c.launch(c.command(port, o.Volatile), o.WatchedPID, base)
		if err != nil {
			return nil, err
		}
		p.url = c.url(port)
		if err = c.await(ctx, p); err == nil {
			return p, nil
		}
		_ = p.process.stop(syscall.SIGINT, stopPatience) // most often it has ended by itself
		if o.Port != 0 || attempt == bindAttempts || !strings.Contains(err.Error(), "could not bind") {
			return nil, fmt.Errorf("start Postgres: %w", err)
		}
	}
}

func (c cluster) launch(cmd *exec.Cmd, watched int, base string) (*Postgres, error) {
	log, err := os.OpenFile(c.logFile, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of Postgres: %w", err)
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	if watched == 0 {
		tie(cmd, c.owner, syscall.SIGINT)
	} else {
		if err := c.owner.own(base); err != nil { // the account is to remove it
			return nil, err
		}
		cmd = supervised(cmd, watched, base, syscall.SIGINT)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: c.owner.credential()}
	}
	proc, err := start(cmd)
	if err != nil {
		return nil, err
	}
	return &Postgres{process: proc}, nil
}

func (c cluster) url(port int) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, c.password),
		Host: fmt.Sprintf("127.0.0.1:%d", port), Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// await returns when the server answers and has our database.
func (c cluster) await(ctx context.Context, p *Postgres) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		err := ensureDatabase(ctx, p.url)
		if err == nil {
			return nil
		}
		select {
		case <-p.process.done:
			return c.loggedError(errors.New("it ended at once"))
		default:
		}
		if _, answered := errors.AsType[*pgconn.PgError](err); answered && !startingUp(err) {
			select { // somebody else may answer there, and ours may be finding its port taken
			case <-p.process.done:
				continue
			case <-time.After(time.Second):
				return err
			}
		}
		if pause(ctx, 10*time.Millisecond) != nil {
			return c.loggedError(err)
		}
	}
}

// startingUp reports whether the server is there and not yet ready.
func startingUp(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "57P03"
}

// loggedError adds the end of the server's log to an error.
func (c cluster) loggedError(err error) error {
	log, readErr := os.ReadFile(c.logFile)
	if readErr != nil {
		return err
	}
	return fmt.Errorf("%w; its log ends: %s", err, lastBytes(log, 600))
}

// ensureDatabase connects, and creates the URL's database when that is what is missing.
func ensureDatabase(ctx context.Context, to string) error {
	cfg, err := pgx.ParseConfig(to)
	if err != nil {
		return fmt.Errorf("read database URL: %w", err)
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err == nil {
		return conn.Close(ctx)
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "3D000" {
		return err
	}
	name := cfg.Database
	cfg.Database = "postgres"
	if conn, err = pgx.ConnectConfig(ctx, cfg); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize())
	return errors.Join(err, conn.Close(ctx))
}
