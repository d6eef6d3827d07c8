package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	stopPatience   = 30 * time.Second
	orphanPatience = 15 * time.Second // for a server whose program was killed a moment ago
)

// PostgresOptions says how to run Postgres.
type PostgresOptions struct {
	DataDir  string       // the program's data folder; Postgres keeps its files below it, in postgres and postgres.*
	Port     int          // 0: any free one
	Volatile bool         // trade durability for speed: for data that nobody misses
	Logger   *slog.Logger // slog.Default() when nil

	// WatchedPID, when not 0, makes the server outlive this process: it ends, and DataDir is removed, when the process
	// of that number does.
	WatchedPID int
}

// Postgres is a running server.
type Postgres struct {
	process *process
	url     string
	lock    *os.File
}

// URL returns where the server is: a database of our own on 127.0.0.1, as its superuser, with the kept password.
func (p *Postgres) URL() string { return p.url }

// Stop shuts the server down: open transactions are rolled back, everything committed is kept.
func (p *Postgres) Stop() error {
	defer func() { _ = p.lock.Close() }()
	return p.process.stop(syscall.SIGINT, stopPatience)
}

// StartPostgres runs a Postgres on the data in o.DataDir, which it creates at first use, and returns when it accepts
// connections. The server ends when Stop is called or when this process ends in any way.
//
// Errors: ErrNoPostgres; a data folder that another process uses, or that another major version has made.
func StartPostgres(ctx context.Context, o PostgresOptions) (_ *Postgres, err error) {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	owner, err := serverAccount()
	if err != nil {
		return nil, err
	}
	base, err := reachableDir(o.DataDir, rootDataDir, owner, o.Logger)
	if err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(base, "postgres.lock"))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = lock.Close()
		}
	}()
	c, err := prepare(ctx, base, owner, o.Logger)
	if err != nil {
		return nil, err
	}
	p, err := c.run(ctx, o, base)
	if err != nil {
		return nil, err
	}
	p.lock = lock
	return p, nil
}

// prepare finds programs that suit the data and creates the data where there is none.
func prepare(ctx context.Context, base string, owner *account, log *slog.Logger) (cluster, error) {
	c := cluster{owner: owner, dir: filepath.Join(base, "postgres"), logFile: filepath.Join(base, "postgres.log")}
	major, err := existingMajor(c.dir)
	if err != nil {
		return cluster{}, err
	}
	places := search{
		local: localCandidates(), cache: filepath.Join(base, "cache", "postgres"), wanted: major, owner: owner, log: log,
	}
	c.bin, err = places.find(ctx)
	if err != nil && major != 0 {
		return cluster{}, fmt.Errorf("the data in %s was made by Postgres %d and needs it: install that version, "+
			"or move the folder away to begin anew: %w", c.dir, major, err)
	}
	if err != nil {
		return cluster{}, err
	}
	secret := filepath.Join(base, "postgres.password")
	if major == 0 {
		if c.password, err = newPassword(secret); err != nil {
			return cluster{}, err
		}
		return c, c.create(ctx)
	}
	if c.password, err = keptPassword(secret); err != nil {
		return cluster{}, err
	}
	return c, c.awaitOrphan(ctx)
}

// awaitOrphan waits until a server whose program was killed has stopped.
func (c cluster) awaitOrphan(ctx context.Context) error {
	deadline := time.Now().Add(orphanPatience)
	for {
		alive, err := c.removeStalePID()
		if err != nil || !alive {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("a Postgres that nobody looks after runs on %s: stop it", c.dir)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// lockFile takes the lock of a folder, which the kernel gives back when the process ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("the data folder %s is in use by another process: %w", filepath.Dir(path), err)
	}
	return f, nil
}

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
