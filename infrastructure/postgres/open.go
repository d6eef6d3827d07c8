package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// The roles that the pools work as. Migrations create them.
const (
	appRole    = "tertulia_app"
	systemRole = "tertulia_system"
)

// Config says how to reach the database. Zero values are replaced by the defaults named here.
type Config struct {
	URL              string        // postgres://…; the login role must be a member of tertulia_app and tertulia_system
	MaxConns         int32         // of the app pool; 16
	SystemConns      int32         // of the system pool; 8
	StatementTimeout time.Duration // of every statement in both pools; 15 s
	Logger           *slog.Logger  // slog.Default()
}

func (c Config) withDefaults() Config {
	if c.MaxConns == 0 {
		c.MaxConns = 16
	}
	if c.SystemConns == 0 {
		c.SystemConns = 8
	}
	if c.StatementTimeout == 0 {
		c.StatementTimeout = 15 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

// DB is the database: the app pool and the system pool.
type DB struct {
	appPool, systemPool *pgxpool.Pool
	app, system         *bun.DB
}

// setting is one that a pool's connections begin with.
type setting struct{ name, value string }

// alwaysTheSamePlan is for the system pool: the queue's prepared statements are the same few all day, and Postgres, which
// hopes for a better one each time, takes longer to plan them than to run them. A statement whose arguments decide asks
// for a plan of its own with PlanAnew.
//
//nolint:gochecknoglobals // it never changes
var alwaysTheSamePlan = setting{"plan_cache_mode", "force_generic_plan"}

// Open connects both pools and makes sure that tenants are isolated from each other: it returns an error when the
// roles are missing, when the app role can pass row-level security by, or when a table does not enforce it.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	return open(ctx, cfg.withDefaults(), appRole)
}

func open(ctx context.Context, cfg Config, role string) (*DB, error) {
	appPool, err := newPool(ctx, cfg, role, cfg.MaxConns)
	if err != nil {
		return nil, err
	}
	systemPool, err := newPool(ctx, cfg, systemRole, cfg.SystemConns, alwaysTheSamePlan)
	if err != nil {
		appPool.Close()
		return nil, err
	}
	db := &DB{appPool: appPool, systemPool: systemPool, app: bunOver(appPool), system: bunOver(systemPool)}
	if err := db.CheckIsolation(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	cfg.Logger.DebugContext(ctx, "database open", "app_conns", cfg.MaxConns, "system_conns", cfg.SystemConns)
	return db, nil
}

// newPool opens a pool whose connections start as the role: even RESET ROLE does not lead back to the login role.
func newPool(ctx context.Context, cfg Config, role string, size int32, more ...setting) (*pgxpool.Pool, error) {
	pc, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("read database URL: %w", err)
	}
	pc.MaxConns = size
	params := pc.ConnConfig.RuntimeParams
	params["role"] = role
	params["application_name"] = "tertulia"
	params["timezone"] = "UTC"
	params["client_encoding"] = "UTF8"
	params["standard_conforming_strings"] = "on" // bun's quoting relies on it
	params["statement_timeout"] = milliseconds(cfg.StatementTimeout)
	params["idle_in_transaction_session_timeout"] = milliseconds(4 * cfg.StatementTimeout)
	for _, s := range more {
		params[s.name] = s.value
	}
	pc.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("open pool of %s: %w", role, err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect as %s (are the migrations applied?): %w", role, err)
	}
	return pool, nil
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// bunOver keeps no idle connections of its own: they wait in the pgx pool.
func bunOver(pool *pgxpool.Pool) *bun.DB {
	db := sql.OpenDB(connector{pool})
	db.SetMaxIdleConns(0)
	return bun.NewDB(db, pgdialect.New())
}

// Close ends both pools after waiting for their connections to come back.
func (db *DB) Close() {
	_ = db.app.Close()
	_ = db.system.Close()
	db.appPool.Close()
	db.systemPool.Close()
}

// SystemPool is the pool of the system role for raw pgx: the queue's statements are prepared once per connection.
func (db *DB) SystemPool() *pgxpool.Pool { return db.systemPool }

// Ping reports whether both pools reach the server.
func (db *DB) Ping(ctx context.Context) error {
	for _, pool := range []*pgxpool.Pool{db.appPool, db.systemPool} {
		if err := pool.Ping(ctx); err != nil {
			return fmt.Errorf("ping database: %w", err)
		}
	}
	return nil
}
