package httpserver_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
)

func TestADecentRequestIDIsKeptAndAnyOtherReplaced(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	require.Equal(t, "job-7:retry", e.call(t, "GET", "/health", "", "X-Request-Id", "job-7:retry").header.Get("X-Request-Id"))
	for _, bad := range []string{"", "with space", "line\nbreak", `"><script>`, strings.Repeat("x", 129)} {
		id := e.call(t, "GET", "/health", "", "X-Request-Id", bad).header.Get("X-Request-Id")
		require.Len(t, id, 36, "%q is replaced by a UUID", bad)
	}
}

func TestTheLogNamesTheRouteTheWorkspaceAndTheCodeAndNothingOfTheCaller(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	body := `{"title":"canary-body","salesRepEmail":"canary-rep@b.co"}`
	e.call(t, "POST", "/api/things/canary-path?canary=canary-query", body,
		"X-API-Key", "key", "Cookie", "canary-cookie", "X-Request-Id", "req-1")
	log := e.log.String()
	require.NotContains(t, log, "canary")
	require.Contains(t, log, `"route":"/api/things/{id}"`)
	require.Contains(t, log, `"workspace":"`+workspace.String()+`"`)
	require.Contains(t, log, `"code":"VALIDATION_ERROR"`)
	require.Contains(t, log, `"request_id":"req-1"`)
	require.Contains(t, log, `"status":400`)
}

func TestTheLogNamesTheCallersTraceThoughNobodyCollectsOurs(t *testing.T) {
	t.Parallel()
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	var log bytes.Buffer
	e := newEdge(t, func(o *httpserver.Options) {
		o.Tracer, o.Logger = noop.NewTracerProvider(), telemetry.NewLogger(slog.LevelDebug, &log)
	})
	e.call(t, "GET", "/health", "", "Traceparent", "00-"+id+"-00f067aa0ba902b7-01")
	require.Contains(t, log.String(), id)
}

func TestRequestsAreCountedByTemplateAndStrangersShareOneSeries(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	for _, path := range []string{"/nowhere/1", "/nowhere/2", "/api/things/1", "/api/things/2"} {
		e.call(t, "POST", path, goodBody, "Authorization", "Bearer rep")
	}
	e.call(t, "BREW", "/nowhere/3", "")
	e.call(t, "PROPFIND", "/nowhere/3", "")
	families, err := e.reg.Gather()
	require.NoError(t, err)
	require.Equal(t, "tertulia_http_request_duration_seconds", families[0].GetName())
	require.Len(t, families[0].GetMetric(), 3, "one for the template, one for all POSTs to nowhere, one for all odd methods")
}

func TestBrowsersOfAllowedOriginsMayCallAndOthersMayNot(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(o *httpserver.Options) { o.AllowedOrigins = []string{"https://panel.example"} })
	preflight := func(origin string) answer {
		return e.call(t, "OPTIONS", "/api/things", "", "Origin", origin, "Access-Control-Request-Method", "GET")
	}
	got := preflight("https://panel.example")
	require.Equal(t, 204, got.status)
	require.Equal(t, "https://panel.example", got.header.Get("Access-Control-Allow-Origin"))
	require.NotContains(t, got.header.Get("Access-Control-Allow-Headers"), "X-API-Key")
	require.Empty(t, got.header.Get("Access-Control-Allow-Credentials"))
	require.Empty(t, preflight("https://evil.example").header.Get("Access-Control-Allow-Origin"))
	none := newEdge(t).call(t, "GET", "/health", "", "Origin", "https://panel.example")
	require.Empty(t, none.header.Get("Access-Control-Allow-Origin"))
}

func TestAnswersCarryStrictHeaders(t *testing.T) {
	t.Parallel()
	h := newEdge(t).call(t, "GET", "/nowhere", "").header
	require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
	require.Equal(t, "DENY", h.Get("X-Frame-Options"))
	require.Contains(t, h.Get("Content-Security-Policy"), "default-src 'none'")
	require.Equal(t, "no-store", h.Get("Cache-Control"))
}
