// Command embed is a program with a route of its own that runs all of Tertulia inside itself: the API below the same
// address, and the worker. Its settings are Tertulia's (.env.example), and the database must be migrated.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/pkg/embed"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := start(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "embed:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context) error {
	cfg, err := embed.ConfigFrom(os.Environ())
	if err := errors.Join(err, cfg.ValidateServer()); err != nil {
		return err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(cfg.HTTP.Host, strconv.Itoa(cfg.HTTP.Port)))
	if err != nil {
		return err
	}
	return run(ctx, ln, cfg, slog.New(slog.NewJSONHandler(os.Stdout, nil)))
}

// run serves and works until ctx ends. It closes ln.
func run(ctx context.Context, ln net.Listener, cfg embed.Config, logger *slog.Logger) error {
	app, cleanup, err := embed.New(ctx, cfg, embed.Options{Logger: logger})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	defer cleanup()
	defer app.Start()() // what serving needs beside the handler

	server := &http.Server{Handler: routes(app), ReadHeaderTimeout: 5 * time.Second}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return app.Work(ctx) })
	group.Go(func() error {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		return server.Shutdown(limit)
	})
	return group.Wait()
}

// routes puts a page of this program beside everything that Tertulia serves.
func routes(app *embed.App) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /intranet/company", func(w http.ResponseWriter, r *http.Request) {
		company, err := app.Identity().Directory.DefaultWorkspace(r.Context())
		if err != nil {
			http.Error(w, "nobody has run `tertulia admin init` yet", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"name": company.Name, "timezone": company.Timezone})
	})
	mux.Handle("/", app.Handler())
	return mux
}
