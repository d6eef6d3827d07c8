package rig

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/pprof"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/infrastructure/heap"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/recall"
	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
	"github.com/tertulia-dev/tertulia/pkg/embed"
)

// Variables by which a child is told what is not a setting of the system.
const (
	profileVariable = "BENCH_CPU_PROFILE"
	workVariable    = "BENCH_WORK"
	addressVariable = "BENCH_ADDRESS" // of the doubles
)

// roles are what a child process can be. Each writes its address to standard output once it answers, and ends when its
// standard input does: with its parent, at the latest.
var roles = map[string]func(context.Context) error{"child-system": beSystem, "child-sandbox": beSandbox}

// untilParentEnds returns a context that ends with standard input.
func untilParentEnds(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return ctx
}

// beSystem serves, and works when it was told to, as the production binaries do: with their logger, at their level, and with
// as much room on the heap. So do the doubles.
func beSystem(ctx context.Context) error {
	heap.GiveRoom()
	ctx = untilParentEnds(ctx)
	cfg, err := embed.ConfigFrom(os.Environ())
	if err != nil {
		return err
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	cfg.HTTP.PublicURL = "http://" + ln.Addr().String()
	app, cleanup, err := embed.New(ctx, cfg, embed.Options{Logger: telemetry.NewLogger(cfg.Telemetry.LogLevel, os.Stderr)})
	if err != nil {
		return err
	}
	defer cleanup()
	stopProfile, err := profile(os.Getenv(profileVariable))
	if err != nil {
		return err
	}
	defer stopProfile()
	fmt.Println(cfg.HTTP.PublicURL)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return app.Serve(ctx, ln) })
	if os.Getenv(workVariable) != "" {
		group.Go(func() error { return app.Work(ctx) })
	}
	return group.Wait()
}

func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	file, err := os.Create(path) //nolint:gosec // the folder was given on the command line
	if err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		_ = file.Close()
		if allocations, err := os.Create(path + ".allocs"); err == nil { //nolint:gosec // as above
			_ = pprof.Lookup("allocs").WriteTo(allocations, 0)
			_ = allocations.Close()
		}
	}, pprof.StartCPUProfile(file)
}

func beSandbox(ctx context.Context) error {
	heap.GiveRoom()
	ctx = untilParentEnds(ctx)
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", cmp.Or(os.Getenv(addressVariable), "127.0.0.1:0"))
	if err != nil {
		return err
	}
	base := "http://" + ln.Addr().String()
	double := sandbox.New(sandbox.Options{PublicURL: base, WebhookSecret: WebhookSecret, WebhookStyle: recall.StyleSvix})
	server := &http.Server{Handler: double, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	stopProfile, err := profile(os.Getenv(profileVariable))
	if err != nil {
		return err
	}
	defer stopProfile()
	fmt.Println(base)
	if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return double.Close()
}
