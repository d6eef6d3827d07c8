// Package matrixtest drives every registered operation with every sort of caller and holds the answers against what is
// allowed: the route × caller matrix. An operation without a fixture fails it, so that no route is forgotten.
package matrixtest

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
)

// Caller is one sort of caller: how it signs a request, and what it is to be answered where a fixture does not say.
type Caller struct {
	Name string
	// Sign puts the caller's credential on the request. Nil sends none.
	Sign func(*http.Request)
	// Want returns the statuses that are right for an operation. Nil, or an empty answer, leaves the fixture to say; when
	// neither does, the pair is not driven.
	Want func(httpserver.Operation) []int
}

// Fixture is how to call one operation so that only the caller decides the answer.
type Fixture struct {
	Path   map[string]string // values of the {parameters}
	Query  string            // without the question mark
	Body   string            // "" is none
	Header map[string]string // Content-Type is application/json unless given
	// Want says the right statuses by the caller's name, before what the caller itself wants.
	Want map[string][]int
	// Before runs before each request, to put things back as they were.
	Before func(t *testing.T, caller string)
}

// Run drives each operation, as a subtest, with each caller in order. fixtures are by operation ID; one that fits no
// operation fails too. check, which may be nil, sees every answer, to look for leaks; it must not keep the body.
func Run(
	t *testing.T, handler http.Handler, operations []httpserver.Operation, callers []Caller, fixtures map[string]Fixture,
	check func(t *testing.T, op httpserver.Operation, caller string, status int, body string),
) {
	t.Helper()
	unused := maps.Clone(fixtures)
	for _, op := range operations {
		delete(unused, op.ID)
		t.Run(op.ID, func(t *testing.T) {
			f, ok := fixtures[op.ID]
			if !ok {
				t.Fatalf("%s %s has no fixture", op.Method, op.Path)
			}
			for _, c := range callers {
				drive(t, handler, op, c, f, check)
			}
		})
	}
	assert.Empty(t, slices.Sorted(maps.Keys(unused)), "fixtures of operations that are not registered")
}

func drive(
	t *testing.T, handler http.Handler, op httpserver.Operation, c Caller, f Fixture,
	check func(*testing.T, httpserver.Operation, string, int, string),
) {
	t.Helper()
	want := f.Want[c.Name]
	if len(want) == 0 && c.Want != nil {
		want = c.Want(op)
	}
	if len(want) == 0 {
		return
	}
	if f.Before != nil {
		f.Before(t, c.Name)
	}
	r, err := f.request(t, op)
	if err != nil {
		t.Fatal(err)
	}
	if c.Sign != nil {
		c.Sign(r)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	body := w.Body.String()
	assert.Contains(t, want, w.Code, "%s %s by %s: %s", op.Method, op.Path, c.Name, body)
	if check != nil {
		check(t, op, c.Name, w.Code, body)
	}
}

func (f Fixture) request(t *testing.T, op httpserver.Operation) (*http.Request, error) {
	path := op.Path
	for name, value := range f.Path {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	if strings.Contains(path, "{") {
		return nil, fmt.Errorf("the fixture of %s leaves a parameter open: %s", op.ID, path)
	}
	if f.Query != "" {
		path += "?" + f.Query
	}
	var body io.Reader = http.NoBody
	if f.Body != "" {
		body = strings.NewReader(f.Body)
	}
	r := httptest.NewRequestWithContext(t.Context(), op.Method, path, body)
	r.RemoteAddr = "127.0.0.1:1" // a public address would be kept out for all the wrong credentials that it shows
	if f.Body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range f.Header {
		r.Header.Set(name, value)
	}
	return r, nil
}
