package config_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/config"
)

var update = flag.Bool("update", false, "write .env.example")

func TestDefaultsAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	c, err := config.Load([]string{"PORT=", "HOME=/home/somebody"})
	require.NoError(t, err)
	require.Equal(t, 3099, c.HTTP.Port, "an empty value is none")
	require.Equal(t, 3098, c.HTTP.SandboxPort)
	require.Equal(t, 15*time.Second, c.HTTP.RequestTimeout)
	require.Equal(t, "meeting-recordings", c.Supabase.Bucket)
	require.Equal(t, "2026-09", c.HubSpot.APIVersion)
	require.Equal(t, "America/Mexico_City", c.Workspace.Timezone.String())
	require.Equal(t, slog.LevelInfo, c.Telemetry.LogLevel)
	require.Equal(t, 90, c.Retention.MediaDays)
	require.Equal(t, 365, c.Retention.CallDays)
	require.Empty(t, c.Access.AllowedEmailDomain)
}

func TestConnectionsGoByTheProcessors(t *testing.T) { //nolint:paralleltest // it changes the processors of the whole process
	for processors, conns := range map[int]int{1: 8, 2: 8, 4: 16, 64: 20} {
		before := runtime.GOMAXPROCS(processors)
		c, err := config.Load(nil)
		runtime.GOMAXPROCS(before)
		require.NoError(t, err)
		require.Equal(t, conns, c.Stores.DatabaseMaxConns, processors)
	}
	c, err := config.Load([]string{"DATABASE_MAX_CONNS=3"})
	require.NoError(t, err)
	require.Equal(t, 3, c.Stores.DatabaseMaxConns)
	_, err = config.Load([]string{"DATABASE_MAX_CONNS=0"})
	require.ErrorContains(t, err, "DATABASE_MAX_CONNS must be at least 2")
}

func TestGivenValuesAreRead(t *testing.T) {
	t.Parallel()
	c, err := config.Load([]string{
		"PORT=8080", "ALLOWED_EMAIL_DOMAIN=acme.com, acme.mx", "LOG_LEVEL=DEBUG", "WORKSPACE_TIMEZONE=Europe/Madrid",
		"CRON_SECRET=s3cret", "DRAIN_DELAY=2s",
	})
	require.NoError(t, err)
	require.Equal(t, 8080, c.HTTP.Port)
	require.Equal(t, []string{"acme.com", "acme.mx"}, c.Access.AllowedEmailDomain)
	require.Equal(t, slog.LevelDebug, c.Telemetry.LogLevel)
	require.Equal(t, "Europe/Madrid", c.Workspace.Timezone.String())
	require.Equal(t, "s3cret", c.Access.CronSecret.Reveal())
	require.Equal(t, 2*time.Second, c.HTTP.DrainDelay)
}

func TestEveryBadVariableIsNamedAtOnceAndNoValueIsShown(t *testing.T) {
	t.Parallel()
	_, err := config.Load([]string{
		"PORT=canary", "SANDBOX_PORT=70000", "REQUEST_TIMEOUT=canary", "WORKSPACE_TIMEZONE=Mars/Canary", "LOG_LEVEL=canary",
		"OPENAI_BASE_URL=ftp://canary", "PUBLIC_URL=canary", "DEFAULT_LANGUAGE=canary", "MEDIA_SIGNING_SECRET=canary",
		"MEDIA_RETENTION_DAYS=0", "METRICS_ADDR=canary", "ELEVENLABS_BASE_URL=canary", "S3_ENDPOINT=canary", "S3_PATH_STYLE=canary",
	})
	require.EqualError(t, err, "read the settings: DEFAULT_LANGUAGE must be es, en or pt; ELEVENLABS_BASE_URL must be an http or https URL; LOG_LEVEL must be debug, info, warn or error; "+
		"MEDIA_RETENTION_DAYS must be at least 1; MEDIA_SIGNING_SECRET must be at least 32 bytes long; METRICS_ADDR must be host:port; "+
		"OPENAI_BASE_URL must be an http or https URL; PORT must be a whole number; PUBLIC_URL must be an http or https URL; "+
		"REQUEST_TIMEOUT must be a duration, as in 15s; S3_ENDPOINT must be an http or https URL; S3_PATH_STYLE must be true or false; SANDBOX_PORT must be from 1 to 65535; "+
		"WORKSPACE_TIMEZONE must be a time zone, as in America/Mexico_City")
}

func TestASecretPrintsAsNothingButRedacted(t *testing.T) {
	t.Parallel()
	c, err := config.Load([]string{"CRON_SECRET=canary", "DATABASE_URL=postgres://u:canary@h/d", "RECALL_WEBHOOK_SECRET=whsec_canary"})
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "config", c, "secret", c.Access.CronSecret)
	encoded, err := json.Marshal(c)
	require.NoError(t, err)
	for _, printed := range []string{
		fmt.Sprint(c), fmt.Sprintf("%v %+v %#v %s %q %x %d", c, c, c, c.Access.CronSecret, c.Access.CronSecret, c.Access.CronSecret, c.Access.CronSecret),
		string(encoded), log.String(),
	} {
		require.NotContains(t, printed, "canary")
		require.NotContains(t, printed, fmt.Sprintf("%x", "canary"))
		require.Contains(t, printed, "[redacted]")
	}
}

func TestAServerRefusesToStartWithoutItsSecrets(t *testing.T) {
	t.Parallel()
	c, err := config.Load(nil)
	require.NoError(t, err)
	require.EqualError(t, c.ValidateServer(), "check the settings: CRON_SECRET, DATABASE_URL, DATA_DIR, MEDIA_SIGNING_SECRET, "+
		"PUBLIC_URL, RECALL_API_KEY, RECALL_WEBHOOK_SECRET, REDIS_URL, SERVICE_API_KEY must be set")
	complete := []string{
		"CRON_SECRET=a", "DATABASE_URL=b", "PUBLIC_URL=https://t.example", "RECALL_API_KEY=c", "RECALL_WEBHOOK_SECRET=d",
		"REDIS_URL=e", "SERVICE_API_KEY=f", "SUPABASE_URL=https://s.example",
	}
	c, err = config.Load(complete)
	require.NoError(t, err)
	require.EqualError(t, c.ValidateServer(), "check the settings: SUPABASE_SERVICE_ROLE_KEY must be set")
	c, err = config.Load(append(complete, "SUPABASE_SERVICE_ROLE_KEY=g"))
	require.NoError(t, err)
	require.NoError(t, c.ValidateServer())
	require.NoError(t, c.ValidateWorker())
	c, err = config.Load(append(complete, "S3_BUCKET=h", "S3_ACCESS_KEY_ID=i", "S3_PATH_STYLE=false"))
	require.NoError(t, err)
	require.False(t, c.S3.PathStyle)
	require.EqualError(t, c.ValidateWorker(), "check the settings: S3_SECRET_ACCESS_KEY must be set", "a bucket is named, so media are kept there")
}

func TestEveryVariableIsDocumentedOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, v := range config.Variables() {
		require.NotEmpty(t, v.Name)
		require.NotEmpty(t, v.Doc, v.Name)
		require.NotEmpty(t, v.Group, v.Name)
		require.False(t, seen[v.Name], v.Name)
		require.False(t, v.Secret && v.Default != "", "%s: a secret has no default", v.Name)
		seen[v.Name] = true
	}
	for _, ofTheSource := range []string{
		"RECALL_API_KEY", "RECALL_WEBHOOK_SECRET", "OPENAI_API_KEY", "OPENAI_MODEL", "OPENAI_MODEL_HEAVY", "SUPABASE_URL",
		"SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_STORAGE_BUCKET", "CRON_SECRET", "N8N_WEBHOOK_URL", "N8N_WEBHOOK_SECRET",
		"SERVICE_API_KEY", "ALLOWED_EMAIL_DOMAIN", "LOG_LEVEL",
	} {
		require.True(t, seen[ofTheSource], ofTheSource)
	}
}

func TestTheExampleFileIsWhatTheSettingsSay(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", ".env.example")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(config.Example()), 0o600))
	}
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, config.Example(), string(file), "run: go test ./infrastructure/config -update")
}
