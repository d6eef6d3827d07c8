package embed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// watch serves /metrics, /health and /ready on addr, beside whatever else the process does, so that one that serves no
// API can be watched too. With an empty address it does nothing. Not ready: ctx has ended, or Postgres is away.
func (a *App) watch(ctx context.Context, addr string) (stop func(), err error) {
	if addr == "" {
		return func() {}, nil
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen on METRICS_ADDR: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.Metrics())
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"status": "ok", "timestamp": a.clock.Now()})
	})
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, r *http.Request) {
		if err := a.readiness(ctx, r.Context()); err != nil {
			a.logger.LogAttrs(r.Context(), slog.LevelWarn, "not ready", slog.Any("error", err))
			answer(w, http.StatusServiceUnavailable, map[string]any{"ready": false})
			return
		}
		answer(w, http.StatusOK, map[string]any{"ready": true})
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			a.logger.LogAttrs(ctx, slog.LevelError, "nobody can watch any more", slog.Any("error", err))
		}
	}()
	return func() { _ = server.Close() }, nil
}

func (a *App) readiness(life, request context.Context) error {
	if life.Err() != nil {
		return errors.New("draining")
	}
	request, cancel := context.WithTimeout(request, 2*time.Second)
	defer cancel()
	return a.db.Ping(request)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked is gone: nobody to tell
}
