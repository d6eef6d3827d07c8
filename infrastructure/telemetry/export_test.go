package telemetry_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
)

func TestTracesGoToTheCollectorAndNowhereWithoutOne(t *testing.T) {
	t.Parallel()
	paths := make(chan string, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		paths <- r.URL.Path
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	defer collector.Close()
	provider, stop, err := telemetry.NewTracing(t.Context(), telemetry.Tracing{Endpoint: collector.URL + "/", Service: "test"})
	require.NoError(t, err)
	_, span := provider.Tracer("test").Start(t.Context(), "work")
	span.End()
	require.NoError(t, stop(t.Context()))
	require.Equal(t, "/v1/traces", <-paths)

	provider, stop, err = telemetry.NewTracing(t.Context(), telemetry.Tracing{})
	require.NoError(t, err)
	_, span = provider.Tracer("test").Start(t.Context(), "work")
	require.False(t, span.SpanContext().IsValid())
	require.NoError(t, stop(t.Context()))
}

func TestTheRegistryTellsOfTheProcess(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	telemetry.MetricsHandler(telemetry.NewRegistry()).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	require.Equal(t, 200, w.Code)
	require.Contains(t, w.Body.String(), "go_goroutines")
}
