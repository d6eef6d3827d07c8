package httpserver

import (
	"context"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// probeTag groups what load balancers and monitors ask.
const probeTag = "system"

// Check reports whether something that the server needs is there. It honours its context.
type Check func(ctx context.Context) error

// Health is what /health answers.
type Health struct {
	Status    string `json:"status" enum:"ok" doc:"The process answers"`
	Timestamp string `json:"timestamp" format:"date-time" doc:"Now, in UTC, with milliseconds" example:"2026-10-04T12:00:00.000Z"`
	Service   string `json:"service" example:"call-manager" doc:"The service that this one replaces: its clients poll for the name"`
}

type readyOutput struct {
	Status int
	Body   struct {
		Ready  bool              `json:"ready"`
		Checks map[string]string `json:"checks" doc:"By name: ok, failing or draining"`
	}
}

func (a *API) registerProbes() {
	Raw(a, http.MethodGet, "/health", Spec{
		ID: "health", Tag: probeTag, Credential: Public, Summary: "Whether the process answers",
	}, a.healthOperation(), a.health)
	Get(a, "/ready", Spec{
		ID: "ready", Tag: probeTag, Credential: Public, Summary: "Whether the server takes work; 503 when it does not",
	}, a.readiness)
}

// healthOperation documents what health writes by itself: it is asked while everything else is busy.
func (a *API) healthOperation() *huma.Operation {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Health](), true, "Health")
	return &huma.Operation{Responses: map[string]*huma.Response{"200": {
		Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}},
	}}}
}

func (a *API) health(c echo.Context) error {
	now := a.opts.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	return c.Blob(http.StatusOK, "application/json; charset=utf-8",
		[]byte(`{"status":"ok","timestamp":"`+now+`","service":"call-manager"}`))
}

// readiness asks every check at once, two seconds at most. Causes stay out of the answer.
func (a *API) readiness(ctx context.Context, _ *struct{}) (*readyOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var (
		out readyOutput
		mu  sync.Mutex
		wg  sync.WaitGroup
	)
	out.Status, out.Body.Ready, out.Body.Checks = http.StatusOK, true, map[string]string{}
	note := func(name string, ok bool, otherwise string) {
		mu.Lock()
		defer mu.Unlock()
		out.Body.Checks[name] = "ok"
		if !ok {
			out.Status, out.Body.Ready, out.Body.Checks[name] = http.StatusServiceUnavailable, false, otherwise
		}
	}
	note("server", a.ready.Load(), "draining")
	for name, check := range a.opts.Checks {
		wg.Go(func() {
			err := check(ctx)
			if err != nil {
				a.opts.Logger.WarnContext(ctx, "not ready", "check", name, "error", err)
			}
			note(name, err == nil, "failing")
		})
	}
	wg.Wait()
	return &out, nil
}
