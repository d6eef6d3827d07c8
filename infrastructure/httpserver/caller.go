package httpserver

import (
	"context"
	"log/slog"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Caller is who calls and what the call is known by. Embed it in an operation's input; the door fills it.
type Caller struct {
	Principal      kernel.Principal
	RequestID      string
	IdempotencyKey string // as sent; "" when none
	BodyHash       string // hex SHA-256 of the body when there is an IdempotencyKey
}

func (c *Caller) admit(from Caller) { *c = from }

// visit is what the edge knows of one request. It travels in the request's context inside this package only.
type visit struct {
	caller Caller
	lang   string
	path   string     // of the URL, for the envelope rules
	code   fault.Code // of the error that was answered
	spec   *Spec
	stream *stream // nil where the answer is no stream
}

type visitKey struct{}

// visitOf returns the request's visit, an empty one outside a request.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// CallerOf tells a Raw handler who calls.
func CallerOf(c echo.Context) Caller { return visitOf(c.Request().Context()).caller }

// RequestID returns the request's identifier, "" outside a request.
func RequestID(ctx context.Context) string { return visitOf(ctx).caller.RequestID }

// logAttrs are what every line about the visit carries: no value that a caller chose, save the checked request ID.
func (v *visit) logAttrs() []slog.Attr {
	attrs := []slog.Attr{slog.String("request_id", v.caller.RequestID)}
	if ws := v.caller.Principal.Workspace; ws != "" {
		attrs = append(attrs, slog.String("workspace", ws.String()))
	}
	if v.code != "" {
		attrs = append(attrs, slog.String("code", string(v.code)))
	}
	return attrs
}
