package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// ErrBehind is what CheckVersion returns when migrations are waiting.
var ErrBehind = errors.New("database schema is older than this program")

// How long a migration waits: for a lock on a table, so that it never queues everybody else behind it, and for another
// process that is migrating the same database.
const (
	migrationLockTimeout = "2s"
	otherMigrationProbes = 300 // one a second
)

// Migrate applies the migrations that the database does not have yet, as the login role of the URL. Any number of
// processes may call it at once: an advisory lock lets one through.
func Migrate(ctx context.Context, url string, migrations fs.FS) error {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("read database URL: %w", err)
	}
	cfg.RuntimeParams["application_name"] = "tertulia-migrate"
	cfg.RuntimeParams["lock_timeout"] = migrationLockTimeout
	db := stdlib.OpenDB(*cfg)
	defer func() { _ = db.Close() }()

	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, otherMigrationProbes))
	if err != nil {
		return fmt.Errorf("make migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations,
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate database: %w", err)
	}
	return nil
}

// CheckVersion returns ErrBehind when the database lacks the newest of the migrations. A newer schema is fine: a
// migration leaves the previous program working.
func (db *DB) CheckVersion(ctx context.Context, migrations fs.FS) error {
	files, err := fs.Glob(migrations, "*.sql")
	if err != nil || len(files) == 0 {
		return fmt.Errorf("read migrations: found %d: %w", len(files), err)
	}
	newest, err := goose.NumericComponent(files[len(files)-1])
	if err != nil {
		return fmt.Errorf("read migration version: %w", err)
	}
	var applied bool
	const query = `select exists (select from goose_db_version where version_id = $1 and is_applied)`
	if err := db.systemPool.QueryRow(ctx, query, newest).Scan(&applied); err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if !applied {
		return fmt.Errorf("%w: migration %d is not applied", ErrBehind, newest)
	}
	return nil
}
