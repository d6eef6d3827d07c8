package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// Secrets of a run: nothing here outlives it.
const (
	ServiceKey    = "bench-service-key"
	WebhookSecret = "whsec_yhVJ7lfTGMQDJY8YSq9aGcsw4I7/XJIz" //nolint:gosec // of nobody
)

// Plan is what a house is made of. All but the name is optional.
type Plan struct {
	Name     string   // also of its database and its folder
	Settings []string // of the system, NAME=value, beside those that every house has
	Profiles string   // folder for CPU profiles of its processes
	Doubles  string   // host:port of the vendors' doubles; a free port when empty
}

// House is one measurement's own database, vendors' doubles and systems.
type House struct {
	Sandbox *Child
	App     *embed.App    // of this process, for what commands do
	DB      *pgxpool.Pool // as the owner, to look
	plan    Plan
	dir     string
	env     []string
	systems []*Child
	closing []func()
}

// House makes a house with the demonstration's workspace, in which no system runs yet.
func (s *Stores) House(ctx context.Context, plan Plan) (_ *House, err error) {
	h := &House{plan: plan, dir: filepath.Join(s.dir, plan.Name)}
	defer func() {
		if err != nil {
			h.Close()
		}
	}()
	if err := os.MkdirAll(h.dir, 0o700); err != nil {
		return nil, err
	}
	database, err := s.database(ctx, plan.Name)
	if err != nil {
		return nil, err
	}
	h.Sandbox, err = spawn(ctx, h.dir, "sandbox", "child-sandbox", append(h.profiled(os.Environ(), "sandbox"), addressVariable+"="+plan.Doubles))
	if err != nil {
		return nil, err
	}
	h.env = append(h.settings(database, s.redis.URL()), plan.Settings...)
	if h.DB, err = pgxpool.New(ctx, database); err != nil {
		return nil, err
	}
	h.closing = append(h.closing, h.DB.Close)
	if err := h.open(ctx); err != nil {
		return nil, err
	}
	return h, h.unlimit(ctx)
}

func (h *House) settings(database, redis string) []string {
	return append(os.Environ(),
		"DATABASE_URL="+database, "REDIS_URL="+redis, "DATA_DIR="+h.dir, "PUBLIC_URL=http://127.0.0.1",
		"MEDIA_SIGNING_SECRET="+strings.Repeat("m", 32), "SERVICE_API_KEY="+ServiceKey, "CRON_SECRET=bench-cron",
		"RECALL_WEBHOOK_SECRET="+WebhookSecret, "RECALL_API_KEY=sandbox", "RECALL_BASE_URL="+h.Sandbox.URL+"/recall",
		"OPENAI_API_KEY=sandbox", "OPENAI_BASE_URL="+h.Sandbox.URL+"/openai/v1",
		"HUBSPOT_ACCESS_TOKEN=sandbox", "HUBSPOT_BASE_URL="+h.Sandbox.URL+"/hubspot",
		"ELEVENLABS_API_KEY=sandbox", "ELEVENLABS_BASE_URL="+h.Sandbox.URL+"/elevenlabs",
		"ALLOWED_EMAIL_DOMAIN=andamio.example")
}

// open makes the system of this process, and the workspace.
func (h *House) open(ctx context.Context) error {
	cfg, err := embed.ConfigFrom(h.env)
	if err != nil {
		return err
	}
	app, cleanup, err := embed.New(ctx, cfg, embed.Options{})
	if err != nil {
		return err
	}
	h.App, h.closing = app, append(h.closing, cleanup)
	_, _, err = app.Identity().CreateWorkspace.Execute(ctx, identityuc.CreateWorkspaceInput{
		Name: "Andamio", Slug: "andamio", Timezone: "America/Mexico_City", Language: demo.Language,
		IsDefault: true, AdminEmail: demo.RepEmail, AdminName: demo.RepName,
	})
	return err
}

// unlimit takes away the limits of the vendors' doubles.
func (h *House) unlimit(ctx context.Context) error {
	if err := h.Control(ctx, "/recall/settings", map[string]any{"noLimits": true, "pool": 100_000}, nil); err != nil {
		return err
	}
	return h.Control(ctx, "/hubspot/settings", map[string]any{
		"searchesPerSecond": 1_000_000, "burstPer10s": 1_000_000, "dailyLimit": 1_000_000_000,
	}, nil)
}

// System starts a process of the system, which serves, and works too when it is told so. The double's events of meetings
// go to the newest.
func (h *House) System(ctx context.Context, works bool) (*Child, error) {
	name := fmt.Sprintf("system-%d", len(h.systems)+1)
	env := h.env
	if works {
		env = append(env[:len(env):len(env)], workVariable+"=1")
	}
	c, err := spawn(ctx, h.dir, name, "child-system", h.profiled(env, name))
	if err != nil {
		return nil, err
	}
	h.systems = append(h.systems, c)
	return c, h.Control(ctx, "/recall/webhook", map[string]any{
		"url": c.URL + "/api/webhooks/recall", "secret": WebhookSecret, "style": "svix",
	}, nil)
}

// profiled asks a child for a CPU profile when this run was asked for some.
func (h *House) profiled(env []string, name string) []string {
	if h.plan.Profiles == "" {
		return env
	}
	return append(env[:len(env):len(env)], profileVariable+"="+filepath.Join(h.plan.Profiles, h.plan.Name+"-"+name+".pprof"))
}

// Control calls the doubles' control API: POST with a body, GET without.
func (h *House) Control(ctx context.Context, path string, in, out any) error {
	method, body := http.MethodGet, []byte(nil)
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, h.Sandbox.URL+"/_control"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= http.StatusMultipleChoices {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
		return fmt.Errorf("the sandbox answered %s to %s: %s", answer.Status, path, said)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(out)
}

// Close ends the house's processes.
func (h *House) Close() {
	for _, c := range h.systems {
		c.stop()
	}
	if h.Sandbox != nil {
		h.Sandbox.stop()
	}
	for _, c := range h.closing {
		c()
	}
}
