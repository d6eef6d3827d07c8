// Package contracttest checks the requests of vendor clients against the vendors' own OpenAPI documents, in tests.
// The documents let unknown fields pass: a test also pins the body.
package contracttest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// Checker is a transport that fails the test when a request breaks the vendor's document, and sends it all the same.
type Checker struct {
	t         testing.TB
	base      string
	documents []document
	checked   atomic.Int32
}

type document struct {
	server string // base URL that the document's paths are below
	router routers.Router
}

// OpenAI returns a checker for a client whose base URL is base. It skips the test where the document is absent.
func OpenAI(t testing.TB, base string) *Checker { return newChecker(t, base, openAI) }

// HubSpot returns a checker for a client whose base URL is base. It skips the test where the documents are absent.
func HubSpot(t testing.TB, base string) *Checker { return newChecker(t, base, hubSpot) }

// ElevenLabs returns a checker for a client whose base URL is base. It skips the test where the document is absent.
func ElevenLabs(t testing.TB, base string) *Checker { return newChecker(t, base, elevenLabs) }

// Each is read once a test binary: the largest takes a second.
//
//nolint:gochecknoglobals // functions that remember; nothing can change them
var (
	openAI  = sync.OnceValues(func() ([]document, error) { return read("openai.yaml") })
	hubSpot = sync.OnceValues(func() ([]document, error) { return read("hubspot/*-2026-09-*.json") })

	elevenLabs = sync.OnceValues(func() ([]document, error) { return read("elevenlabs.json") })
)

// Checked returns how many requests were found in the document and checked.
func (c *Checker) Checked() int { return int(c.checked.Load()) }

// RoundTrip implements http.RoundTripper.
func (c *Checker) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := c.check(req); err != nil {
		c.t.Errorf("%s %s against the vendor's document: %v", req.Method, req.URL.Path, err)
	}
	return http.DefaultTransport.RoundTrip(req)
}

func (c *Checker) check(req *http.Request) error {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return fmt.Errorf("read the body: %w", err)
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	rest, below := strings.CutPrefix(req.URL.String(), c.base)
	if !below {
		return errors.New("the address is not below the vendor's base URL")
	}
	for _, doc := range c.documents {
		probe, err := http.NewRequestWithContext(req.Context(), req.Method, doc.server+rest, bytes.NewReader(body))
		if err != nil {
			return fmt.Errorf("rebuild the request: %w", err)
		}
		probe.Header = req.Header
		route, params, err := doc.router.FindRoute(probe)
		if err != nil {
			continue // another of the vendor's documents has it
		}
		c.checked.Add(1)
		return openapi3filter.ValidateRequest(req.Context(), &openapi3filter.RequestValidationInput{
			Request: probe, PathParams: params, Route: route,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		})
	}
	return errors.New("no such operation")
}

func newChecker(t testing.TB, base string, load func() ([]document, error)) *Checker {
	t.Helper()
	docs, err := load()
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the vendors' OpenAPI documents are not beside the repository: ../shared/contracts/specs")
	}
	if err != nil {
		t.Fatalf("load the vendor's documents: %v", err)
	}
	return &Checker{t: t, base: strings.TrimRight(base, "/"), documents: docs}
}

func read(pattern string) ([]document, error) {
	_, here, _, _ := runtime.Caller(0)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(here), "../../../../shared/contracts/specs", pattern))
	if err != nil {
		return nil, fmt.Errorf("look for %s: %w", pattern, err)
	}
	if len(files) == 0 {
		return nil, os.ErrNotExist
	}
	docs := make([]document, 0, len(files))
	for _, file := range files {
		doc, err := openapi3.NewLoader().LoadFromFile(file) // not validated: OpenAI's uses $recursiveRef
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		if len(doc.Servers) == 0 { // ElevenLabs' names none
			doc.Servers = openapi3.Servers{{URL: "https://vendor.invalid"}}
		}
		router, err := gorillamux.NewRouter(doc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		docs = append(docs, document{server: strings.TrimRight(doc.Servers[0].URL, "/"), router: router})
	}
	return docs, nil
}
