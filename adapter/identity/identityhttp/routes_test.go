package identityhttp_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identityhttp"
	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

const (
	serviceKey = "service key"
	adminEmail = "admin@clickbalance.com"
	repEmail   = "ana@clickbalance.com"
)

// server is the edge with identity's routes on a real database.
type server struct {
	*identityuc.UseCases
	url       string
	workspace identity.Workspace
	rep       identity.Rep
}

// unbounded lets everybody try.
type unbounded struct{}

func (unbounded) Take(context.Context, string) (time.Duration, error) { return 0, nil }

func newServer(t *testing.T) *server {
	t.Helper()
	db := pgtest.New(t)
	uc := identityuc.New(identityuc.Ports{
		Tx: db, Reader: db, Outside: db, Clock: clock{}, IDs: ids{}, Verifiers: []identityuc.TokenVerifier{tokens{}},
		Workspaces: identitypg.Workspaces{}, Reps: identitypg.Reps{}, RepWriter: identitypg.Reps{},
		Keys: identitypg.Keys{}, Access: identitypg.AdminAccess{},
		Changes: identitypg.NewChanges(db.SystemPool(), slog.New(slog.DiscardHandler)),
	}, identityuc.Access{ServiceKey: serviceKey, SchedulerSecret: "cron secret", EmailDomains: []string{"clickbalance.com"}})
	api := httpserver.New(httpserver.Options{Auth: identityhttp.NewAuthenticator(uc.Authenticate)})
	identityhttp.Register(api, uc)
	identityhttp.RegisterLogin(api.Echo(), uc.RedeemAdminLink, unbounded{}, false)
	api.Echo().GET(identityhttp.DashboardPath, func(c echo.Context) error { return c.String(http.StatusOK, "queues") },
		identityhttp.RequireAdminSession(uc.AuthenticateAdmin))
	listener := httptest.NewServer(api.Handler())
	t.Cleanup(listener.Close)

	w, _, err := uc.CreateWorkspace.Execute(t.Context(), identityuc.CreateWorkspaceInput{
		Name: "Click Balance", Slug: "clickbalance", Timezone: "America/Mexico_City", Language: "es", IsDefault: true,
		AdminEmail: adminEmail, AdminName: "Ada Admin",
	})
	require.NoError(t, err)
	rep, err := uc.ProvisionRep.Execute(t.Context(), identityuc.ProvisionRepInput{Workspace: w.ID, Email: repEmail, Name: "Ana"})
	require.NoError(t, err)
	return &server{UseCases: uc, url: listener.URL, workspace: w, rep: rep}
}

func (s *server) client(opts ...tertulia.Option) *tertulia.Client {
	return tertulia.New(s.url, append([]tertulia.Option{tertulia.WithAPIKey(serviceKey)}, opts...)...)
}

func requireRefusal(t *testing.T, err error, status int, code string) {
	t.Helper()
	var refused *tertulia.APIError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, status, refused.Status, "%v", err)
	require.Equal(t, code, refused.Code)
	require.NotEmpty(t, refused.Message)
	require.NotEmpty(t, refused.RequestID)
}

func TestTheCallerSeesAndRenamesItself(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for name, client := range map[string]*tertulia.Client{
		"by key": s.client(tertulia.WithSalesRep(repEmail)), "by token": tertulia.New(s.url, tertulia.WithBearer("token:"+repEmail)),
	} {
		me, err := client.Me.Get(t.Context())
		require.NoError(t, err, name)
		require.Equal(t, s.rep.ID.String(), me.ID)
		require.False(t, me.IsAdmin)
		renamed, err := client.Me.Update(t.Context(), tertulia.UpdateMeRequest{Name: "Ana " + name})
		require.NoError(t, err)
		require.Equal(t, "Ana "+name, renamed.Name)
		require.Equal(t, me.CreatedAt, renamed.CreatedAt)
	}
	_, err := s.client(tertulia.WithSalesRep(repEmail)).Me.Update(t.Context(), tertulia.UpdateMeRequest{Name: " "})
	requireRefusal(t, err, 400, tertulia.CodeValidation)
}

func TestWhoMayNotPassHearsWhy(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	get := func(opts ...tertulia.Option) error {
		_, err := tertulia.New(s.url, opts...).Me.Get(t.Context())
		return err
	}
	requireRefusal(t, get(), 401, tertulia.CodeUnauthorized)
	requireRefusal(t, get(tertulia.WithAPIKey("wrong"), tertulia.WithSalesRep(repEmail)), 401, tertulia.CodeUnauthorized)
	requireRefusal(t, get(tertulia.WithAPIKey(serviceKey)), 400, tertulia.CodeMissingSalesRepEmail)
	requireRefusal(t, get(tertulia.WithAPIKey(serviceKey), tertulia.WithSalesRep("no@clickbalance.com")), 404, tertulia.CodeSalesRepNotFound)
	requireRefusal(t, get(tertulia.WithBearer("token:ana@gmail.com")), 403, tertulia.CodeEmailDomainNotAllowed)
	requireRefusal(t, get(tertulia.WithBearer("cron secret")), 401, tertulia.CodeUnauthorized)
}

func TestAdministratorsListRepsAndChangeTheirRank(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	admin, rep := s.client(tertulia.WithSalesRep(adminEmail)), s.client(tertulia.WithSalesRep(repEmail))

	var emails []string
	for r, err := range admin.SalesReps.All(t.Context()) {
		require.NoError(t, err)
		emails = append(emails, r.Email)
	}
	require.Equal(t, []string{adminEmail, repEmail}, emails)
	first, err := admin.SalesReps.List(t.Context(), tertulia.SalesRepFilter{PageQuery: tertulia.PageQuery{Limit: 1}})
	require.NoError(t, err)
	require.NotNil(t, first.NextCursor)
	second, err := admin.SalesReps.List(t.Context(), tertulia.SalesRepFilter{PageQuery: tertulia.PageQuery{Limit: 1, Cursor: *first.NextCursor}})
	require.NoError(t, err)
	require.Nil(t, second.NextCursor)
	require.Equal(t, repEmail, second.Data[0].Email)
	_, err = admin.SalesReps.List(t.Context(), tertulia.SalesRepFilter{PageQuery: tertulia.PageQuery{Cursor: "nonsense"}})
	requireRefusal(t, err, 400, tertulia.CodeValidation)
	_, err = rep.SalesReps.List(t.Context(), tertulia.SalesRepFilter{})
	requireRefusal(t, err, 403, tertulia.CodeForbidden)
	_, err = rep.SalesReps.SetAdmin(t.Context(), s.rep.ID.String(), true)
	requireRefusal(t, err, 403, tertulia.CodeForbidden)

	raised, err := admin.SalesReps.SetAdmin(t.Context(), s.rep.ID.String(), true)
	require.NoError(t, err)
	require.True(t, raised.IsAdmin)
	_, err = rep.SalesReps.SetAdmin(t.Context(), s.rep.ID.String(), false)
	require.NoError(t, err)
	_, err = admin.SalesReps.SetAdmin(t.Context(), first.Data[0].ID, false)
	requireRefusal(t, err, 409, tertulia.CodeLastAdmin)
	for _, id := range []string{"nonsense", uuid.NewString()} {
		_, err = admin.SalesReps.SetAdmin(t.Context(), id, true)
		requireRefusal(t, err, 404, tertulia.CodeSalesRepNotFound)
	}
}

func TestTheRankIsRequired(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, body := range []string{`{}`, `{"is_admin": null}`, `{"is_admin": "yes"}`} {
		path := "/api/sales-reps/" + s.rep.ID.String() + "?salesRepEmail=" + adminEmail
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, s.url+path, strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("X-API-Key", serviceKey)
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusBadRequest, res.StatusCode, body)
	}
}

func TestARepIsFoundByEmailForAnotherRep(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	client := s.client(tertulia.WithSalesRep(repEmail))

	found, err := client.SalesReps.FindByEmail(t.Context(), "Admin@ClickBalance.com")
	require.NoError(t, err)
	require.Equal(t, adminEmail, found.Email)
	_, err = client.SalesReps.FindByEmail(t.Context(), "nobody@clickbalance.com")
	requireRefusal(t, err, 404, tertulia.CodeSalesRepNotFound)
	_, err = client.SalesReps.FindByEmail(t.Context(), "")
	requireRefusal(t, err, 400, tertulia.CodeMissingParam)
	_, err = s.client().SalesReps.FindByEmail(t.Context(), adminEmail)
	requireRefusal(t, err, 400, tertulia.CodeMissingSalesRepEmail)
}

func TestAOneTimeLinkLeadsIntoTheDashboard(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	token, err := s.CreateAdminLink.Execute(t.Context(), identityuc.CreateAdminLinkInput{Workspace: s.workspace.ID})
	require.NoError(t, err)
	link := identityhttp.LoginURL(s.url+"/", token)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar}
	open := func(c *http.Client, url string) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		require.NoError(t, err)
		res, err := c.Do(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return res
	}

	require.Equal(t, http.StatusUnauthorized, open(browser, s.url+identityhttp.DashboardPath).StatusCode)
	noFollow := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	in := open(noFollow, link)
	require.Equal(t, http.StatusSeeOther, in.StatusCode)
	require.Equal(t, "no-store", in.Header.Get("Cache-Control"))
	cookie := in.Cookies()[0]
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	require.Equal(t, "/ops", cookie.Path)
	require.Equal(t, 12*60*60, cookie.MaxAge)

	require.Equal(t, http.StatusOK, open(browser, s.url+identityhttp.DashboardPath).StatusCode)
	require.Equal(t, http.StatusUnauthorized, open(http.DefaultClient, link).StatusCode)
	require.Equal(t, http.StatusUnauthorized, open(http.DefaultClient, s.url+identityhttp.DashboardPath).StatusCode)
}

type clock struct{}

func (clock) Now() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

type ids struct{}

func (ids) New() string { return uuid.Must(uuid.NewV7()).String() }

// tokens takes "token:<e-mail>" for a good token of its bearer.
type tokens struct{}

func (tokens) Verify(_ context.Context, token string) (identityuc.Claims, error) {
	email, ok := strings.CutPrefix(token, "token:")
	if !ok {
		return identityuc.Claims{}, fault.New(fault.Unauthenticated, fault.Unauthorized)
	}
	return identityuc.Claims{Email: email}, nil
}
