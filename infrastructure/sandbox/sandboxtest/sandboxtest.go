// Package sandboxtest runs the sandbox inside a test, with typed calls for what the control API offers.
package sandboxtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/elevenlabs"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/recall"
)

// Script is what a notetaker lives through.
type Script = recall.Script

// Faults are what goes wrong in a script.
type Faults = recall.Faults

// CallScript is how the calls of batches go.
type CallScript = elevenlabs.Script

// CallHooks is how a script's webhooks are sent.
type CallHooks = elevenlabs.Webhooks

// Outcomes are what befalls a number, by the times that it is dialled.
type Outcomes = elevenlabs.Outcomes

// Dialled is one use of ElevenLabs' phone line.
type Dialled = elevenlabs.Dialled

// Fault is what becomes of the next requests to a vendor.
type Fault = core.Fault

// Request is what the ledger holds of a request.
type Request = core.Entry

// Secret signs the webhooks of a sandbox that was started without another one.
const Secret = "whsec_yhVJ7lfTGMQDJY8YSq9aGcsw4I7/XJIz"

// Key is accepted by every double.
const Key = "sandbox-key"

// Running is a sandbox on a port of its own, until the test ends.
type Running struct {
	// BaseURL is its address, without a slash at the end.
	BaseURL string
	server  *sandbox.Server
	t       testing.TB
}

// Start runs a sandbox.
func Start(t testing.TB) *Running { return StartWith(t, sandbox.Options{WebhookSecret: Secret}) }

// StartWith runs a sandbox with options of the test's own.
func StartWith(t testing.TB, options sandbox.Options) *Running {
	t.Helper()
	server := sandbox.New(options)
	listening := httptest.NewServer(server)
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		listening.CloseClientConnections()
		listening.Close()
	})
	return &Running{BaseURL: listening.URL, server: server, t: t}
}

// URL is a vendor's base address, such as http://127.0.0.1:41234/recall.
func (s *Running) URL(vendor string) string { return s.BaseURL + "/" + vendor }

// Script queues what the next created notetaker will live through.
func (s *Running) Script(script Script) {
	s.t.Helper()
	s.Control("POST", "/recall/script", script, nil)
}

// Webhooks sends Recall's events to an address from now on, signed with Secret in the Svix family of headers.
func (s *Running) Webhooks(url string) {
	s.t.Helper()
	s.Control("POST", "/recall/webhook", map[string]any{"url": url, "secret": Secret, "style": recall.StyleSvix}, nil)
}

// CallWebhooks points ElevenLabs' webhooks at a URL, signed with Secret.
func (s *Running) CallWebhooks(url string) {
	s.t.Helper()
	s.Control("POST", "/elevenlabs/webhook", map[string]any{"url": url, "secret": Secret}, nil)
}

// RecallSettings changes switches of the Recall double, such as {"noLimits": true}.
func (s *Running) RecallSettings(settings map[string]any) {
	s.t.Helper()
	s.Control("POST", "/recall/settings", settings, nil)
}

// ScriptCalls tells how the calls of batches go that are submitted from now on.
func (s *Running) ScriptCalls(script CallScript) {
	s.t.Helper()
	s.Control("POST", "/elevenlabs/script", script, nil)
}

// Dialled is every use of ElevenLabs' phone line, in order: who is called twice is in it twice.
func (s *Running) Dialled() []Dialled {
	s.t.Helper()
	var out struct {
		Dialled []Dialled `json:"dialled"`
	}
	s.Control("GET", "/elevenlabs/dialled", nil, &out)
	return out.Dialled
}

// Fault adds a rule.
func (s *Running) Fault(fault Fault) {
	s.t.Helper()
	s.Control("POST", "/faults", fault, nil)
}

// AdvanceClock moves the sandbox's clock forward.
func (s *Running) AdvanceClock(d time.Duration) {
	s.t.Helper()
	s.Control("POST", "/clock", map[string]string{"advance": d.String()}, nil)
}

// Now is the sandbox's time.
func (s *Running) Now() time.Time { return s.server.Clock().Now() }

// Reset makes everything as new.
func (s *Running) Reset() {
	s.t.Helper()
	s.Control("POST", "/reset", nil, nil)
}

// Ledger is what a vendor's double has received, in the order of arrival; "" is all vendors.
func (s *Running) Ledger(vendor string) []Request { return s.server.Ledger().Requests(vendor) }

// Matching is what a vendor's double has received of "METHOD /path": the vendor's own path, a trailing slash does not
// matter, and each * stands for any one segment.
func (s *Running) Matching(vendor, methodAndPath string) []Request {
	method, pattern, _ := strings.Cut(methodAndPath, " ")
	var found []Request
	for _, r := range s.Ledger(vendor) {
		same, err := path.Match(strings.TrimRight(pattern, "/"), strings.TrimRight(r.Path, "/"))
		require.NoError(s.t, err, "the pattern of %q", methodAndPath)
		if same && r.Method == method {
			found = append(found, r)
		}
	}
	return found
}

// Calls counts what Matching finds.
func (s *Running) Calls(vendor, methodAndPath string) int {
	return len(s.Matching(vendor, methodAndPath))
}

// Control calls a route below /_control and decodes its answer into out unless that is nil. The test fails when the
// sandbox refuses.
func (s *Running) Control(method, route string, in, out any) {
	s.t.Helper()
	var body io.Reader = http.NoBody
	if in != nil {
		raw, err := json.Marshal(in)
		require.NoError(s.t, err)
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.BaseURL+"/_control"+route, body)
	require.NoError(s.t, err)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	require.NoError(s.t, err)
	require.Less(s.t, answer.StatusCode, 300, "%s /_control%s: %s", method, route, raw)
	if out != nil {
		require.NoError(s.t, json.Unmarshal(raw, out))
	}
}
