package embed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentstask"
	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallstask"
	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingstask"
	"github.com/tertulia-dev/tertulia/adapter/operations/operationstask"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
	operationsuc "github.com/tertulia-dev/tertulia/usecase/operations"
)

// drainTime is how long running jobs have to end when a worker is told to stop. Handing the rest back, with the pools and
// what else is closed, fits into what is left of 30 seconds.
const drainTime = 20 * time.Second

// ErrNoWebhookSecret is why a server does not start that could not tell the notetaker vendor's events from forged ones.
var ErrNoWebhookSecret = errors.New("serve: RECALL_WEBHOOK_SECRET must be set, or anybody could send events")

// App is the wired system. Serve answers requests, Work runs jobs; one process may do both.
type App struct {
	api        *httpserver.API
	db         *postgres.DB
	ledger     *queue.Ledger
	feeder     *queue.Feeder
	worker     *queue.Worker
	listener   *identitypg.Listener
	identity   *identityuc.UseCases
	chats      *agentsuc.Runner
	operations *operationsuc.UseCases
	metrics    *prometheus.Registry
	clock      clock
	logger     *slog.Logger
	cfg        Config

	starting sync.Mutex
	users    int // of what Serve and Work share
	stop     func()
}

// New wires the system and opens its database, whose schema must be current. The cleanup closes what New opened; call it
// when Serve and Work have returned.
func New(ctx context.Context, cfg Config, o Options) (*App, func(), error) {
	return build(ctx, cfg, o.withDefaults())
}

func newApp(cfg Config, api *httpserver.API, db *postgres.DB, ledger *queue.Ledger, feeder *queue.Feeder, r *queue.Registry, listener *identitypg.Listener, inbox *meetingstask.Inbox, routes routed, metrics *prometheus.Registry, c clock, logger *slog.Logger) *App {
	registerMeetingsJobs(r, routes.Meetings, inbox)
	registerNotificationJobs(r, routes.Notifications)
	registerCalendarJobs(r, routes.Calendars)
	registerAgentJobs(r, routes.Agents)
	batchcallstask.Register(r, routes.BatchCalls, routes.CallEvents)
	batchcallstask.RegisterCampaigns(r, routes.Campaigns)
	agentstask.RegisterChats(r, routes.AgentChats)
	operationstask.Register(r, routes.Operations, db, ledger, c)
	return &App{
		api: api, db: db, ledger: ledger, feeder: feeder, worker: queue.NewWorker(ledger), listener: listener,
		identity: routes.Identity, chats: routes.AgentChats.Runner, operations: routes.Operations, metrics: metrics, clock: c, logger: logger, cfg: cfg,
	}
}

// Handler is the HTTP edge, for programs that serve it themselves. They call Start before and the returned stop after.
func (a *App) Handler() http.Handler { return a.api.Handler() }

// API is the edge itself, for what is generated from its operations.
func (a *App) API() *httpserver.API { return a.api }

// Start runs what serving and working both need: the ledger's pusher and the ears for other processes' news. Serve and
// Work call it themselves.
func (a *App) Start() (stop func()) {
	a.starting.Lock()
	defer a.starting.Unlock()
	if a.users++; a.users == 1 {
		ctx, cancel := context.WithCancel(context.Background())
		var listening sync.WaitGroup
		listening.Go(func() { a.listener.Run(ctx) })
		a.ledger.Start()
		a.stop = func() {
			a.endChats()
			a.ledger.Stop()
			cancel()
			listening.Wait()
		}
	}
	return sync.OnceFunc(a.release)
}

func (a *App) release() {
	a.starting.Lock()
	defer a.starting.Unlock()
	if a.users--; a.users == 0 {
		a.stop()
	}
}

// endChats ends what agents are still saying, and waits a moment until that is stored.
func (a *App) endChats() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := a.chats.Stop(ctx); err != nil {
		a.logger.LogAttrs(ctx, slog.LevelWarn, "answers of agents were not stored to their end", slog.Any("error", err))
	}
}

// Serve answers requests on ln until ctx ends, then drains: not ready, no new requests, streams ended, requests finished.
func (a *App) Serve(ctx context.Context, ln net.Listener) error {
	if a.cfg.Recall.WebhookSecret == "" {
		return ErrNoWebhookSecret
	}
	defer a.Start()()
	return a.api.ServeListener(ctx, ln)
}

// Work feeds and runs jobs until ctx ends, then finishes those that run, for at most 20 seconds, and hands the rest back.
func (a *App) Work(ctx context.Context) error {
	defer a.Start()()
	if err := a.ensureCleanup(ctx); err != nil {
		return unlessEnded(ctx, err)
	}
	a.feeder.Start()
	defer a.feeder.Stop()
	if err := a.worker.Start(); err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	<-ctx.Done()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	a.worker.Stop(drain)
	return nil
}

// ensureCleanup sees to it that the daily sweep is pending, once there is a workspace to whom it can belong.
func (a *App) ensureCleanup(ctx context.Context) error {
	ws, err := a.DefaultWorkspace(ctx)
	if fault.KindOf(err) == fault.Unavailable {
		a.logger.LogAttrs(ctx, slog.LevelWarn, "no daily sweep yet: there is no workspace")
		return nil
	}
	if err != nil {
		return err
	}
	return operationstask.EnsureCleanup(ctx, ws, a.db, a.ledger, a.clock)
}

// DefaultWorkspace returns the workspace that the configured vendor accounts and keys belong to.
func (a *App) DefaultWorkspace(ctx context.Context) (kernel.WorkspaceID, error) {
	ws, err := a.identity.Directory.DefaultWorkspace(ctx)
	return ws.ID, err
}

// Identity returns what can be done about workspaces, keys and reps, for commands and embedding programs.
func (a *App) Identity() *identityuc.UseCases { return a.identity }

// Operations returns what can be done about jobs.
func (a *App) Operations() *operationsuc.UseCases { return a.operations }

// Metrics serves the Prometheus metrics. It has no guard: serve it on an address of its own.
func (a *App) Metrics() http.Handler { return telemetry.MetricsHandler(a.metrics) }
