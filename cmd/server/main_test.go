package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/cmd/internal/processtest"
	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/migrations"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

func TestMain(m *testing.M) {
	command := main
	if os.Getenv(hastyVariable) != "" {
		command = hasty
	}
	processtest.Main(m, command)
}

// server is the command beside a system whose stores it shares, on a port of its own.
func server(t *testing.T, s *embedtest.System, changes ...string) (p *processtest.Process, url string) {
	t.Helper()
	port := processtest.FreePort(t)
	p = processtest.Start(t, append(append(s.Environ(), "PORT="+port), changes...), nil)
	return p, "http://127.0.0.1:" + port
}

func isReady(t *testing.T, url string) func() bool {
	return func() bool { return status(t, url+"/ready") == http.StatusOK }
}

// status is 0 where nobody answers.
func status(t *testing.T, url string) int {
	t.Helper()
	code, _ := ask(t, url)
	return code
}

func ask(t *testing.T, url string) (status int, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	req.Header.Set("X-Api-Key", embedtest.ServiceKey)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

func TestAServerServesUntilItIsToldToStopAndSaysGoodbye(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	watch := "127.0.0.1:" + processtest.FreePort(t)
	p, url := server(t, s, "METRICS_ADDR="+watch, "DRAIN_DELAY=500ms")
	p.Until(t, "it is ready", isReady(t, url))
	require.Equal(t, 200, status(t, url+"/api/meetings"))
	require.Equal(t, 200, status(t, "http://"+watch+"/metrics"))
	require.Equal(t, 404, status(t, url+"/metrics"), "the metrics are not for everybody")

	p.Signal(syscall.SIGTERM)

	p.Until(t, "it is not ready", func() bool { return status(t, url+"/ready") == http.StatusServiceUnavailable })
	require.Zero(t, p.Exit(t))
	requireOnlyJSON(t, p)
}

func requireOnlyJSON(t *testing.T, p *processtest.Process) {
	t.Helper()
	require.Empty(t, p.Stderr.String())
	for line := range strings.Lines(p.Stdout.String()) {
		require.True(t, strings.HasPrefix(line, `{"time":`), line)
	}
}

func TestAServerThatCannotReachRedisServesAndLogsWhatItsClientSays(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	p, url := server(t, s, "REDIS_URL=redis://:canary@127.0.0.1:1")
	p.Until(t, "it serves", func() bool { return status(t, url+"/api/meetings") == http.StatusOK })
	p.Until(t, "the client complains", func() bool { return strings.Contains(p.Stdout.String(), `"msg":"redis"`) })

	p.Signal(syscall.SIGTERM)

	require.Zero(t, p.Exit(t))
	requireOnlyJSON(t, p)
	require.NotContains(t, p.Output(), "canary")
}

func TestAServerNamesEverythingThatIsWrongWithItsSettings(t *testing.T) {
	t.Parallel()
	p := processtest.Start(t, []string{"PORT=canary", "DRAIN_DELAY=1h", "PUBLIC_URL=https://t.example"}, nil)

	require.Equal(t, 2, p.Exit(t))
	require.Contains(t, p.Stderr.String(), "DRAIN_DELAY must be from 0s to 5s; PORT must be a whole number")
	require.Contains(t, p.Stderr.String(), "CRON_SECRET, DATABASE_URL, DATA_DIR, MEDIA_SIGNING_SECRET, RECALL_API_KEY, "+
		"RECALL_WEBHOOK_SECRET, REDIS_URL, SERVICE_API_KEY must be set")
	require.NotContains(t, p.Output(), "canary")
}

func TestAServerDoesNotStartWithoutAWebhookSecret(t *testing.T) {
	t.Parallel()
	p := processtest.Start(t, without(complete("postgres://127.0.0.1/x", t.TempDir()), "RECALL_WEBHOOK_SECRET"), nil)

	require.Equal(t, 2, p.Exit(t))
	require.Contains(t, p.Stderr.String(), "RECALL_WEBHOOK_SECRET must be set")
}

func TestAServerNeitherMigratesNorServesTenantsThatAreNotIsolated(t *testing.T) {
	t.Parallel()
	store, err := embedded.StartPostgres(t.Context(), embedded.PostgresOptions{ // roles are a whole server's
		DataDir: processtest.DataDir(t), Volatile: true, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Stop()) })
	start := func() *processtest.Process { return processtest.Start(t, complete(store.URL(), t.TempDir()), nil) }

	p := start()
	require.Equal(t, 1, p.Exit(t), p.Output())
	require.Contains(t, p.Stdout.String(), "are the migrations applied?")
	conn, err := pgx.Connect(t.Context(), store.URL())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	var tables int
	require.NoError(t, conn.QueryRow(t.Context(), "select count(*) from pg_tables where schemaname = 'public'").Scan(&tables))
	require.Zero(t, tables)

	require.NoError(t, postgres.Migrate(t.Context(), store.URL(), migrations.FS))
	_, err = conn.Exec(t.Context(), "alter role tertulia_app bypassrls")
	require.NoError(t, err)
	p = start()
	require.Equal(t, 1, p.Exit(t), p.Output())
	require.Contains(t, p.Stdout.String(), "role tertulia_app is a superuser or bypasses row-level security")
}

func TestAServerHasAVersionAndTakesNoArguments(t *testing.T) {
	t.Parallel()
	p := processtest.Start(t, nil, []string{"--version"})
	require.Zero(t, p.Exit(t))
	require.Equal(t, "server "+embed.Version+"\n", p.Stdout.String())

	p = processtest.Start(t, nil, []string{"3000"})
	require.Equal(t, 2, p.Exit(t))
	require.Contains(t, p.Stderr.String(), "its settings are environment variables")
}

func TestASecondSignalEndsAServerAtOnce(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	p, url := server(t, s, "DRAIN_DELAY=5s")
	p.Until(t, "it is ready", isReady(t, url))
	told := time.Now()
	p.Signal(syscall.SIGTERM)
	p.Until(t, "it drains", func() bool { return status(t, url+"/ready") == http.StatusServiceUnavailable })

	p.Signal(syscall.SIGTERM)

	require.Equal(t, -1, p.Exit(t))
	require.Less(t, time.Since(told), 5*time.Second)
}

// complete is every setting that a server needs.
func complete(databaseURL, dataDir string) []string {
	return []string{
		"DATABASE_URL=" + databaseURL, "DATA_DIR=" + dataDir, "REDIS_URL=redis://127.0.0.1:1", "PUBLIC_URL=https://t.example",
		"CRON_SECRET=cron-canary", "SERVICE_API_KEY=key-canary", "RECALL_API_KEY=recall-canary",
		"MEDIA_SIGNING_SECRET=media-signing-secret-of-the-test", "RECALL_WEBHOOK_SECRET=whsec_yhVJ7lfTGMQDJY8YSq9aGcsw4I7/XJIz",
		"HOST=127.0.0.1",
	}
}

func without(environ []string, name string) []string {
	var rest []string
	for _, line := range environ {
		if !strings.HasPrefix(line, name+"=") {
			rest = append(rest, line)
		}
	}
	return rest
}
