package httpserver

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// asEdge gives huma a context on which the status of its own errors is ours to choose.
func asEdge(ctx huma.Context, next func(huma.Context)) { next(&edgeContext{humaContext: ctx}) }

type humaContext = huma.Context

type edgeContext struct {
	humaContext
	status int // instead of what huma sets; 0 leaves it
}

// Unwrap lets humaecho find its own context.
func (c *edgeContext) Unwrap() huma.Context { return c.humaContext }

func (c *edgeContext) SetStatus(code int) { c.humaContext.SetStatus(cmp.Or(c.status, code)) }

// renderModel is the transformer that turns huma's own error model into our envelope and its 422 into our 400. Huma's
// messages quote what the caller sent, so only the place and the rule are taken over.
func (a *API) renderModel(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	f := a.failure(ctx.Context(), faultOf(m))
	if edge, ok := ctx.(*edgeContext); ok {
		edge.status = f.Status
	}
	ctx.SetHeader("Content-Type", "application/json")
	return f, nil
}

// faultOf reads what huma says is wrong with a request.
func faultOf(m *huma.ErrorModel) error {
	switch {
	case m.Status == http.StatusBadRequest && len(m.Errors) == 0:
		return wrongBody(fault.Required)
	case m.Status == http.StatusBadRequest && m.Errors[0].Location == "body":
		return wrongBody(Malformed)
	case m.Status == http.StatusUnprocessableEntity, m.Status == http.StatusBadRequest:
		var fields fault.Fields
		for _, d := range m.Errors {
			name, rule, params := ruleOf(d)
			fields.Add(name, rule, params...)
		}
		return fields.Err()
	case protocolCodes[m.Status] != "":
		return echo.NewHTTPError(m.Status)
	default:
		return m
	}
}

// wrongBody is a body that breaks a rule as a whole.
func wrongBody(rule fault.Code) *fault.Error {
	var f fault.Fields
	f.Add("body", rule)
	e, _ := errors.AsType[*fault.Error](f.Err())
	return e
}
