package embed

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/hibiken/asynq"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentshttp"
	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallstask"
	"github.com/tertulia-dev/tertulia/adapter/billing/billinghttp"
	"github.com/tertulia-dev/tertulia/adapter/calendars/calendarshttp"
	"github.com/tertulia-dev/tertulia/adapter/identity/identityhttp"
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingshttp"
	"github.com/tertulia-dev/tertulia/adapter/notifications/notificationshttp"
	"github.com/tertulia-dev/tertulia/adapter/operations/operationshttp"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/signature"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
	calendarsuc "github.com/tertulia-dev/tertulia/usecase/calendars"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	notificationsuc "github.com/tertulia-dev/tertulia/usecase/notifications"
	operationsuc "github.com/tertulia-dev/tertulia/usecase/operations"
)

// Version is what the document and the traces say.
const Version = "0.1.0"

// routed is everything that routes lead to.
type routed struct {
	Identity      *identityuc.UseCases
	Meetings      *meetingsuc.UseCases
	Agents        *agentsuc.UseCases
	AgentChats    *agentsuc.ChatUseCases
	TryAgent      *agentsuc.TryAgent
	BatchCalls    *batchcallsuc.UseCases
	Campaigns     *batchcallsuc.CampaignUseCases
	CallEvents    *batchcallstask.Inbox
	Notifications *notificationsuc.UseCases
	Calendars     *calendarsuc.UseCases
	Operations    *operationsuc.UseCases
	Billing       *billinguc.UseCases
	Costs         billinghttp.Page
	Texts         *catalog.Catalog
	Media         media
	Verifier      *signature.Verifier
	Redis         asynq.RedisConnOpt
	Limits        limits
}

// newAPI makes the edge with every route on it.
func newAPI(cfg Config, o Options, c clock, db *postgres.DB, auth httpserver.Authenticator, reg prometheus.Registerer, tracer trace.TracerProvider, logger *slog.Logger, r routed) *httpserver.API {
	api := httpserver.New(httpserver.Options{
		Title: title, Version: Version, About: about, Servers: servers(cfg), Logger: logger, Auth: auth, Catalog: r.Texts,
		Registerer: reg, Tracer: tracer, Now: c.Now, RequestTimeout: cfg.HTTP.RequestTimeout,
		AllowedOrigins: cfg.HTTP.AllowedOrigins, TrustedProxies: cfg.HTTP.TrustedProxies,
		Guard: r.Limits.guard, Limiter: r.Limits.perCaller, FloorOff: o.FloorOff, DrainDelay: cfg.HTTP.DrainDelay,
		Checks: map[string]httpserver.Check{"postgres": db.Ping},
	})
	meetingshttp.Register(api, r.Meetings, r.Texts)
	if r.Verifier != nil {
		meetingshttp.RegisterWebhook(api, r.Meetings.Receive, r.Verifier, c.Now)
	}
	agentshttp.Register(api, r.Agents)
	agentshttp.RegisterChats(api, r.AgentChats)
	agentshttp.RegisterTry(api, r.TryAgent)
	identityhttp.Register(api, r.Identity)
	notificationshttp.Register(api, r.Notifications, r.Texts)
	calendarshttp.Register(api, r.Calendars, r.Texts)
	operationshttp.Register(api, r.Operations)
	billinghttp.Register(api, r.Billing.Queries)
	registerBatchCalls(api, cfg, r, c, logger)
	registerPages(api, r.Costs)
	registerTools(api)
	registerDashboard(api.Echo(), r.Identity, r.Redis, r.Limits.signIns, strings.HasPrefix(cfg.HTTP.PublicURL, "https:"))
	if r.Media.handler != nil {
		api.Echo().GET(mediaPath+"*", echo.WrapHandler(http.StripPrefix(mediaPath, r.Media.handler)))
		api.Echo().HEAD(mediaPath+"*", echo.WrapHandler(http.StripPrefix(mediaPath, r.Media.handler)))
	}
	return api
}

func servers(cfg Config) []string {
	if cfg.HTTP.PublicURL == "" {
		return nil
	}
	return []string{cfg.HTTP.PublicURL}
}
