package outbound

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

type operationKey struct{}

// WithOperation names the call that a vendor's SDK makes with ctx, for traces, metrics and errors.
func WithOperation(ctx context.Context, operation string) context.Context {
	return context.WithValue(ctx, operationKey{}, operation)
}

func operationOf(ctx context.Context) string {
	if op, ok := ctx.Value(operationKey{}).(string); ok {
		return op
	}
	return "unnamed"
}

// transport waits for the rate limit, then traces and measures one round trip up to the answer's headers.
// It makes its own spans: the usual instrumentation puts the whole URL on them, and with it e-mail addresses and the
// tokens of signed URLs.
type transport struct {
	vendor string
	next   http.RoundTripper
	wait   func(context.Context, string) error
	log    *slog.Logger
	calls  *prometheus.HistogramVec
}

func newTransport(o Options) (*transport, error) {
	calls := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "tertulia_vendor_call_seconds",
		Help:    "Time from a vendor call to the headers of its answer.",
		Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120},
	}, []string{"vendor", "operation", "class"})
	if o.Registerer != nil {
		err := o.Registerer.Register(calls)
		if again, ok := errors.AsType[prometheus.AlreadyRegisteredError](err); ok {
			calls = again.ExistingCollector.(*prometheus.HistogramVec) // another vendor's client came first
		} else if err != nil {
			return nil, fmt.Errorf("register the metrics of %s: %w", o.Vendor, err)
		}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Wait == nil {
		o.Wait = func(context.Context, string) error { return nil }
	}
	return &transport{vendor: o.Vendor, next: o.Transport, wait: o.Wait, log: o.Logger, calls: calls}, nil
}

// RoundTrip implements http.RoundTripper. Its errors are *Error.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	op := operationOf(req.Context())
	if err := t.wait(req.Context(), op); err != nil {
		return nil, Failed(t.vendor, op, NotSent, fmt.Errorf("wait for the rate limit: %w", err))
	}
	ctx, span := otel.Tracer("github.com/tertulia-dev/tertulia/infrastructure/outbound").Start(req.Context(), t.vendor+" "+op,
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("http.request.method", req.Method), attribute.String("peer.service", t.vendor)))
	defer span.End()

	// Before a connection is had nothing can have been sent; afterwards the write runs beside us and nobody knows.
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	out := req.Clone(ctx)
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(out.Header))

	start := time.Now()
	resp, err := t.next.RoundTrip(out)
	took := time.Since(start)
	status, class := 0, "error"
	if err == nil {
		status, class = resp.StatusCode, strconv.Itoa(resp.StatusCode/100)+"xx"
	}
	t.calls.WithLabelValues(t.vendor, op, class).Observe(took.Seconds())
	t.log.LogAttrs(ctx, slog.LevelDebug, "vendor call", slog.String("vendor", t.vendor), slog.String("operation", op),
		slog.Int("status", status), slog.Duration("took", took))
	span.SetAttributes(attribute.Int("http.response.status_code", status))
	if status < 200 || status >= 400 {
		span.SetStatus(codes.Error, class)
	}
	if err != nil {
		outcome := NotSent
		if connected.Load() {
			outcome = Unknown
		}
		return nil, Failed(t.vendor, op, outcome, err)
	}
	return resp, nil
}
