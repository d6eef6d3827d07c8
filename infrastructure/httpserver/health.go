package httpserver

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// probeTag groups what load balancers and monitors ask.
const probeTag = "system"

// Check reports whether something that the server needs is there. It honours its context.
type Check func(ctx context.Context) error

type healthOutput struct {
	Body struct {
		Status    string    `json:"status" enum:"ok" doc:"The process answers"`
		Timestamp time.Time `json:"timestamp"`
		Service   string    `json:"service" example:"call-manager"`
	}
}

type readyOutput struct {
	Status int
	Body   struct {
		Ready  bool              `json:"ready"`
		Checks map[string]string `json:"checks" doc:"By name: ok, failing or draining"`
	}
}

func (a *API) registerProbes() {
	Get(a, "/health", Spec{
		ID: "health", Tag: probeTag, Credential: Public, Summary: "Whether the process answers",
	}, a.health)
	Get(a, "/ready", Spec{
		ID: "ready", Tag: probeTag, Credential: Public, Summary: "Whether the server takes work; 503 when it does not",
	}, a.readiness)
}

func (a *API) health(context.Context, *struct{}) (*healthOutput, error) {
	var out healthOutput
	out.Body.Status, out.Body.Service = "ok", "call-manager" // the service this replaces: its clients poll for the name
	out.Body.Timestamp = a.opts.Now()
	return &out, nil
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
