package httpserver_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
)

func TestEveryOperationAsksForItsOwnCredential(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	for _, c := range []struct {
		method, path, header, value string
		status                      int
	}{
		{"GET", "/api/things", "", "", 401},
		{"GET", "/api/things", "Authorization", "Bearer wrong", 401},
		{"GET", "/api/things", "Authorization", "Bearer cron", 401},
		{"GET", "/api/things", "Authorization", "Basic rep", 401},
		{"GET", "/api/things", "Authorization", "Bearer rep", 200},
		{"GET", "/api/things", "X-API-Key", "wrong", 401},
		{"GET", "/api/things", "X-API-Key", "key", 200},
		{"GET", "/api/cron/tick", "", "", 401},
		{"GET", "/api/cron/tick", "Authorization", "Bearer rep", 401},
		{"GET", "/api/cron/tick", "X-API-Key", "key", 401},
		{"GET", "/api/cron/tick", "Authorization", "Bearer cron", 200},
		{"DELETE", "/api/admin/things", "Authorization", "Bearer rep", 403},
		{"DELETE", "/api/admin/things", "Authorization", "Bearer admin", 204},
		{"GET", "/health", "", "", 200},
	} {
		got := e.call(t, c.method, c.path, "", c.header, c.value)
		require.Equal(t, c.status, got.status, "%s %s with %s %s: %s", c.method, c.path, c.header, c.value, got.text)
		if c.status == 401 {
			require.Equal(t, "UNAUTHORIZED", got.error.Code)
			require.Equal(t, "Bearer", got.header.Get("WWW-Authenticate"))
		}
	}
}

func TestAnOptionalCredentialMayBeMissingButAKeyMayNotBeWrong(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	httpserver.Raw(e.api, "GET", "/who", httpserver.Spec{ID: "who", Credential: httpserver.Optional, ActAs: httpserver.ServiceAllowed}, nil,
		func(c echo.Context) error { return c.JSON(200, httpserver.CallerOf(c).Principal) })
	for _, c := range []struct {
		header, value string
		status        int
		kind          kernel.ActorKind
	}{
		{"", "", 200, kernel.Anonymous},
		{"Authorization", "Bearer wrong", 200, kernel.Anonymous},
		{"Authorization", "Bearer rep", 200, kernel.Person},
		{"X-API-Key", "key", 200, kernel.Service},
		{"X-API-Key", "wrong", 401, kernel.Anonymous},
	} {
		got := e.call(t, "GET", "/who?salesRepEmail=a@b.co", "", c.header, c.value)
		require.Equal(t, c.status, got.status, "%s %s", c.header, c.value)
		if c.status == 200 {
			require.EqualValues(t, c.kind, got.body["Kind"], "%s %s", c.header, c.value)
		}
	}
}

func TestALayerSettlesThingsBeforeARouteIsLookedFor(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	for _, step := range []string{"/inner", "/outer"} {
		e.api.Wrap(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Add("Step", step)
				if r.URL.Path == "/old" {
					r.URL.Path = "/health"
				}
				next.ServeHTTP(w, r)
			})
		})
	}
	got := e.call(t, "GET", "/old", "")
	require.Equal(t, 200, got.status)
	require.Equal(t, []string{"/outer", "/inner"}, got.header.Values("Step"))
}

func TestTheFloorCanBeTakenOffToProveThatUseCasesDecide(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(o *httpserver.Options) { o.FloorOff = true })
	require.Equal(t, 204, e.call(t, "DELETE", "/api/admin/things", "", "Authorization", "Bearer rep").status)
	require.Equal(t, 401, e.call(t, "DELETE", "/api/admin/things", "").status)
}

func TestAnAPIKeyActsForTheRepOfTheQueryElseOfTheBody(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	body := `{"title":"abc","customer":{"contactName":"Ana"},"salesRepEmail":"body@b.co","salesRepName":"Body"}`
	got := e.call(t, "POST", "/api/things/1", body, "X-API-Key", "key")
	require.Equal(t, 201, got.status, got.text)
	require.Equal(t, "body@b.co", got.body["rep"])
	require.Equal(t, "Body", got.body["name"])
	require.Equal(t, "abc", got.body["title"], "the body is still readable")

	got = e.call(t, "POST", "/api/things/1?salesRepEmail=query@b.co", body, "X-API-Key", "key")
	require.Equal(t, "query@b.co", got.body["rep"])
}

func TestAnAPIKeyWithoutARepIsToldSo(t *testing.T) {
	t.Parallel()
	got := newEdge(t).call(t, "POST", "/api/things/1", goodBody, "X-API-Key", "key")
	require.Equal(t, 400, got.status)
	require.Equal(t, "MISSING_SALES_REP_EMAIL", got.error.Code)
}

func TestABrokenBodyIsToldFromAMissingRepButNotToStrangers(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	got := e.call(t, "POST", "/api/things/1", `{"title":`, "X-API-Key", "key")
	require.Equal(t, 400, got.status)
	require.Equal(t, "VALIDATION_ERROR", got.error.Code)
	require.Equal(t, []httpserver.Detail{{Field: "body", Message: "No es JSON válido."}}, got.error.Details)
	require.Equal(t, 401, e.call(t, "POST", "/api/things/1", `{"title":`, "X-API-Key", "wrong").status)
}

func TestAPersonIsNotRenamedBySalesRepEmail(t *testing.T) {
	t.Parallel()
	got := newEdge(t).call(t, "POST", "/api/things/1?salesRepEmail=other@b.co", goodBody, "Authorization", "Bearer rep")
	require.Equal(t, 201, got.status)
	require.Empty(t, got.body["rep"])
}

func TestABodyOverTheLimitIsRefusedBeforeTheHandler(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(o *httpserver.Options) { o.BodyLimit = 1 << 10 })
	big := `{"title":"` + strings.Repeat("x", 2000) + `"}`
	got := e.call(t, "POST", "/api/things/1", big, "Authorization", "Bearer rep")
	require.Equal(t, 413, got.status)
	require.Equal(t, "PAYLOAD_TOO_LARGE", got.error.Code)
	require.Contains(t, got.error.Error, "1 kB")
}

func TestAnUnreadBodyIsStillLimited(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	httpserver.Raw(e.api, "POST", "/upload", httpserver.Spec{
		ID: "upload", Credential: httpserver.Signed, BodyLimit: 4, UnreadBody: true,
	}, nil, func(c echo.Context) error {
		c.Request().ContentLength = -1
		body, err := io.ReadAll(c.Request().Body)
		if err != nil {
			return err
		}
		return c.String(200, string(body))
	})
	require.Equal(t, "1234", e.call(t, "POST", "/upload", "1234").text)
	require.Equal(t, 413, e.call(t, "POST", "/upload", "12345").status)
}

func TestATooLongIdempotencyKeyIsAWrongField(t *testing.T) {
	t.Parallel()
	got := newEdge(t).call(t, "POST", "/api/things/1", goodBody,
		"Authorization", "Bearer rep", "Idempotency-Key", strings.Repeat("k", 256))
	require.Equal(t, 400, got.status)
	require.Equal(t, "Idempotency-Key", got.error.Details[0].Field)
}

func TestAnOrdinaryRequestHasADeadlineAndAStreamHasNone(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(o *httpserver.Options) { o.RequestTimeout = time.Minute })
	deadlines := map[string]bool{}
	note := func(name string) func(context.Context, *struct{}) (*struct{}, error) {
		return func(ctx context.Context, _ *struct{}) (*struct{}, error) {
			_, deadlines[name] = ctx.Deadline()
			return nil, nil
		}
	}
	httpserver.Get(e.api, "/short", httpserver.Spec{ID: "short", Credential: httpserver.Public}, note("short"))
	httpserver.Get(e.api, "/long", httpserver.Spec{ID: "long", Credential: httpserver.Public, Stream: true}, note("long"))
	require.Equal(t, 204, e.call(t, "GET", "/short", "").status)
	require.Equal(t, 204, e.call(t, "GET", "/long", "").status)
	require.Equal(t, map[string]bool{"short": true, "long": false}, deadlines)
}

func TestAnOperationCannotBeRegisteredTwice(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	again := func(context.Context, *nothing) (*struct{}, error) { return nil, nil }
	require.Panics(t, func() { httpserver.Get(e.api, "/api/things", httpserver.Spec{ID: "other"}, again) })
	require.Panics(t, func() { httpserver.Get(e.api, "/other", httpserver.Spec{ID: "list"}, again) })
	require.Panics(t, func() {
		httpserver.Get(e.api, "/new", httpserver.Spec{ID: "new", Errors: []codeOf{"NO_SUCH_CODE"}}, again)
	}, "a code without a sentence")
	require.Panics(t, func() { httpserver.New(httpserver.Options{}) }, "no authenticator")
}

func TestOperationsListWhatIsRegistered(t *testing.T) {
	t.Parallel()
	var clear httpserver.Operation
	for _, o := range newEdge(t).api.Operations() {
		if o.ID == "clear" {
			clear = o
		}
	}
	require.Equal(t, "DELETE", clear.Method)
	require.Equal(t, "/api/admin/things", clear.Path)
	require.Equal(t, kernel.Admin, clear.Role)
}
