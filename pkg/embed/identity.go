package embed

import (
	"context"
	"log/slog"

	"github.com/google/wire"
	"github.com/labstack/echo/v4"

	"github.com/hibiken/asynq"

	hubspotowners "github.com/tertulia-dev/tertulia/adapter/identity/hubspot"
	"github.com/tertulia-dev/tertulia/adapter/identity/identityhttp"
	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/adapter/identity/supabasejwt"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/hubspot"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

var identitySet = wire.NewSet(newIdentity, newListener, newAuthenticator)

func newIdentity(ctx context.Context, cfg Config, db *postgres.DB, crm *hubspot.Client, c clock, ids uuids, logger *slog.Logger) (*identityuc.UseCases, func(), error) {
	verifiers, stop, err := newVerifiers(ctx, cfg, c)
	if err != nil {
		return nil, nil, err
	}
	return identityuc.New(identityuc.Ports{
		Tx: db, Reader: db, Outside: db, Workspaces: identitypg.Workspaces{}, Reps: identitypg.Reps{},
		RepWriter: identitypg.Reps{}, Keys: identitypg.Keys{}, Access: identitypg.AdminAccess{},
		Owners: hubspotowners.NewOwners(crm), Changes: identitypg.NewChanges(db.SystemPool(), logger), Clock: c, IDs: ids, Verifiers: verifiers,
	}, identityuc.Access{
		ServiceKey: cfg.Access.ServiceAPIKey.Reveal(), SchedulerSecret: cfg.Access.CronSecret.Reveal(),
		EmailDomains: cfg.Access.AllowedEmailDomain,
	}), stop, nil
}

// newVerifiers knows Supabase's tokens where a project is configured.
func newVerifiers(ctx context.Context, cfg Config, c clock) ([]identityuc.TokenVerifier, func(), error) {
	if cfg.Supabase.URL == "" && cfg.Supabase.JWTSecret == "" {
		return nil, func() {}, nil
	}
	jwt := supabasejwt.Config{Secret: cfg.Supabase.JWTSecret.Reveal(), Now: c.Now}
	if cfg.Supabase.URL != "" {
		var err error
		if jwt.JWKSURL, err = supabasejwt.JWKSURL(cfg.Supabase.URL); err != nil {
			return nil, nil, err
		}
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	verifier, err := supabasejwt.New(ctx, jwt)
	if err != nil {
		stop()
		return nil, nil, err
	}
	return []identityuc.TokenVerifier{verifier}, stop, nil
}

func newListener(db *postgres.DB, uc *identityuc.UseCases, logger *slog.Logger) *identitypg.Listener {
	return identitypg.NewListener(db.SystemPool(), uc.Directory, logger)
}

func newAuthenticator(uc *identityuc.UseCases) httpserver.Authenticator {
	return identityhttp.NewAuthenticator(uc.Authenticate)
}

// dashboardPolicy lets asynqmon's page run: it has scripts and styles of its own in the page. Nothing comes from elsewhere,
// its fonts included, for which it falls back to the system's.
const dashboardPolicy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; frame-ancestors 'none'"

// registerDashboard mounts the queue dashboard, which guards nothing by itself, behind an administrator's session.
func registerDashboard(e *echo.Echo, uc *identityuc.UseCases, redis asynq.RedisConnOpt, signIns httpserver.SignIns, secure bool) {
	identityhttp.RegisterLogin(e, uc.RedeemAdminLink, signIns, secure)
	dashboard := queue.Dashboard(redis, identityhttp.DashboardPath)
	serve := func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderContentSecurityPolicy, dashboardPolicy)
		dashboard.ServeHTTP(c.Response(), c.Request())
		return nil
	}
	group := e.Group(identityhttp.DashboardPath, identityhttp.RequireAdminSession(uc.AuthenticateAdmin))
	group.Any("", serve)
	group.Any("/*", serve)
}
