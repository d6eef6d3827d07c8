package config

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// How many connections to Postgres a process has unless it is told. More than its processors can keep busy only wait for each
// other over there, with locks in their hands: on two of them twenty took a fifth longer than eight.
const (
	connsPerProcessor = 4
	leastConns        = 8
	mostConns         = 20
)

// Load reads the settings from an environment of NAME=value lines, as os.Environ gives it. An empty value is none. The
// error names every bad variable at once, and no value; with it come the settings that could be read, so that a program
// can name what is missing in the same breath.
func Load(environ []string) (Config, error) {
	given := env.ToMap(environ)
	maps.DeleteFunc(given, func(_, value string) bool { return strings.TrimSpace(value) == "" })
	var c Config
	problems := unreadable(given)
	for _, name := range slices.Sorted(maps.Keys(problems)) {
		delete(given, name)
	}
	if err := env.ParseWithOptions(&c, env.Options{Environment: given}); err != nil {
		return Config{}, errors.New("read the settings: a default is wrong") // the cause may quote a value
	}
	if _, ok := given["DATABASE_MAX_CONNS"]; !ok {
		c.Stores.DatabaseMaxConns = min(max(connsPerProcessor*runtime.GOMAXPROCS(0), leastConns), mostConns)
	}
	trim(c.Access.AllowedEmailDomain, c.HTTP.AllowedOrigins)
	maps.Copy(problems, c.wrong())
	if len(problems) > 0 {
		var lines []string
		for _, name := range slices.Sorted(maps.Keys(problems)) {
			lines = append(lines, name+" "+problems[name])
		}
		return c, fmt.Errorf("read the settings: %s", strings.Join(lines, "; "))
	}
	return c, nil
}

// trim takes the spaces off that people put after commas.
func trim(lists ...[]string) {
	for _, list := range lists {
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
	}
}

// unreadable finds the variables that do not parse, each by itself, since the parser's own errors quote values and name
// fields.
func unreadable(given map[string]string) map[string]string {
	problems := map[string]string{}
	for _, v := range Variables() {
		value, ok := given[v.Name]
		if !ok {
			continue
		}
		var probe Config
		err := env.ParseWithOptions(&probe, env.Options{Environment: map[string]string{v.Name: value}})
		if e, ok := errors.AsType[env.ParseError](err); ok {
			problems[v.Name] = "must be " + kinds[e.Type.String()]
		} else if err != nil {
			problems[v.Name] = "cannot be read"
		}
	}
	return problems
}

// kinds are the parsed types in words.
var kinds = map[string]string{
	"int": "a whole number", "time.Duration": "a duration, as in 15s", "time.Location": "a time zone, as in America/Mexico_City",
	"*time.Location": "a time zone, as in America/Mexico_City", "slog.Level": "debug, info, warn or error",
	"bool": "true or false", "int64": "a whole number", "netip.Prefix": "networks, as in 10.0.0.0/8, separated by commas",
	"[]netip.Prefix": "networks, as in 10.0.0.0/8, separated by commas",
}

// wrong finds the settings that parse and make no sense.
func (c Config) wrong() map[string]string {
	problems := map[string]string{}
	must := func(ok bool, name, be string) {
		if !ok {
			problems[name] = "must be " + be
		}
	}
	must(isPort(c.HTTP.Port), "PORT", "from 1 to 65535")
	must(isPort(c.HTTP.SandboxPort), "SANDBOX_PORT", "from 1 to 65535")
	must(c.HTTP.RequestTimeout > 0, "REQUEST_TIMEOUT", "more than 0s")
	must(c.HTTP.RateLimit >= 0, "RATE_LIMIT", "0 or more")
	must(0 <= c.HTTP.DrainDelay && c.HTTP.DrainDelay <= 5*time.Second, "DRAIN_DELAY", "from 0s to 5s")
	must(c.Stores.DatabaseMaxConns >= 2, "DATABASE_MAX_CONNS", "at least 2")
	must(c.Stores.MediaSecret == "" || len(c.Stores.MediaSecret) >= 32, "MEDIA_SIGNING_SECRET", "at least 32 bytes long")
	must(c.Retention.MediaDays >= 1, "MEDIA_RETENTION_DAYS", "at least 1")
	must(c.Retention.CallDays >= 0, "CALL_RETENTION_DAYS", "at least 0")
	must(c.Retention.JobDays >= 1, "JOB_RETENTION_DAYS", "at least 1")
	must(slices.Contains([]string{"es", "en", "pt"}, c.Workspace.Language), "DEFAULT_LANGUAGE", "es, en or pt")
	_, _, err := net.SplitHostPort(c.Telemetry.MetricsAddr)
	must(c.Telemetry.MetricsAddr == "" || err == nil, "METRICS_ADDR", "host:port")
	for name, value := range map[string]string{
		"PUBLIC_URL": c.HTTP.PublicURL, "RECALL_BASE_URL": c.Recall.BaseURL, "OPENAI_BASE_URL": c.OpenAI.BaseURL,
		"SUPABASE_URL": c.Supabase.URL, "S3_ENDPOINT": c.S3.Endpoint, "N8N_WEBHOOK_URL": c.N8N.WebhookURL, "HUBSPOT_BASE_URL": c.HubSpot.BaseURL,
		"OTEL_EXPORTER_OTLP_ENDPOINT": c.Telemetry.OTLPEndpoint, "ELEVENLABS_BASE_URL": c.Calls.BaseURL,
	} {
		must(value == "" || isWebURL(value), name, "an http or https URL")
	}
	return problems
}

func isPort(n int) bool { return 1 <= n && n <= 65535 }

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// ValidateServer reports what a production server lacks: nothing is generated there, and nothing is open by default.
func (c Config) ValidateServer() error {
	return missing(map[string]string{
		"DATABASE_URL": string(c.Stores.DatabaseURL), "REDIS_URL": string(c.Stores.RedisURL), "PUBLIC_URL": c.HTTP.PublicURL,
		"SERVICE_API_KEY": string(c.Access.ServiceAPIKey), "CRON_SECRET": string(c.Access.CronSecret),
		"RECALL_API_KEY": string(c.Recall.APIKey), "RECALL_WEBHOOK_SECRET": string(c.Recall.WebhookSecret),
	}, c.mediaNeeds())
}

// ValidateWorker reports what a production worker lacks.
func (c Config) ValidateWorker() error {
	return missing(map[string]string{
		"DATABASE_URL": string(c.Stores.DatabaseURL), "REDIS_URL": string(c.Stores.RedisURL),
		"RECALL_API_KEY": string(c.Recall.APIKey),
	}, c.mediaNeeds())
}

// mediaNeeds are the settings of the place where media are kept: S3, else Supabase, else a folder that every process sees.
func (c Config) mediaNeeds() map[string]string {
	if c.S3.Bucket != "" {
		return map[string]string{"S3_ACCESS_KEY_ID": c.S3.AccessKeyID, "S3_SECRET_ACCESS_KEY": string(c.S3.SecretAccessKey)}
	}
	if c.Supabase.URL != "" {
		return map[string]string{"SUPABASE_SERVICE_ROLE_KEY": string(c.Supabase.ServiceRoleKey)}
	}
	return map[string]string{
		"DATA_DIR": c.Stores.DataDir, "MEDIA_SIGNING_SECRET": string(c.Stores.MediaSecret), "PUBLIC_URL": c.HTTP.PublicURL,
	}
}

func missing(groups ...map[string]string) error {
	var names []string
	for _, group := range groups {
		for name, value := range group {
			if value == "" {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return fmt.Errorf("check the settings: %s must be set", strings.Join(names, ", "))
}
