// Package httpserver is the HTTP edge: one registration an operation, from which come the route, the validation, the
// OpenAPI document, the Postman collection and the access matrix; one door that every operation stands behind; one place
// where errors become statuses and envelopes; and the server's life from start to drained.
package httpserver

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
)

// Options are what the edge is made of. Only Auth is required.
type Options struct {
	Title, Version string
	About          string   // Markdown, for readers of the document
	Servers        []string // public base URLs, for the document
	Logger         *slog.Logger
	Auth           Authenticator
	Catalog        *catalog.Catalog
	Registerer     prometheus.Registerer // where the request histogram is registered; nil counts nothing
	Tracer         trace.TracerProvider  // nil is the global one
	Now            func() time.Time
	BodyLimit      int64          // bytes; 1 MiB
	RequestTimeout time.Duration  // 15 s
	TakeWithin     time.Duration  // for the reader of a stream to take a piece of it; 5 s
	AllowedOrigins []string       // of browsers; none means no CORS
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Guard          Guard          // nil keeps nobody out
	Limiter        Limiter        // nil bounds nobody
	FloorOff       bool           // lets every role pass the door, to prove that the use cases decide; tests only
	Checks         map[string]Check
	DrainDelay     time.Duration // between "not ready" and the closed listener, for load balancers to notice
}

// API is the edge. Register operations on it, then take its Handler or Serve it.
type API struct {
	opts       Options
	echo       *echo.Echo
	huma       huma.API
	operations []Operation
	byRoute    map[string]*Operation // "METHOD /echo/:path"
	envelopes  []envelopeRule
	layers     []func(http.Handler) http.Handler // around the router, the innermost first
	requests   *prometheus.HistogramVec
	ready      atomic.Bool
	draining   context.Context // ends streams
	drain      context.CancelFunc
	streams    sync.WaitGroup // those that net/http does not wait for
	document   func() []byte
}

// New makes an edge with /health, /ready, /openapi.json and the Postman files on it.
func New(o Options) *API {
	a := &API{opts: o.withDefaults(), echo: echo.New(), byRoute: map[string]*Operation{}}
	a.draining, a.drain = context.WithCancel(context.Background())
	a.requests = newRequestHistogram(o.Registerer)
	a.ready.Store(true)
	a.echo.HideBanner, a.echo.HidePort = true, true
	a.echo.HTTPErrorHandler = a.answerError
	a.echo.IPExtractor = addressesOf(a.opts.TrustedProxies)
	a.huma = humaecho.New(a.echo, a.documentConfig())
	a.huma.UseMiddleware(asEdge)
	a.document = sync.OnceValue(a.renderDocument)
	a.useMiddleware()
	a.registerProbes()
	a.registerDocument()
	return a
}

func (o Options) withDefaults() Options {
	if o.Auth == nil {
		panic("httpserver: Options.Auth is required")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Catalog == nil {
		o.Catalog = catalog.New()
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	if o.BodyLimit == 0 {
		o.BodyLimit = 1 << 20
	}
	if o.RequestTimeout == 0 {
		o.RequestTimeout = 15 * time.Second
	}
	if o.TakeWithin == 0 {
		o.TakeWithin = 5 * time.Second
	}
	return o
}

// Handler returns the edge as a handler. Register everything before the first request.
func (a *API) Handler() http.Handler { return a.wrapped(http.HandlerFunc(a.answer)) }

// Wrap puts a layer around the router, for what has to be settled before a route is looked for. The last one is the
// outermost.
func (a *API) Wrap(layer func(http.Handler) http.Handler) { a.layers = append(a.layers, layer) }

func (a *API) wrapped(h http.Handler) http.Handler {
	for _, layer := range a.layers {
		h = layer(h)
	}
	return h
}

// answer leads a request through the middleware, and begins the stream that its operation answers with, if it does.
func (a *API) answer(w http.ResponseWriter, r *http.Request) {
	v := a.beginVisit(w, r)
	r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
	a.echo.ServeHTTP(w, r)
	if v.stream != nil {
		a.startStream(w, r, v)
	}
}

// Echo returns the router below, for what is not an operation: static pages, dashboards. Such routes pass the
// observing middleware but not the door: they guard themselves.
func (a *API) Echo() *echo.Echo { return a.echo }

// Operations returns every registered operation, in order of registration.
func (a *API) Operations() []Operation { return slices.Clone(a.operations) }
