package main

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
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// Secrets of this run: nothing here outlives it.
const (
	serviceKey    = "bench-service-key"
	webhookSecret = "whsec_yhVJ7lfTGMQDJY8YSq9aGcsw4I7/XJIz" //nolint:gosec // of nobody
)

// house is one measurement's own database, sandbox and systems.
type house struct {
	name     string
	dir      string
	env      []string
	profiles string
	sandbox  *child
	systems  []*child
	app      *embed.App    // of this process, for what commands do
	db       *pgxpool.Pool // as the owner, to look
	closing  []func()
}

// newHouse makes a house with the demonstration's workspace.
func (b *bench) newHouse(ctx context.Context, name string) (_ *house, err error) {
	h := &house{name: name, dir: filepath.Join(b.stores.dir, name), profiles: b.profiles}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	if err := os.MkdirAll(h.dir, 0o700); err != nil {
		return nil, err
	}
	database, err := b.stores.database(ctx, name)
	if err != nil {
		return nil, err
	}
	if h.sandbox, err = spawn(ctx, h.dir, "sandbox", "child-sandbox", h.profiled(os.Environ(), "sandbox")); err != nil {
		return nil, err
	}
	h.env = append(os.Environ(),
		"DATABASE_URL="+database, "REDIS_URL="+b.stores.redis.URL(), "DATA_DIR="+h.dir, "PUBLIC_URL=http://127.0.0.1",
		"MEDIA_SIGNING_SECRET="+strings.Repeat("m", 32), "SERVICE_API_KEY="+serviceKey, "CRON_SECRET=bench-cron",
		"RECALL_WEBHOOK_SECRET="+webhookSecret, "RECALL_API_KEY=sandbox", "RECALL_BASE_URL="+h.sandbox.url+"/recall",
		"OPENAI_API_KEY=sandbox", "OPENAI_BASE_URL="+h.sandbox.url+"/openai/v1",
		"HUBSPOT_ACCESS_TOKEN=sandbox", "HUBSPOT_BASE_URL="+h.sandbox.url+"/hubspot",
		"ALLOWED_EMAIL_DOMAIN=andamio.example")
	if h.db, err = pgxpool.New(ctx, database); err != nil {
		return nil, err
	}
	h.closing = append(h.closing, h.db.Close)
	cfg, err := embed.ConfigFrom(h.env)
	if err != nil {
		return nil, err
	}
	var cleanup func()
	if h.app, cleanup, err = embed.New(ctx, cfg, embed.Options{}); err != nil {
		return nil, err
	}
	h.closing = append(h.closing, cleanup)
	_, _, err = h.app.Identity().CreateWorkspace.Execute(ctx, identityuc.CreateWorkspaceInput{
		Name: "Andamio", Slug: "andamio", Timezone: "America/Mexico_City", Language: demo.Language,
		IsDefault: true, AdminEmail: demo.RepEmail, AdminName: demo.RepName,
	})
	if err != nil {
		return nil, err
	}
	return h, h.unlimit(ctx)
}

// unlimit takes away the limits of the vendors' doubles.
func (h *house) unlimit(ctx context.Context) error {
	if err := h.control(ctx, "/recall/settings", map[string]any{"noLimits": true, "pool": 100_000}, nil); err != nil {
		return err
	}
	return h.control(ctx, "/hubspot/settings", map[string]any{
		"searchesPerSecond": 1_000_000, "burstPer10s": 1_000_000, "dailyLimit": 1_000_000_000,
	}, nil)
}

// system starts a process of the system. The sandbox's webhooks go to the newest.
func (h *house) system(ctx context.Context, works bool) (*child, error) {
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
	return c, h.control(ctx, "/recall/webhook", map[string]any{
		"url": c.url + "/api/webhooks/recall", "secret": webhookSecret, "style": "svix",
	}, nil)
}

// profiled asks a child for a CPU profile when this run was asked for some.
func (h *house) profiled(env []string, name string) []string {
	if h.profiles == "" {
		return env
	}
	return append(env[:len(env):len(env)], profileVariable+"="+filepath.Join(h.profiles, h.name+"-"+name+".pprof"))
}

func (h *house) client(system *child) *tertulia.Client {
	return tertulia.New(system.url, tertulia.WithAPIKey(serviceKey), tertulia.WithSalesRep(demo.RepEmail))
}

// control calls the sandbox's control API: POST with a body, GET without.
func (h *house) control(ctx context.Context, path string, in, out any) error {
	method, body := http.MethodGet, []byte(nil)
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, h.sandbox.url+"/_control"+path, bytes.NewReader(body))
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

func (h *house) close() {
	for _, c := range h.systems {
		c.stop()
	}
	if h.sandbox != nil {
		h.sandbox.stop()
	}
	for _, c := range h.closing {
		c()
	}
}
