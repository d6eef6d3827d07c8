package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
	"github.com/tertulia-dev/tertulia/migrations"
	"github.com/tertulia-dev/tertulia/pkg/embed"
)

func devCommand() *cobra.Command {
	var noDemo bool
	cmd := &cobra.Command{
		Use: "dev", Short: "Run everything in one process, and play a demonstration", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return dev(cmd.Context(), cmd.OutOrStdout(), !noDemo)
		},
	}
	cmd.Flags().BoolVar(&noDemo, "no-demo", false, "play no demonstration")
	return cmd
}

// dev runs server, worker and vendors' doubles on this machine until ctx ends. Stores that no URL is given for run
// embedded; vendors that no key is given for are their doubles.
func dev(ctx context.Context, out io.Writer, withDemo bool) error {
	started := time.Now()
	cfg, err := embed.ConfigFrom(os.Environ())
	if err != nil {
		return err
	}
	logger := telemetry.NewLogger(devLevel(cfg.Telemetry.LogLevel), os.Stderr)
	telemetry.AdoptRedis(logger)
	if err := prepareData(&cfg); err != nil {
		return err
	}
	stores, err := startStores(ctx, &cfg, logger)
	if err != nil {
		return err
	}
	defer stores.stop()
	cfg.HTTP.Host = "127.0.0.1"
	api, err := listen(ctx, cfg.HTTP.Host, cfg.HTTP.Port, "PORT")
	if err != nil {
		return err
	}
	defer api.Close()
	doubles, err := startDoubles(ctx, &cfg, logger)
	if err != nil {
		return err
	}
	defer doubles.stop()
	if err := postgres.Migrate(ctx, cfg.Stores.DatabaseURL.Reveal(), migrations.FS); err != nil {
		return err
	}
	app, cleanup, err := embed.New(ctx, cfg, embed.Options{Logger: logger, AllowLoopback: true})
	if err != nil {
		return err
	}
	defer cleanup()
	if err := seed(ctx, app, cfg); err != nil {
		return err
	}
	withdraw, err := announce(cfg)
	if err != nil {
		return err
	}
	defer withdraw()
	return run(ctx, app, api, func(ctx context.Context) error {
		link, err := dashboardLink(ctx, app, cfg.HTTP.PublicURL)
		if err != nil {
			return err
		}
		printReady(out, cfg, link, stores, time.Since(started))
		if !withDemo {
			return nil
		}
		if !usesDoubles(cfg) {
			fmt.Fprintln(out, "\nNo demonstration: it would send a notetaker and write to a CRM that are not doubles.")
			return nil
		}
		return playDemo(ctx, out, cfg)
	})
}

// run serves and works until ctx ends or something fails, and does then what comes after the start.
func run(ctx context.Context, app *embed.App, ln net.Listener, then func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return app.Serve(ctx, ln) })
	group.Go(func() error { return app.Work(ctx) })
	group.Go(func() error {
		if err := then(ctx); err != nil && ctx.Err() == nil {
			return err
		}
		return nil
	})
	return group.Wait()
}

// devLevel keeps the terminal for people: only warnings, unless more or less was asked for.
func devLevel(asked slog.Level) slog.Level {
	if asked == slog.LevelInfo {
		return slog.LevelWarn
	}
	return asked
}

func listen(ctx context.Context, host string, port int, variable string) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("%w; set %s to a free port", err, variable)
	}
	return ln, nil
}
