package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Codes of the protocol itself.
const (
	MethodNotAllowed     fault.Code = "METHOD_NOT_ALLOWED"
	RequestTimeout       fault.Code = "REQUEST_TIMEOUT"
	UnsupportedMediaType fault.Code = "UNSUPPORTED_MEDIA_TYPE"
)

// statusClientGone is what is logged when nobody waits for the answer any more (nginx' 499).
const statusClientGone = 499

// statuses is the one place that turns a kind into a status.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Gone:            http.StatusGone,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.RateLimited:     http.StatusTooManyRequests,
	fault.PaymentRequired: http.StatusPaymentRequired,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Upstream:        http.StatusBadGateway,
}

// protocolCodes name the statuses that the router and the decoder answer by themselves.
var protocolCodes = map[int]fault.Code{
	http.StatusBadRequest:            fault.Validation,
	http.StatusNotFound:              fault.NotFoundCode,
	http.StatusMethodNotAllowed:      MethodNotAllowed,
	http.StatusRequestTimeout:        RequestTimeout,
	http.StatusRequestEntityTooLarge: fault.PayloadTooLarge,
	http.StatusUnsupportedMediaType:  UnsupportedMediaType,
	http.StatusUnprocessableEntity:   fault.Validation,
}

// failure turns any error into what is answered, and logs what the caller is not told.
func (a *API) failure(ctx context.Context, err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	v := visitOf(ctx)
	status, e := classify(err)
	f := &Failure{Status: status, Fault: e, Envelope: a.envelope(v, e), header: http.Header{}}
	if status == http.StatusUnauthorized {
		f.header.Set("WWW-Authenticate", "Bearer")
	}
	if after := e.Params["retryAfter"]; after != "" { // seconds
		f.header.Set("Retry-After", after)
	}
	f.body = f.Envelope
	for _, rule := range a.envelopes {
		if v.path == rule.prefix || strings.HasPrefix(v.path, rule.prefix+"/") {
			f.Status, f.body = rule.render(*f)
			break
		}
	}
	v.code = e.Code
	if status >= http.StatusInternalServerError {
		a.opts.Logger.LogAttrs(ctx, slog.LevelError, "request failed",
			append(v.logAttrs(), slog.String("error", err.Error()))...)
	}
	return f
}

// unreadable is a body that could not be read to its end.
type unreadable struct{ cause error }

func (u *unreadable) Error() string { return fmt.Sprintf("read request body: %v", u.cause) }
func (u *unreadable) Unwrap() error { return u.cause }

// classify finds the status and the fault in an error.
func classify(err error) (int, *fault.Error) {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return statuses[e.Kind], e
	}
	if e, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge,
			fault.New(fault.TooLarge, fault.PayloadTooLarge).With("max", byteSize(e.Limit))
	}
	if e, ok := errors.AsType[*unreadable](err); ok {
		if n, ok := errors.AsType[net.Error](e.cause); ok && n.Timeout() {
			return http.StatusRequestTimeout, fault.New(fault.Invalid, RequestTimeout)
		}
		return http.StatusBadRequest, wrongBody(Malformed)
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		if code, ok := protocolCodes[e.Code]; ok {
			return e.Code, fault.New(kindOf(e.Code), code)
		}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, fault.Wrap(fault.Unavailable, fault.UnavailableCode, err)
	case errors.Is(err, context.Canceled):
		return statusClientGone, fault.Wrap(fault.Unavailable, fault.UnavailableCode, err)
	}
	return http.StatusInternalServerError, fault.Wrap(fault.Internal, fault.InternalCode, err)
}

// kindOf is statuses backwards, for statuses that did not come from a kind.
func kindOf(status int) fault.Kind {
	for kind, s := range statuses {
		if s == status {
			return kind
		}
	}
	if status < http.StatusInternalServerError {
		return fault.Invalid
	}
	return fault.Internal
}

// answerError is Echo's error handler: what the router, the door, a panic and Raw handlers return ends here.
func (a *API) answerError(err error, c echo.Context) {
	f := a.failure(c.Request().Context(), err)
	if c.Response().Committed {
		return
	}
	for name, values := range f.header {
		c.Response().Header()[name] = values
	}
	if c.Request().Method == http.MethodHead {
		err = c.NoContent(f.Status)
	} else {
		err = c.JSON(f.Status, f)
	}
	if err != nil {
		a.opts.Logger.LogAttrs(c.Request().Context(), slog.LevelWarn, "answer not written",
			append(visitOf(c.Request().Context()).logAttrs(), slog.String("error", err.Error()))...)
	}
}

// byteSize writes a limit as people do.
func byteSize(n int64) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	if n >= 1<<10 && n%(1<<10) == 0 {
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d B", n)
}
