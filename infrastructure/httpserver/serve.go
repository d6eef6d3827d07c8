package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// drainTimeout bounds the whole goodbye; what is still running then is cut off.
const drainTimeout = 20 * time.Second

// Serve listens on addr (host:port) and answers until ctx ends, then drains: not ready, closed listener, streams ended,
// requests finished. It returns nil after a clean goodbye.
func (a *API) Serve(ctx context.Context, addr string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	return a.ServeListener(ctx, ln)
}

// ServeListener is Serve on a listener that is already open. It closes it.
func (a *API) ServeListener(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{
		Handler:           a.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       75 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ConnContext:       func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
		ErrorLog:          slog.NewLogLogger(a.opts.Logger.Handler(), slog.LevelWarn),
		// No ReadTimeout and no WriteTimeout: they are absolute and would cut streams. The door sets both per request.
	}
	srv.RegisterOnShutdown(a.drain)
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	a.ready.Store(false)
	a.opts.Logger.InfoContext(ctx, "draining", "delay", a.opts.DrainDelay)
	time.Sleep(a.opts.DrainDelay)
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if err := srv.Shutdown(limit); err != nil {
		return errors.Join(fmt.Errorf("drain: %w", err), srv.Close())
	}
	return a.awaitStreams(limit)
}

// awaitStreams waits for the streams that srv.Shutdown does not know of any more; none begins after it.
func (a *API) awaitStreams(limit context.Context) error {
	ended := make(chan struct{})
	go func() { a.streams.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-limit.Done():
		return fmt.Errorf("drain streams: %w", limit.Err())
	}
}
