// Package embedtest runs the whole system inside a test: a database of its own, a Redis, every vendor's double, the server
// on a port of this machine, a worker, two workspaces with their people, and an SDK client for each of these.
package embedtest

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// Secrets of every system that New makes.
const (
	ServiceKey  = "service-key-of-the-test"
	CronSecret  = "cron-secret-of-the-test"
	mediaSecret = "media-signing-secret-of-the-test"
)

// System is a running Tertulia. It ends with the test.
type System struct {
	// URL is the server's address, without a slash at the end.
	URL string
	// DatabaseURL opens the system's database as a superuser.
	DatabaseURL string
	// Workspace is the default one, OtherWorkspace the second.
	Workspace, OtherWorkspace kernel.WorkspaceID
	// OtherKey is an API key of the second workspace.
	OtherKey string

	App     *embed.App
	Sandbox *sandboxtest.Running
	Clock   *Clock // the system's and the sandbox's: starts at the real time, runs, and can be moved forward
	Logs    *Logs  // everything that the system logs, from debug on
	Config  embed.Config

	// Clients. Admin, Rep and OtherRep are people with tokens, Service is SERVICE_API_KEY acting for Rep, Scheduler has
	// the cron secret, and Other is an API key of the second workspace acting for its admin.
	Admin, Rep, OtherRep, Service, Scheduler, Other *tertulia.Client

	tokens map[string]string
	script chan struct{} // held while a script and the meeting that it is for are made
}

// New starts a system. The test fails when it cannot.
func New(t testing.TB, opts ...Option) *System {
	t.Helper()
	o := settings{embed: embed.Options{AllowLoopback: true, WatchInterval: time.Second}}
	s := &System{Clock: &Clock{}, Logs: &Logs{}, tokens: map[string]string{}, script: make(chan struct{}, 1)}
	s.DatabaseURL = pgtest.URL(t)
	s.Sandbox = sandboxtest.StartWith(t, sandbox.Options{Now: s.Clock.Now, WebhookSecret: sandboxtest.Secret})
	ln := listen(t)
	s.URL = "http://" + ln.Addr().String()
	s.Sandbox.CallWebhooks(s.URL + "/api/webhooks/elevenlabs")
	o.config = s.configuration(t, startRedis(t))
	for _, opt := range opts {
		opt(&o)
	}
	s.Config = o.config
	o.embed.Now, o.embed.Logger = s.Clock.Now, slog.New(slog.NewJSONHandler(s.Logs, &slog.HandlerOptions{Level: slog.LevelDebug}))

	app, cleanup, err := embed.New(t.Context(), s.Config, o.embed)
	require.NoError(t, err)
	t.Cleanup(cleanup)
	s.App = app
	s.Sandbox.Webhooks(s.WebhookURL())
	s.Sandbox.RecallSettings(map[string]any{"noLimits": true})
	s.settle(t)
	s.run(t, func(ctx context.Context) error { return app.Serve(ctx, ln) })
	if !o.idle {
		s.run(t, app.Work)
	}
	s.introduce(t)
	return s
}

// WebhookURL is where the notetaker's vendor sends its events.
func (s *System) WebhookURL() string { return s.URL + "/api/webhooks/recall" }

// Work starts a worker: for systems that were made WithoutWorker.
func (s *System) Work(t testing.TB) {
	t.Helper()
	s.run(t, s.App.Work)
}

// run lets part of the system live until the test ends, and fails the test when it ends badly.
func (s *System) run(t testing.TB, part func(context.Context) error) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- part(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	var lc net.ListenConfig
	ln, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = ln.Close() })
	return ln
}

func startRedis(t testing.TB) string {
	t.Helper()
	redis, err := embedded.StartRedis(t.Context(), embedded.RedisOptions{DataDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { _ = redis.Stop() })
	return redis.URL()
}
