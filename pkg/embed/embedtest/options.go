package embedtest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/config"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
)

// Option changes a system before it starts.
type Option func(*settings)

type settings struct {
	config embed.Config
	embed  embed.Options
	idle   bool
}

// WithoutWorker leaves the jobs alone until somebody runs them: Work, or cron/process-queue.
func WithoutWorker() Option { return func(s *settings) { s.idle = true } }

// WithoutOpenAI configures no model key: the built-in analyser answers.
func WithoutOpenAI() Option { return Configured(func(c *embed.Config) { c.OpenAI.APIKey = "" }) }

// WithoutHubSpot configures no CRM.
func WithoutHubSpot() Option { return Configured(func(c *embed.Config) { c.HubSpot.AccessToken = "" }) }

// WithWatchInterval sets the pause between looks at a meeting whose webhooks may be lost. It is a second otherwise, by
// the test's clock.
func WithWatchInterval(d time.Duration) Option {
	return func(s *settings) { s.embed.WatchInterval = d }
}

// WithFloorOff lets every role pass the door, so that the use cases must decide.
func WithFloorOff() Option { return func(s *settings) { s.embed.FloorOff = true } }

// WithTuning replaces the ledger's durations and bounds.
func WithTuning(tuning queue.Tuning) Option { return func(s *settings) { s.embed.Tuning = tuning } }

// Configured changes the settings that an operator chooses.
func Configured(change func(*embed.Config)) Option { return func(s *settings) { change(&s.config) } }

// configuration points every vendor at its double.
func (s *System) configuration(t testing.TB, redisURL string) embed.Config {
	t.Helper()
	cfg, err := embed.ConfigFrom(nil)
	require.NoError(t, err)
	cfg.HTTP.Host, cfg.HTTP.PublicURL = "127.0.0.1", s.URL
	cfg.Stores.DatabaseURL, cfg.Stores.RedisURL = config.Secret(s.DatabaseURL), config.Secret(redisURL)
	cfg.Stores.DataDir, cfg.Stores.MediaSecret, cfg.Stores.DatabaseMaxConns = t.TempDir(), mediaSecret, 12
	cfg.Access.ServiceAPIKey, cfg.Access.CronSecret, cfg.Access.AllowedEmailDomain = ServiceKey, CronSecret, []string{domain}
	cfg.Recall.APIKey, cfg.Recall.BaseURL, cfg.Recall.WebhookSecret = sandboxtest.Key, s.Sandbox.URL("recall"), sandboxtest.Secret
	cfg.OpenAI.APIKey, cfg.OpenAI.BaseURL = sandboxtest.Key, s.Sandbox.URL("openai")+"/v1"
	cfg.HubSpot.AccessToken, cfg.HubSpot.BaseURL = sandboxtest.Key, s.Sandbox.URL("hubspot")
	cfg.Calls.APIKey, cfg.Calls.BaseURL, cfg.Calls.WebhookSecret = sandboxtest.Key, s.Sandbox.URL("elevenlabs"), sandboxtest.Secret
	cfg.N8N.WebhookURL, cfg.N8N.WebhookSecret = s.Sandbox.URL("n8n")+"/webhook/create-meet", sandboxtest.Key
	cfg.Supabase.URL = s.Sandbox.URL("supabase")
	return cfg
}

// Program changes what a program decides and an operator does not.
func Program(change func(*embed.Options)) Option { return func(s *settings) { change(&s.embed) } }
