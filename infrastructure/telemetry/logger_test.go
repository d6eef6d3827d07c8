package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"

	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
)

// canaries are things that must never be read in a log, as they turn up in errors, messages and values.
var canaries = []string{
	"ana.perez+ventas@acme.com.mx", "+52 55 1234 5678", "+525512345678", "5512345678", "(555) 123-4567 89",
	"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "sk-proj-abcdefghijklmnop1234", "skabcdefghijkl", "sk_live_abcdefghijklmnop",
	"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "pat-na1-11111111-2222-3333-4444-555555555555", "hunter2-hunter2",
	"X-Amz-Sig-0123456789abcdef", "sb_secret_abcdefghijklmnopqrst",
}

func inTheWild(canary string) []string {
	return []string{
		"token=" + canary, `{"password":"` + canary + `"}`, "Authorization: Bearer " + canary,
		"GET https://media.example/v.mp4?sig=" + canary + "&exp=1", "postgres://app:" + canary + "@db:5432/x",
	}
}

func TestNoCanaryReachesTheLogByItsForm(t *testing.T) {
	t.Parallel()
	for _, canary := range canaries {
		for _, text := range inTheWild(canary) {
			var out bytes.Buffer
			log := telemetry.NewLogger(slog.LevelDebug, &out)
			log.With("before", text).WithGroup("g").Info("at "+text,
				"plain", text, "error", fmt.Errorf("call vendor: %w", errors.New(text)),
				slog.Group("inner", "deep", text), "list", []string{text}, "map", map[string]any{"a": []any{text}})
			require.NotContains(t, out.String(), canary, text)
		}
	}
}

func TestNoCanaryReachesTheLogByItsName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"authorization", "X-API-Key", "api_key", "accessToken", "cron_secret", "Cookie", "password", "email",
		"customerEmail", "phone_number", "body", "transcript", "database_url", "svix-signature", "url",
	} {
		var out bytes.Buffer
		log := telemetry.NewLogger(slog.LevelDebug, &out)
		log.With(name, "canary").Info("m", name, "canary", slog.Group("g", name, "canary"),
			"struct", map[string]any{name: "canary"}, name, []string{"canary"}, name, errors.New("canary"))
		require.NotContains(t, out.String(), "canary", name)
	}
}

func TestACanaryByItselfIsKnownByItsForm(t *testing.T) {
	t.Parallel()
	for _, canary := range canaries {
		if canary == "hunter2-hunter2" || canary == "X-Amz-Sig-0123456789abcdef" {
			continue // a password alone looks like any word
		}
		var out bytes.Buffer
		telemetry.NewLogger(slog.LevelDebug, &out).Info(canary, "plain", canary)
		require.NotContains(t, out.String(), canary)
	}
}

func TestWhatIsNotPrivateStaysReadable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	telemetry.NewLogger(slog.LevelInfo, &out).Info("request",
		"request_id", "1234567890", "workspace", "0198c5f2-7a10-7cc3-9d4e-123456789012", "status", 200, "ms", 1.5,
		"route", "/api/meetings/{id}", "input_tokens", 5200, "at", "2026-11-21T10:00:00.123456789Z",
		"note", "meeting 0198c5f2-7a10-7cc3-9d4e-123456789012 has 3 turns", "kinds", []string{"analyze_transcript"})
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	delete(line, "time")
	require.Equal(t, map[string]any{
		"level": "INFO", "msg": "request", "request_id": "1234567890", "workspace": "0198c5f2-7a10-7cc3-9d4e-123456789012",
		"status": 200.0, "ms": 1.5, "route": "/api/meetings/{id}", "input_tokens": 5200.0,
		"at": "2026-11-21T10:00:00.123456789Z", "note": "meeting 0198c5f2-7a10-7cc3-9d4e-123456789012 has 3 turns",
		"kinds": []any{"analyze_transcript"},
	}, line)
}

func TestALineNamesItsTrace(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	ctx := trace.ContextWithSpanContext(context.Background(), trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2},
	}))
	telemetry.NewLogger(slog.LevelInfo, &out).InfoContext(ctx, "hello")
	require.Contains(t, out.String(), `"trace_id":"01000000000000000000000000000000"`)
}

func TestLinesBelowTheLevelAreNotWritten(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	telemetry.NewLogger(slog.LevelWarn, &out).Info("hello")
	require.Empty(t, out.String())
}
