package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/config"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/recall"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
)

// sandboxKey is good at every double.
const sandboxKey = "sandbox-dev"

// doubles is the running sandbox.
type doubles struct {
	server *http.Server
	double *sandbox.Server
}

// startDoubles runs the sandbox, and points every vendor that no key was given for at its double.
func startDoubles(ctx context.Context, cfg *embed.Config, logger *slog.Logger) (*doubles, error) {
	ln, err := listen(ctx, cfg.HTTP.Host, cfg.HTTP.SandboxPort, "SANDBOX_PORT")
	if err != nil {
		return nil, err
	}
	base := "http://" + ln.Addr().String()
	here := fmt.Sprintf("http://%s:%d", cfg.HTTP.Host, cfg.HTTP.Port)
	cfg.HTTP.PublicURL = cmp.Or(cfg.HTTP.PublicURL, here)
	useDoubles(cfg, base)
	double := sandbox.New(sandbox.Options{
		Logger: logger, PublicURL: base, WebhookURL: here + "/api/webhooks/recall",
		WebhookSecret: cfg.Recall.WebhookSecret.Reveal(), WebhookStyle: recall.StyleSvix,
		CallWebhookURL: here + "/api/webhooks/elevenlabs", CallWebhookSecret: cfg.Calls.WebhookSecret.Reveal(),
	})
	d := &doubles{double: double, server: &http.Server{Handler: double, ReadHeaderTimeout: 10 * time.Second}}
	go func() {
		if err := d.server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			logger.LogAttrs(ctx, slog.LevelError, "the sandbox stopped", slog.Any("error", err))
		}
	}()
	return d, nil
}

func useDoubles(cfg *embed.Config, base string) {
	for _, v := range []struct {
		key *config.Secret
		url *string
		at  string
	}{
		{&cfg.Recall.APIKey, &cfg.Recall.BaseURL, "/recall"},
		{&cfg.OpenAI.APIKey, &cfg.OpenAI.BaseURL, "/openai/v1"},
		{&cfg.HubSpot.AccessToken, &cfg.HubSpot.BaseURL, "/hubspot"},
		{&cfg.Calls.APIKey, &cfg.Calls.BaseURL, "/elevenlabs"},
	} {
		if *v.key == "" {
			*v.key, *v.url = sandboxKey, base+v.at
		}
	}
	if cfg.N8N.WebhookURL == "" {
		cfg.N8N.WebhookURL, cfg.N8N.WebhookSecret = base+"/n8n/webhook/create-meet", sandboxKey
	}
	if cfg.Supabase.URL == "" {
		cfg.Supabase.URL = base + "/supabase" // signs people in; without a service key the media stay on disk
	}
	if _, said := os.LookupEnv("BATCH_CALLS_ALLOW_ANONYMOUS"); !said {
		cfg.Calls.AllowAnonymous = true // clients of the original service find what they know
	}
	if len(cfg.Access.AllowedEmailDomain) == 0 {
		_, domain, _ := strings.Cut(demo.RepEmail, "@")
		cfg.Access.AllowedEmailDomain = []string{domain}
	}
}

// usesDoubles tells whether the vendors that the demonstration would touch are doubles.
func usesDoubles(cfg embed.Config) bool {
	return cfg.Recall.APIKey == sandboxKey && cfg.HubSpot.AccessToken == sandboxKey
}

func (d *doubles) stop() {
	_ = d.server.Close()
	_ = d.double.Close()
}
