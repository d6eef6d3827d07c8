package httpserver

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// Get registers a read. I is a struct of parameters (path, query and header tags), usually with Caller embedded; O is a
// struct with an optional Body. The handler returns faults; it never picks a status of failure.
func Get[I, O any](a *API, path string, spec Spec, h func(context.Context, *I) (*O, error)) {
	register(a, http.MethodGet, path, spec, h)
}

// Post registers an operation that makes or starts something. I may have a Body (JSON) or a RawBody ([]byte).
func Post[I, O any](a *API, path string, spec Spec, h func(context.Context, *I) (*O, error)) {
	register(a, http.MethodPost, path, spec, h)
}

// Put registers an operation that replaces something.
func Put[I, O any](a *API, path string, spec Spec, h func(context.Context, *I) (*O, error)) {
	register(a, http.MethodPut, path, spec, h)
}

// Patch registers an operation that changes something.
func Patch[I, O any](a *API, path string, spec Spec, h func(context.Context, *I) (*O, error)) {
	register(a, http.MethodPatch, path, spec, h)
}

// Delete registers an operation that removes something.
func Delete[I, O any](a *API, path string, spec Spec, h func(context.Context, *I) (*O, error)) {
	register(a, http.MethodDelete, path, spec, h)
}

// Raw registers an Echo handler behind the same door, for bodies and answers that have rules of their own. What doc says
// (parameters, request body, responses) goes into the document as it stands; nil documents the route alone.
// Inside the handler, CallerOf tells who calls; a returned error is answered like every other.
func Raw(a *API, method, path string, spec Spec, doc *huma.Operation, h echo.HandlerFunc) {
	var op huma.Operation
	if doc != nil {
		op = *doc
	}
	a.describe(&op, method, path, spec)
	op.Parameters = append(op.Parameters, pathParameters(path, op.Parameters)...)
	a.enlist(method, path, spec, true)
	a.huma.OpenAPI().AddOperation(&op)
	a.echo.Add(method, echoPath(path), h)
}

func register[I, O any](a *API, method, path string, spec Spec, h func(context.Context, *I) (*O, error)) {
	var op huma.Operation
	a.describe(&op, method, path, spec)
	op.MaxBodyBytes, op.BodyReadTimeout = -1, -1 // the door has read the body already
	a.enlist(method, path, spec, false)
	schemas, seen := a.huma.OpenAPI().Components.Schemas, map[reflect.Type]bool{}
	aliasNullables(schemas, reflect.TypeFor[I](), seen)
	aliasNullables(schemas, reflect.TypeFor[O](), seen)
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		v := visitOf(ctx)
		if c, ok := any(in).(interface{ admit(Caller) }); ok {
			c.admit(v.caller)
		}
		out, err := h(ctx, in)
		if err != nil {
			return nil, a.failure(ctx, err)
		}
		return out, nil
	})
	if unread := pathParameters(path, a.documented(method, path).Parameters); len(unread) > 0 {
		panic(fmt.Sprintf("httpserver: the input of %s does not read {%s}: is it in an embedded type that is not exported?",
			spec.ID, unread[0].Name))
	}
}

// aliasNullables tells the schemas that a type with a method Ptr() *T stands for a T or null.
func aliasNullables(schemas huma.Registry, t reflect.Type, seen map[reflect.Type]bool) {
	for slices.Contains([]reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map}, t.Kind()) {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return
	}
	seen[t] = true
	if m, ok := t.MethodByName("Ptr"); ok && m.Type.NumIn() == 1 && m.Type.NumOut() == 1 && m.Type.Out(0).Kind() == reflect.Pointer {
		schemas.RegisterTypeAlias(t, m.Type.Out(0))
		return
	}
	for f := range t.Fields() {
		aliasNullables(schemas, f.Type, seen)
	}
}

// enlist notes the operation for the door and for the lists; a second operation of the same ID or route is a mistake of
// the program.
func (a *API) enlist(method, path string, spec Spec, raw bool) {
	for _, o := range a.operations {
		if o.ID == spec.ID || o.Method == method && o.Path == path {
			panic(fmt.Sprintf("httpserver: %s (%s %s) is registered twice", spec.ID, method, path))
		}
	}
	if spec.ID == "" || !strings.HasPrefix(path, "/") || spec.UnreadBody && !raw {
		panic(fmt.Sprintf("httpserver: %s %s needs an ID and a rooted path, and UnreadBody is for Raw", method, path))
	}
	a.operations = append(a.operations, Operation{Spec: spec, Method: method, Path: path, Raw: raw})
	a.byRoute[method+" "+echoPath(path)] = &Operation{Spec: spec, Method: method, Path: path, Raw: raw}
}

// echoPath writes /a/{id} as Echo does: /a/:id.
func echoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}
