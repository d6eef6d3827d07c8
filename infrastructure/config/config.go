// Package config is every setting of the system, read from environment variables and nowhere else.
package config

import (
	"log/slog"
	"net/netip"
	"time"
	_ "time/tzdata" // zones are known where the system has none, as in a bare container
)

// Config is all settings, grouped by what they concern.
type Config struct {
	HTTP      HTTP      `group:"HTTP"`
	Stores    Stores    `group:"Stores"`
	Access    Access    `group:"Who may call"`
	Recall    Recall    `group:"Recall.ai, which sends the notetaker"`
	OpenAI    OpenAI    `group:"OpenAI, or any service that speaks its protocol"`
	Supabase  Supabase  `group:"Supabase: sign-in and storage"`
	S3        S3        `group:"An S3-compatible store for the media"`
	N8N       N8N       `group:"n8n, which makes meeting links"`
	HubSpot   HubSpot   `group:"HubSpot"`
	Calls     Calls     `group:"ElevenLabs, which makes phone calls"`
	Retention Retention `group:"How long things are kept"`
	Workspace Workspace `group:"Defaults of a workspace"`
	Telemetry Telemetry `group:"Logs, metrics, traces"`
}

// HTTP is how the server is reached.
type HTTP struct {
	Host           string         `env:"HOST" doc:"Address to listen on; empty is every one. dev always listens on 127.0.0.1"`
	Port           int            `env:"PORT" envDefault:"3099" doc:"Port of the API"`
	SandboxPort    int            `env:"SANDBOX_PORT" envDefault:"3098" doc:"Port of the vendors' doubles, in dev"`
	PublicURL      string         `env:"PUBLIC_URL" doc:"Base URL under which others reach the API, for links and webhooks"`
	AllowedOrigins []string       `env:"ALLOWED_ORIGINS" doc:"Origins of browsers that may call, separated by commas"`
	TrustedProxies []netip.Prefix `env:"TRUSTED_PROXIES" doc:"Networks of your proxies, as in 10.0.0.0/8: their X-Forwarded-For says where a request comes from"`
	RateLimit      int64          `env:"RATE_LIMIT" envDefault:"0" doc:"Requests a minute of each person and of each rep that a key acts for; 0 is no limit"`
	RequestTimeout time.Duration  `env:"REQUEST_TIMEOUT" envDefault:"15s" doc:"Time for an ordinary request"`
	DrainDelay     time.Duration  `env:"DRAIN_DELAY" envDefault:"0s" doc:"Pause between not ready and closed, for load balancers; at most 5s"`
}

// Stores is where things are kept.
type Stores struct {
	DataDir          string `env:"DATA_DIR" doc:"Folder of dev's databases, secrets and media; the default is in the user's data folder"`
	DatabaseURL      Secret `env:"DATABASE_URL" doc:"Postgres 15 or newer; dev brings its own when empty"`
	DatabaseMaxConns int    `env:"DATABASE_MAX_CONNS" doc:"Connections of one process to Postgres, and half as many for what serves all workspaces; the default is four for each processor, at least 8 and at most 20"`
	RedisURL         Secret `env:"REDIS_URL" doc:"Redis 6.2 or newer; dev brings its own when empty. Losing it loses nothing"`
	MediaSecret      Secret `env:"MEDIA_SIGNING_SECRET" doc:"Signs links to media kept on disk, at least 32 bytes (openssl rand -hex 32)"`
}

// Access is who may call.
type Access struct {
	ServiceAPIKey      Secret   `env:"SERVICE_API_KEY" doc:"X-API-Key of n8n and other services (openssl rand -hex 32)"`
	CronSecret         Secret   `env:"CRON_SECRET" doc:"Bearer of /api/cron (openssl rand -hex 32)"`
	AllowedEmailDomain []string `env:"ALLOWED_EMAIL_DOMAIN" doc:"Domains whose people may sign in, separated by commas"`
}

// Recall is the notetaker's vendor.
type Recall struct {
	APIKey        Secret `env:"RECALL_API_KEY" doc:"Key of the region of RECALL_BASE_URL"`
	WebhookSecret Secret `env:"RECALL_WEBHOOK_SECRET" doc:"whsec_…, with which Recall.ai signs; the server refuses to start without"`
	BaseURL       string `env:"RECALL_BASE_URL" envDefault:"https://us-west-2.recall.ai" doc:"Region: us-west-2, us-east-1, eu-central-1 or ap-northeast-1"`
}

// Calls are phone calls by voice agents, and their vendor.
type Calls struct {
	APIKey         Secret        `env:"ELEVENLABS_API_KEY" doc:"Without it the vendor refuses every call"`
	BaseURL        string        `env:"ELEVENLABS_BASE_URL" envDefault:"https://api.elevenlabs.io" doc:"A region's, as in https://api.eu.residency.elevenlabs.io"`
	Timeout        time.Duration `env:"ELEVENLABS_TIMEOUT" envDefault:"30s" doc:"Time for an answer. A submission without one is looked for, never repeated"`
	WebhookSecret  Secret        `env:"ELEVENLABS_WEBHOOK_SECRET" doc:"With which ElevenLabs signs; without it no webhook is taken, and calls are followed by asking"`
	AllowAnonymous bool          `env:"BATCH_CALLS_ALLOW_ANONYMOUS" envDefault:"false" doc:"Lets everybody who reaches the server have people called, as the original service did. On in dev"`
	TwilioSID      string        `env:"TWILIO_ACCOUNT_SID" doc:"Unused: the original service read it and did nothing with it"`
	TwilioToken    Secret        `env:"TWILIO_AUTH_TOKEN" doc:"Unused, as TWILIO_ACCOUNT_SID is"`
}

// OpenAI is the model's vendor.
type OpenAI struct {
	APIKey     Secret `env:"OPENAI_API_KEY" doc:"Without it the built-in extractive analyser answers"`
	BaseURL    string `env:"OPENAI_BASE_URL" envDefault:"https://api.openai.com/v1" doc:"Any OpenAI-compatible service"`
	Model      string `env:"OPENAI_MODEL" envDefault:"gpt-6-luna" doc:"Chats and subtype detection"`
	ModelHeavy string `env:"OPENAI_MODEL_HEAVY" envDefault:"gpt-6-luna" doc:"Evaluators"`
}

// Supabase signs people in and may keep media.
type Supabase struct {
	URL            string `env:"SUPABASE_URL" doc:"Project URL; without it media are kept in DATA_DIR"`
	ServiceRoleKey Secret `env:"SUPABASE_SERVICE_ROLE_KEY" doc:"For storage"`
	Bucket         string `env:"SUPABASE_STORAGE_BUCKET" envDefault:"meeting-recordings" doc:"Private bucket of the media"`
	JWTSecret      Secret `env:"SUPABASE_JWT_SECRET" doc:"For HS256 tokens; projects with signing keys need none"`
}

// S3 may keep media.
type S3 struct {
	Endpoint        string `env:"S3_ENDPOINT" envDefault:"https://s3.amazonaws.com" doc:"Base URL of the store, without the bucket"`
	Bucket          string `env:"S3_BUCKET" doc:"Private bucket of the media; when set, they are kept here and nowhere else"`
	Region          string `env:"S3_REGION" envDefault:"us-east-1" doc:"Region of the bucket"`
	AccessKeyID     string `env:"S3_ACCESS_KEY_ID" doc:"Key that may read, write and delete in the bucket"`
	SecretAccessKey Secret `env:"S3_SECRET_ACCESS_KEY" doc:"The key's secret"`
	PathStyle       bool   `env:"S3_PATH_STYLE" envDefault:"true" doc:"true: the bucket is in the path; false: in the host name"`
}

// N8N makes meeting links.
type N8N struct {
	WebhookURL    string `env:"N8N_WEBHOOK_URL" doc:"Workflow that answers with a Google Meet link"`
	WebhookSecret Secret `env:"N8N_WEBHOOK_SECRET" doc:"Sent as X-Webhook-Secret, and signs the call"`
}

// HubSpot is the CRM.
type HubSpot struct {
	AccessToken Secret `env:"HUBSPOT_ACCESS_TOKEN" doc:"Service key; without it nothing is synced"`
	BaseURL     string `env:"HUBSPOT_BASE_URL" envDefault:"https://api.hubapi.com" doc:"Where HubSpot answers"`
	APIVersion  string `env:"HUBSPOT_API_VERSION" envDefault:"2026-09" doc:"Date version in HubSpot's paths"`
}

// Retention is how long things are kept, in days.
type Retention struct {
	MediaDays int `env:"MEDIA_RETENTION_DAYS" envDefault:"90" doc:"Recordings"`
	CallDays  int `env:"CALL_RETENTION_DAYS" envDefault:"365" doc:"After a batch of calls is over: phones, variables, transcripts; 0 for ever. A campaign may say otherwise"`
	JobDays   int `env:"JOB_RETENTION_DAYS" envDefault:"30" doc:"Finished jobs; dead ones stay"`
}

// Workspace is what a new workspace starts with.
type Workspace struct {
	Timezone *time.Location `env:"WORKSPACE_TIMEZONE" envDefault:"America/Mexico_City" doc:"Zone of weekly reports and displayed times"`
	Language string         `env:"DEFAULT_LANGUAGE" envDefault:"es" doc:"es, en or pt"`
}

// Telemetry is what the system tells about itself.
type Telemetry struct {
	LogLevel     slog.Level `env:"LOG_LEVEL" envDefault:"info" doc:"debug, info, warn or error"`
	MetricsAddr  string     `env:"METRICS_ADDR" doc:"Address of /metrics, as in 127.0.0.1:9464; empty serves none"`
	OTLPEndpoint string     `env:"OTEL_EXPORTER_OTLP_ENDPOINT" doc:"OTLP/HTTP collector of traces; empty traces nothing"`
}
