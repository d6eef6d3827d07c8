package embed

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/heap"
	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
)

// goodbye is how long a program may take to end. What is still running then is cut off, as a crash would: the job ledger
// gives it to another process.
const goodbye = 29 * time.Second

// Exit codes of a Program.
const (
	exitOK       = 0
	exitFailure  = 1
	exitSettings = 2
)

// Program is a production binary. Its settings come from the environment and nowhere else; it generates nothing and
// changes no schema. It logs JSON lines to standard output, and is watched on METRICS_ADDR.
type Program struct {
	Name    string
	Check   func(Config) error                                    // what it cannot do without
	Run     func(ctx context.Context, app *App, cfg Config) error // until ctx ends
	Options Options                                               // Logger is the program's own
}

// Main runs the program until SIGTERM or SIGINT, and returns its exit code: 0 after a goodbye, 1 when something failed or
// the goodbye took 30 seconds, 2 when arguments or settings are wrong, all of which it prints. A second signal ends it
// at once.
func (p Program) Main() int {
	if code, done := p.arguments(os.Args[1:]); done {
		return code
	}
	cfg, err := ConfigFrom(os.Environ())
	if err := errors.Join(err, p.Check(cfg)); err != nil {
		fmt.Fprintf(os.Stderr, "%s does not start:\n%v\n", p.Name, err)
		return exitSettings
	}
	p.Options.Logger = telemetry.NewLogger(cfg.Telemetry.LogLevel, os.Stdout)
	telemetry.AdoptRedis(p.Options.Logger)
	heap.GiveRoom()
	ctx, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer release()
	context.AfterFunc(ctx, release) // hands the second signal back to the runtime

	ended := make(chan error, 1)
	go func() { ended <- p.run(ctx, cfg) }()
	select {
	case err = <-ended:
	case <-afterEnd(ctx, goodbye):
		err = errors.New("the goodbye took too long: what was still running is cut off")
	}
	if err != nil {
		p.Options.Logger.LogAttrs(ctx, slog.LevelError, "ended", slog.String("program", p.Name), slog.Any("error", err))
		return exitFailure
	}
	p.Options.Logger.LogAttrs(ctx, slog.LevelInfo, "ended", slog.String("program", p.Name))
	return exitOK
}

// arguments answers --version and refuses everything else: settings are variables.
func (p Program) arguments(args []string) (code int, done bool) {
	flags := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	version := flags.Bool("version", false, "print the version")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK, true
	case err != nil:
		return exitSettings, true
	case flags.NArg() > 0:
		fmt.Fprintf(os.Stderr, "%s takes no arguments: its settings are environment variables\n", p.Name)
		return exitSettings, true
	case *version:
		fmt.Println(p.Name, Version)
		return exitOK, true
	}
	return exitOK, false
}

func (p Program) run(ctx context.Context, cfg Config) error {
	app, cleanup, err := New(ctx, cfg, p.Options)
	if err != nil {
		return unlessEnded(ctx, err)
	}
	defer cleanup()
	stop, err := app.watch(ctx, cfg.Telemetry.MetricsAddr)
	if err != nil {
		return err
	}
	defer stop()
	p.Options.Logger.LogAttrs(ctx, slog.LevelInfo, "started", slog.String("program", p.Name), slog.String("version", Version))
	return p.Run(ctx, app, cfg)
}

// unlessEnded drops an error of a start that was called off.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return nil
}

// afterEnd is closed when d has passed since ctx ended.
func afterEnd(ctx context.Context, d time.Duration) <-chan struct{} {
	late := make(chan struct{})
	context.AfterFunc(ctx, func() { time.AfterFunc(d, func() { close(late) }) })
	return late
}
