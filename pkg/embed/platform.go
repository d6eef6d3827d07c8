package embed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/google/wire"
	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"

	"github.com/tertulia-dev/tertulia/infrastructure/blobstore"
	"github.com/tertulia-dev/tertulia/infrastructure/blobstore/filesystem"
	"github.com/tertulia-dev/tertulia/infrastructure/blobstore/s3"
	supabasestore "github.com/tertulia-dev/tertulia/infrastructure/blobstore/supabase"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/idempotency"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/supabase"
	"github.com/tertulia-dev/tertulia/migrations"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// platformSet is what every capability stands on.
var platformSet = wire.NewSet(
	newLogger, newClock, newMetrics, newTracing, newDatabase, newRedis, newLedger, newMedia, newLimits,
	queue.NewRegistry, queue.NewFeeder, catalog.New,
	wire.Value(idempotency.Keys{}), wire.Value(uuids{}),
	wire.Bind(new(port.Transactor), new(*postgres.DB)),
	wire.Bind(new(port.Reader), new(*postgres.DB)),
	wire.Bind(new(port.Jobs), new(*queue.Ledger)),
	wire.Bind(new(port.Events), new(*queue.Ledger)),
	wire.Bind(new(port.Idempotency), new(idempotency.Keys)),
	wire.Bind(new(port.Clock), new(clock)),
	wire.Bind(new(port.IDs), new(uuids)),
	wire.Bind(new(prometheus.Registerer), new(*prometheus.Registry)),
)

// uuids implements port.IDs.
type uuids struct{}

// New returns a fresh UUIDv7. It fails only when the machine has no randomness left, and then nothing can go on.
func (uuids) New() string { return uuid.Must(uuid.NewV7()).String() }

func newLogger(o Options) *slog.Logger { return o.Logger }

func newClock(o Options) clock { return clock{now: o.Now} }

func newMetrics() *prometheus.Registry { return telemetry.NewRegistry() }

func newTracing(ctx context.Context, cfg Config, logger *slog.Logger) (trace.TracerProvider, func(), error) {
	provider, stop, err := telemetry.NewTracing(ctx, telemetry.Tracing{
		Endpoint: cfg.Telemetry.OTLPEndpoint, Service: "tertulia", Version: Version,
	})
	if err != nil {
		return nil, nil, err
	}
	if cfg.Telemetry.OTLPEndpoint != "" {
		otel.SetTracerProvider(provider) // jobs and vendor calls find it there
	}
	return provider, func() {
		if err := stop(context.WithoutCancel(ctx)); err != nil {
			logger.LogAttrs(ctx, slog.LevelWarn, "traces were lost", slog.Any("error", err))
		}
	}, nil
}

// newDatabase opens Postgres, and refuses a schema that is older than the program.
func newDatabase(ctx context.Context, cfg Config, logger *slog.Logger) (*postgres.DB, func(), error) {
	conns := int32(cfg.Stores.DatabaseMaxConns)
	db, err := postgres.Open(ctx, postgres.Config{
		URL: cfg.Stores.DatabaseURL.Reveal(), MaxConns: conns, SystemConns: max(conns/2, 2), Logger: logger,
	})
	if err != nil {
		return nil, nil, err
	}
	if err := db.CheckVersion(ctx, migrations.FS); err != nil {
		db.Close()
		return nil, nil, fmt.Errorf("%w: run `tertulia migrate`", err)
	}
	return db, db.Close, nil
}

func newRedis(cfg Config) (asynq.RedisConnOpt, error) {
	redis, err := asynq.ParseRedisURI(cfg.Stores.RedisURL.Reveal())
	if err != nil {
		return nil, errors.New("read REDIS_URL: want redis://user:password@host:port/number") // the cause quotes the password
	}
	return redis, nil
}

func newLedger(db *postgres.DB, redis asynq.RedisConnOpt, r *queue.Registry, reg prometheus.Registerer, o Options) (*queue.Ledger, error) {
	return queue.NewLedger(queue.Config{
		DB: db, Redis: redis, Registry: r, Logger: o.Logger, Metrics: reg, Now: o.Now, Tuning: o.Tuning, Direct: true,
	})
}

// media is where recordings are kept, and what serves them when that is our own disk.
type media struct {
	blobstore.Store

	handler http.Handler // nil when somebody else serves them
}

// mediaPath is where recordings on our own disk are served.
const mediaPath = "/media/"

func newMedia(cfg Config, c clock, reg prometheus.Registerer, logger *slog.Logger) (media, func(), error) {
	if cfg.S3.Bucket != "" {
		store, err := s3.New(s3.Options{
			Endpoint: cfg.S3.Endpoint, Bucket: cfg.S3.Bucket, Region: cfg.S3.Region, PathStyle: cfg.S3.PathStyle,
			AccessKeyID: cfg.S3.AccessKeyID, SecretAccessKey: cfg.S3.SecretAccessKey.Reveal(), Logger: logger, Registerer: reg,
		})
		return media{Store: store}, func() {}, err
	}
	if cfg.Supabase.URL != "" && cfg.Supabase.ServiceRoleKey != "" {
		client, err := supabase.New(supabase.Options{
			BaseURL: cfg.Supabase.URL, Key: cfg.Supabase.ServiceRoleKey.Reveal(), Logger: logger, Registerer: reg,
		})
		if err != nil {
			return media{}, nil, err
		}
		return media{Store: supabasestore.New(client, cfg.Supabase.Bucket)}, func() {}, nil
	}
	store, err := filesystem.New(filesystem.Options{
		Dir: filepath.Join(cfg.Stores.DataDir, "media"), BaseURL: cfg.HTTP.PublicURL + mediaPath,
		Secret: []byte(cfg.Stores.MediaSecret.Reveal()), Now: c.Now,
	})
	if err != nil {
		return media{}, nil, err
	}
	return media{Store: store, handler: store.Handler()}, func() { _ = store.Close() }, nil
}
