package queue

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// note is the job of most tests.
type note struct {
	Text string `json:"text"`
	Key  string `json:"key,omitempty"`
}

func (note) Kind() string { return "note" }

// uniqueNote may be pending once a key.
type uniqueNote struct {
	Key string `json:"key"`
}

func (uniqueNote) Kind() string     { return "unique_note" }
func (n uniqueNote) Unique() string { return n.Key }

// fixture is a ledger on a database of its own.
type fixture struct {
	*Ledger
	db  *postgres.DB
	url string // of a superuser
	ws  kernel.WorkspaceID
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// newFixture makes a ledger. Without Redis its jobs run through RunDue only.
func newFixture(t *testing.T, r *Registry, change ...func(*Config)) *fixture {
	t.Helper()
	return newFixtureAt(t, pgtest.URL(t), r, change...)
}

// newFixtureAt is one more process, so to say, on a database.
func newFixtureAt(t *testing.T, url string, r *Registry, change ...func(*Config)) *fixture {
	t.Helper()
	db := pgtest.Open(t, url)
	cfg := Config{DB: db, Registry: r, Logger: quiet()}
	for _, c := range change {
		c(&cfg)
	}
	l, err := NewLedger(cfg)
	require.NoError(t, err)
	l.Start()
	t.Cleanup(l.Stop)
	return &fixture{Ledger: l, db: db, url: url, ws: newWorkspace()}
}

func newWorkspace() kernel.WorkspaceID { return kernel.WorkspaceID(uuid.NewString()) }

// start runs a worker and a feeder until the end of the test.
func (f *fixture) start(t *testing.T) *Worker {
	t.Helper()
	w := NewWorker(f.Ledger)
	require.NoError(t, w.Start())
	feeder := NewFeeder(f.Ledger)
	feeder.Start()
	t.Cleanup(func() {
		feeder.Stop()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		w.Stop(ctx)
	})
	return w
}

func (f *fixture) enqueue(t *testing.T, job port.Job, opts ...port.JobOption) port.JobID {
	t.Helper()
	return f.enqueueIn(t, f.ws, job, opts...)
}

func (f *fixture) enqueueIn(t *testing.T, ws kernel.WorkspaceID, job port.Job, opts ...port.JobOption) port.JobID {
	t.Helper()
	var id port.JobID
	require.NoError(t, f.db.InTx(t.Context(), ws, func(ctx context.Context) (err error) {
		id, err = f.Enqueue(ctx, ws, job, opts...)
		return err
	}))
	return id
}

// exec runs SQL as the system role.
func (f *fixture) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := f.pool.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

func (f *fixture) count(t *testing.T, where string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, f.pool.QueryRow(t.Context(), "select count(*) from "+where, args...).Scan(&n))
	return n
}

func (f *fixture) runDue(t *testing.T) (processed, failed int) {
	t.Helper()
	processed, failed, err := f.RunDue(t.Context(), 20*time.Second)
	require.NoError(t, err)
	return processed, failed
}

func (f *fixture) job(t *testing.T, id port.JobID) Record {
	t.Helper()
	r, err := f.Get(t.Context(), id)
	require.NoError(t, err)
	return r
}

// clock is moved by the test.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.offset.Load())) }
func (c *clock) forward(d time.Duration) { c.offset.Add(int64(d)) }

func withClock(c *clock) func(*Config) { return func(cfg *Config) { cfg.Now = c.now } }

// withMini gives the ledger the in-process Redis.
func withMini(t *testing.T) func(*Config) {
	t.Helper()
	mini := miniredis.RunT(t)
	return func(cfg *Config) { cfg.Redis = asynq.RedisClientOpt{Addr: mini.Addr()} }
}

// redisServer is a real Redis without persistence: killed, it forgets everything. It listens on a socket of its own.
type redisServer struct {
	dir string
	cmd *exec.Cmd
}

func startRedis(t *testing.T) *redisServer {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("redis-server is not on PATH")
		}
		t.Skip("redis-server is not on PATH: apt-get install redis-server")
	}
	dir, err := os.MkdirTemp("", "redis") // t.TempDir is too long for the name of a socket
	require.NoError(t, err)
	s := &redisServer{dir: dir}
	s.start(t)
	t.Cleanup(func() {
		s.kill(t)
		require.NoError(t, os.RemoveAll(dir))
	})
	return s
}

func (s *redisServer) start(t *testing.T) {
	t.Helper()
	s.cmd = exec.Command("redis-server", "--port", "0", "--unixsocket", s.socket(), "--save", "", "--appendonly", "no",
		"--dir", s.dir, "--logfile", filepath.Join(s.dir, "redis.log"))
	require.NoError(t, s.cmd.Start())
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: s.socket()})
	defer client.Close()
	require.Eventually(t, func() bool { return client.Ping(context.Background()).Err() == nil }, 10*time.Second, 10*time.Millisecond)
}

func (s *redisServer) socket() string { return filepath.Join(s.dir, "redis.sock") }

func (s *redisServer) kill(t *testing.T) {
	t.Helper()
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

func (s *redisServer) option() asynq.RedisClientOpt {
	return asynq.RedisClientOpt{Network: "unix", Addr: s.socket()}
}

func withRedis(s *redisServer) func(*Config) { return func(cfg *Config) { cfg.Redis = s.option() } }

// effects is a table outside the ledger that handlers write to.
func (f *fixture) effects(t *testing.T) {
	t.Helper()
	f.asOwner(t, `create table effects (workspace_id uuid not null, job text not null);
		select tertulia_tenant_table('effects')`)
}

func (f *fixture) asOwner(t *testing.T, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), f.url)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err)
}

// addEffect is what a handler does.
func addEffect(ctx context.Context, job string) error {
	_, err := postgres.Conn(ctx).NewRaw(
		"insert into effects values (current_setting('app.workspace_id')::uuid, ?)", job).Exec(ctx)
	if err != nil {
		return fmt.Errorf("add effect: %w", err)
	}
	return nil
}
