package httpserver_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
)

// BenchmarkAReadThroughTheEdge is what the edge itself costs: door, validation, encoding, log line, metric.
func BenchmarkAReadThroughTheEdge(b *testing.B) {
	api := httpserver.New(httpserver.Options{
		Title: "t", Version: "1", Auth: doorkeeper{}, Registerer: prometheus.NewRegistry(),
		Logger: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	})
	httpserver.Get(api, "/api/things", httpserver.Spec{ID: "list", Role: kernel.Rep, ActAs: httpserver.ServiceAllowed},
		func(context.Context, *nothing) (*echoOutput, error) { return &echoOutput{}, nil })
	h := api.Handler()
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/api/things", nil)
		r.Header.Set("X-API-Key", "key")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
