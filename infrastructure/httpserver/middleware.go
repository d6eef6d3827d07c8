package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/contrib/instrumentation/github.com/labstack/echo/otelecho"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"
)

// useMiddleware puts the layers around every route, the outermost first.
func (a *API) useMiddleware() {
	a.echo.Use(
		otelecho.Middleware("tertulia", otelecho.WithTracerProvider(a.opts.Tracer),
			otelecho.WithPropagators(propagation.TraceContext{}), otelecho.WithSkipper(a.isUntraced)),
		a.observe,
		a.recoverPanic,
		secureHeaders,
	)
	if len(a.opts.AllowedOrigins) > 0 {
		a.echo.Use(middleware.CORSWithConfig(middleware.CORSConfig{
			AllowOrigins: a.opts.AllowedOrigins,
			AllowMethods: []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
			AllowHeaders: []string{
				"Authorization", "Content-Type", "Accept-Language", "Idempotency-Key", "If-Match",
				"Last-Event-ID", "X-Filename", "X-Request-Id",
			}, // not X-API-Key: service keys have no place in a browser
			ExposeHeaders: []string{"X-Request-Id", "Retry-After"},
			MaxAge:        600,
		}))
	}
	a.echo.Use(a.door)
}

// isUntraced reports that nobody would learn of a request's trace: we send none, and the caller began none.
func (a *API) isUntraced(c echo.Context) bool {
	_, noCollector := a.opts.Tracer.(noop.TracerProvider)
	return noCollector && c.Request().Header.Get("Traceparent") == ""
}

// beginVisit gives the request its identifier, the caller's own if it is decent, and its language.
func (a *API) beginVisit(w http.ResponseWriter, r *http.Request) *visit {
	id := r.Header.Get(echo.HeaderXRequestID)
	if !decentID(id) {
		id = uuid.Must(uuid.NewV7()).String()
	}
	v := &visit{path: r.URL.Path, lang: a.opts.Catalog.Negotiate(r.Header.Get("Accept-Language"))}
	v.caller.RequestID = id
	w.Header().Set(echo.HeaderXRequestID, id)
	return v
}

// decentID accepts what may safely stand in logs and headers: 1 to 128 of letters, digits and -_.:/
func decentID(id string) bool {
	for _, c := range []byte(id) {
		ok := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			c == '-' || c == '_' || c == '.' || c == ':' || c == '/'
		if !ok {
			return false
		}
	}
	return 0 < len(id) && len(id) <= 128
}

// observe answers errors, then counts and logs the request by its route template: never its query or body.
func (a *API) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		v := visitOf(c.Request().Context())
		if err := next(c); err != nil {
			v.stream = nil
			c.Error(err)
		}
		seen := sighting{begun: start, method: methodLabel(c.Request().Method), route: a.routeLabel(c), status: c.Response().Status}
		if v.stream != nil {
			v.stream.seen = seen // it is noted when it ends
			return nil
		}
		a.note(c.Request().Context(), v, seen)
		return nil
	}
}

// sighting is what is counted and logged of a request.
type sighting struct {
	begun         time.Time
	method, route string
	status        int
}

func (a *API) note(ctx context.Context, v *visit, s sighting) {
	took, level := time.Since(s.begun), slog.LevelInfo
	a.requests.WithLabelValues(s.method, s.route, strconv.Itoa(s.status)).Observe(took.Seconds())
	if v.spec != nil && v.spec.Tag == probeTag {
		level = slog.LevelDebug
	}
	a.opts.Logger.LogAttrs(ctx, level, "request", append(v.logAttrs(),
		slog.String("method", s.method), slog.String("route", s.route), slog.Int("status", s.status),
		slog.Float64("ms", float64(took.Microseconds())/1000))...)
}

// routeLabel is the route's template; what matched none shares one label, so that strangers make no series.
func (a *API) routeLabel(c echo.Context) string {
	if op, ok := a.byRoute[c.Request().Method+" "+c.Path()]; ok {
		return op.Path
	}
	if p := c.Path(); p != "" && c.Response().Status != http.StatusNotFound {
		return p
	}
	return "unmatched"
}

func methodLabel(m string) string {
	known := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
	if slices.Contains(known, m) {
		return m
	}
	return "OTHER"
}

// recoverPanic makes a panic an internal error; the stack goes to the log.
func (a *API) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if e, ok := p.(error); ok && errors.Is(e, http.ErrAbortHandler) {
				panic(p) // net/http's own way to drop a connection
			}
			a.logPanic(c.Request().Context())
			err = fmt.Errorf("handle request: panic of type %T", p) // its value may be private
		}()
		return next(c)
	}
}

func (a *API) logPanic(ctx context.Context) {
	a.opts.Logger.LogAttrs(ctx, slog.LevelError, "panic in a handler", append(visitOf(ctx).logAttrs(),
		slog.String("stack", string(debug.Stack())))...)
}

// secureHeaders are the strict defaults of an API; a page that needs more sets its own policy.
func secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		if c.IsTLS() || c.Request().Header.Get("X-Forwarded-Proto") == "https" {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

func newRequestHistogram(reg prometheus.Registerer) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "tertulia_http_request_duration_seconds",
		Help:    "Time to answer a request, by route template.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15},
	}, []string{"method", "route", "status"})
	if reg != nil {
		reg.MustRegister(h)
	}
	return h
}
