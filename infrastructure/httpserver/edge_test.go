package httpserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
)

const workspace kernel.WorkspaceID = "0198c5f2-0000-7000-8000-000000000001"

// doorkeeper knows three tokens and one key, as the real authenticator would.
type doorkeeper struct{}

func (doorkeeper) Authenticate(_ context.Context, c httpserver.Credentials) (kernel.Principal, error) {
	p := kernel.Principal{Workspace: workspace, Email: c.RepEmail, Name: c.RepName}
	switch {
	case c.SchedulerSecret == "cron":
		p.Kind = kernel.Scheduler
		return p, nil
	case c.Bearer == "rep":
		p.Kind, p.Role = kernel.Person, kernel.Rep
		return p, nil
	case c.Bearer == "admin":
		p.Kind, p.Role = kernel.Person, kernel.Admin
		return p, nil
	case c.APIKey != "key":
		return p, fault.New(fault.Unauthenticated, fault.Unauthorized)
	case c.RepEmail == "" && c.ActAs != httpserver.ServiceAllowed:
		return p, fault.New(fault.Invalid, httpserver.MissingSalesRepEmail)
	}
	p.Kind, p.Role = kernel.Service, kernel.Rep
	return p, nil
}

type echoInput struct {
	httpserver.Caller
	ID   string `path:"id"`
	Days int    `query:"days" minimum:"1" maximum:"90" default:"30"`
	Body struct {
		Title    string `json:"title" minLength:"2" maxLength:"5"`
		Email    string `json:"email,omitempty" format:"email"`
		Customer struct {
			ContactName string `json:"contactName"`
		} `json:"customer"`
	}
}

type echoOutput struct {
	Body struct {
		Title string `json:"title"`
		Rep   string `json:"rep"`
		Name  string `json:"name"`
		Key   string `json:"key"`
		Hash  string `json:"hash"`
		Role  string `json:"role"`
	}
}

func echoBack(_ context.Context, in *echoInput) (*echoOutput, error) {
	var out echoOutput
	out.Body.Title, out.Body.Rep, out.Body.Name = in.Body.Title, in.Principal.Email, in.Principal.Name
	out.Body.Key, out.Body.Hash, out.Body.Role = in.IdempotencyKey, in.BodyHash, in.Principal.Role.String()
	return &out, nil
}

type nothing struct{ httpserver.Caller }

type edge struct {
	api *httpserver.API
	reg *prometheus.Registry
	log *bytes.Buffer
}

// newEdge makes an edge with one operation of each sort on it.
func newEdge(t *testing.T, change ...func(*httpserver.Options)) edge {
	t.Helper()
	e := edge{reg: prometheus.NewRegistry(), log: &bytes.Buffer{}}
	o := httpserver.Options{
		Title: "Tertulia", Version: "1", Auth: doorkeeper{}, Registerer: e.reg,
		Logger: slog.New(slog.NewJSONHandler(e.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:    func() time.Time { return time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC) },
	}
	for _, c := range change {
		c(&o)
	}
	e.api = httpserver.New(o)
	httpserver.Post(e.api, "/api/things/{id}", httpserver.Spec{
		ID: "echo", Summary: "Echo", Tag: "things", Role: kernel.Rep, Status: 201, Idempotent: true,
		Errors: []fault.Code{"N8N_ERROR"},
	}, echoBack)
	httpserver.Get(e.api, "/api/things", httpserver.Spec{
		ID: "list", Role: kernel.Rep, ActAs: httpserver.ServiceAllowed,
	}, func(context.Context, *nothing) (*echoOutput, error) { return &echoOutput{}, nil })
	httpserver.Delete(e.api, "/api/admin/things", httpserver.Spec{
		ID: "clear", Role: kernel.Admin,
	}, func(context.Context, *nothing) (*struct{}, error) { return nil, nil })
	httpserver.Get(e.api, "/api/cron/tick", httpserver.Spec{
		ID: "tick", Credential: httpserver.SchedulerSecret,
	}, func(context.Context, *nothing) (*echoOutput, error) { return &echoOutput{}, nil })
	return e
}

// failing adds a public operation that returns err.
func (e edge) failing(err error) {
	httpserver.Get(e.api, "/fail", httpserver.Spec{ID: "fail", Credential: httpserver.Public},
		func(context.Context, *struct{}) (*echoOutput, error) { return nil, err })
}

type answer struct {
	status int
	header http.Header
	text   string
	error  httpserver.Envelope
	body   map[string]any
}

// call sends a request; headers come as name, value pairs.
func (e edge) call(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, reader)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	e.api.Handler().ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header(), text: w.Body.String()}
	_ = json.Unmarshal(w.Body.Bytes(), &a.error)
	_ = json.Unmarshal(w.Body.Bytes(), &a.body)
	return a
}

const goodBody = `{"title":"abc","customer":{"contactName":"Ana"}}`

func TestATypedOperationAnswersWithItsStatusAndItsCaller(t *testing.T) {
	t.Parallel()
	got := newEdge(t).call(t, "POST", "/api/things/7", goodBody, "Authorization", "bearer admin", "Idempotency-Key", "k1")
	require.Equal(t, 201, got.status, got.text)
	require.Equal(t, "abc", got.body["title"])
	require.Equal(t, "admin", got.body["role"])
	require.Equal(t, "k1", got.body["key"])
	require.Equal(t, "1d728a10aeca01b99edf25a23a2d9f91cff675244a2c3cfdd770a976ff06b739", got.body["hash"])
}

func TestARawOperationStandsBehindTheSameDoor(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	httpserver.Raw(e.api, "POST", "/api/raw/{id}", httpserver.Spec{ID: "raw", Role: kernel.Rep}, &huma.Operation{},
		func(c echo.Context) error {
			body, err := io.ReadAll(c.Request().Body)
			if err != nil {
				return err
			}
			return c.String(200, httpserver.CallerOf(c).Principal.Email+" "+c.Param("id")+" "+string(body))
		})
	require.Equal(t, 401, e.call(t, "POST", "/api/raw/1", `{}`).status)
	got := e.call(t, "POST", "/api/raw/1", `{"salesRepEmail":"a@b.co"}`, "X-API-Key", "key")
	require.Equal(t, `a@b.co 1 {"salesRepEmail":"a@b.co"}`, got.text)
}
