package batchcallshttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallshttp"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// engine stands in for the use cases: it remembers what it was asked, and answers what it is told.
type engine struct {
	mu        sync.Mutex
	submitted []batchcallsuc.SubmitInput
	asked     []string // IDs, by Get and Cancel
	reads     int      // of recipients

	batch      batchcalls.Batch
	people     []batchcalls.Recipient
	duplicates []batchcallsuc.Duplicate
	repeated   bool
	refusal    *batchcallsuc.Refusal
	err        error
}

// Execute implements batchcallshttp.Submitter.
func (e *engine) Execute(_ context.Context, in batchcallsuc.SubmitInput) (batchcallsuc.Submitted, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.submitted = append(e.submitted, in)
	b := e.batch
	b.Name, b.Agent, b.PhoneNumber, b.Total = in.Name, in.Agent, in.PhoneNumber, len(in.Recipients)
	return batchcallsuc.Submitted{Batch: b, Duplicates: e.duplicates, Repeated: e.repeated, Refusal: e.refusal}, e.err
}

// Get implements batchcallshttp.Reader.
func (e *engine) Get(_ context.Context, _ kernel.Principal, id string) (batchcalls.Batch, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked = append(e.asked, id)
	return e.batch, e.err
}

// Recipients implements batchcallshttp.Reader.
func (e *engine) Recipients(_ context.Context, _ batchcalls.Batch, fn func(batchcalls.Recipient) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reads++
	for _, r := range e.people {
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

type canceller struct{ *engine }

// Execute implements batchcallshttp.Canceller.
func (c canceller) Execute(ctx context.Context, in batchcallsuc.CancelInput) (batchcalls.Batch, error) {
	return c.Get(ctx, in.Actor, in.PublicID)
}

func (e *engine) questions() (submitted, asked int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.submitted), len(e.asked)
}

// doorkeeper knows the key "key" and the token "token".
type doorkeeper struct{}

// Authenticate implements httpserver.Authenticator.
func (doorkeeper) Authenticate(_ context.Context, c httpserver.Credentials) (kernel.Principal, error) {
	switch {
	case c.APIKey == "key":
		return kernel.Principal{Kind: kernel.Service, Workspace: "w1", Role: kernel.Admin}, nil
	case c.APIKey == "" && c.Bearer == "token":
		return kernel.Principal{Kind: kernel.Person, Workspace: "w2", Rep: "r", Role: kernel.Rep}, nil
	default:
		return kernel.Principal{}, fault.New(fault.Unauthenticated, fault.Unauthorized)
	}
}

// edge is the original's routes on a real connection.
type edge struct {
	*engine
	url string
	log *bytes.Buffer
}

var begun = time.Unix(1795218269, 0).UTC()

const head = `{"id":"btcal_theirs","phone_provider":"twilio","whatsapp_params":null,"name":"theirs","scheduled_time_unix":1795218200,` +
	`"telephony_call_config":{"ringing_timeout_secs":60},"agent_name":"Fake Agent","newer":[1]}`

func newEdge(t *testing.T, anonymous bool) *edge {
	t.Helper()
	e := &edge{engine: &engine{batch: batchcalls.Batch{
		ID: "b1", PublicID: "btcal_1", Name: "Campaña", Agent: "agent_1", PhoneNumber: "phnum_1", Status: batchcalls.Pending,
		Head: json.RawMessage(head), Total: 2, Version: 7, CreatedAt: begun, UpdatedAt: begun,
	}}, log: &bytes.Buffer{}}
	api := httpserver.New(httpserver.Options{
		Title: "t", Version: "1", Auth: doorkeeper{}, Now: func() time.Time { return begun.Add(747 * time.Millisecond) },
		Logger: slog.New(slog.NewJSONHandler(e.log, nil)), AllowedOrigins: []string{"https://panel.example"},
	})
	batchcallshttp.RegisterOriginal(api, batchcallshttp.Original{
		Submit: e, Cancel: canceller{e.engine}, Reader: e, Texts: catalog.New(), Anonymous: anonymous,
	})
	server := httptest.NewServer(api.Handler())
	t.Cleanup(server.Close)
	e.url = server.URL
	return e
}

type got struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// call sends a request with headers as name, value pairs. Its body is JSON unless they say otherwise.
func (e *edge) call(t *testing.T, method, path, body string, headers ...string) got {
	t.Helper()
	return e.send(t, method, path, strings.NewReader(body), headers...)
}

func (e *edge) send(t *testing.T, method, path string, body io.Reader, headers ...string) got {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, e.url+path, body)
	require.NoError(t, err)
	if r.ContentLength != 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	g := got{status: res.StatusCode, header: res.Header, text: string(raw)}
	if json.Valid(raw) {
		_ = json.Unmarshal(raw, &g.body)
	}
	return g
}
