package elevenlabs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

const (
	patient = 10 * time.Second
	batches = "/v1/convai/batch-calling"
	secret  = "wsec_of_the_test"
)

// object is any JSON object.
type object = map[string]any

// world is a sandbox whose base clock stands still, and plain HTTP.
type world struct {
	*sandboxtest.Running
	t *testing.T
}

// noon is a time at which the tests' clock stands.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{t: t, Running: sandboxtest.StartWith(t, sandbox.Options{Now: func() time.Time { return noon }})}
}

// answer is what a request was answered.
type answer struct {
	status int
	header http.Header
	raw    []byte
	body   object
}

func (w *world) call(method, path string, body any) answer {
	w.t.Helper()
	return w.callAs(sandboxtest.Key, method, path, body)
}

func (w *world) callAs(key, method, path string, body any) answer {
	w.t.Helper()
	return w.send(key, method, w.URL("elevenlabs")+path, body)
}

// send sends JSON, or a string as it is.
func (w *world) send(key, method, url string, body any) answer {
	w.t.Helper()
	var content io.Reader = http.NoBody
	switch body := body.(type) {
	case nil:
	case string:
		content = bytes.NewReader([]byte(body))
	default:
		raw, err := json.Marshal(body)
		require.NoError(w.t, err)
		content = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, url, content)
	require.NoError(w.t, err)
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("xi-api-key", key)
	}
	got, err := http.DefaultClient.Do(r)
	require.NoError(w.t, err)
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	require.NoError(w.t, err)
	a := answer{status: got.StatusCode, header: got.Header, raw: raw}
	_ = json.Unmarshal(raw, &a.body)
	return a
}

// phone is the nth number.
func phone(n int) string { return fmt.Sprintf("+1555%07d", n) }

// asking is a body for so many recipients.
func asking(n int, extra object) object {
	recipients := make([]object, n)
	for i := range recipients {
		recipients[i] = object{"phone_number": phone(i), "id": fmt.Sprintf("r%d", i)}
	}
	body := object{"call_name": "Campaña", "agent_id": "agent_1", "agent_phone_number_id": "phnum_1", "recipients": recipients}
	for name, value := range extra {
		body[name] = value
	}
	return body
}

// submit makes a batch and returns its ID.
func (w *world) submit(n int, extra object) string {
	w.t.Helper()
	a := w.call("POST", batches+"/submit", asking(n, extra))
	require.Equal(w.t, 200, a.status, "%s", a.raw)
	return a.body["id"].(string)
}

func (w *world) script(script object) {
	w.t.Helper()
	w.Control("POST", "/elevenlabs/script", script, nil)
}

func (w *world) settings(settings object) {
	w.t.Helper()
	w.Control("POST", "/elevenlabs/settings", settings, nil)
}

func (w *world) get(id string) object {
	w.t.Helper()
	a := w.call("GET", batches+"/"+id, nil)
	require.Equal(w.t, 200, a.status, "%s", a.raw)
	return a.body
}

// recipients are the recipients' values of a field, in order.
func (w *world) recipients(id, field string) []any {
	w.t.Helper()
	var values []any
	for _, r := range w.get(id)["recipients"].([]any) {
		values = append(values, r.(object)[field])
	}
	return values
}

// until waits for a batch's status.
func (w *world) until(id, status string) object {
	w.t.Helper()
	var b object
	require.Eventually(w.t, func() bool {
		b = w.get(id)
		return b["status"] == status
	}, patient, 2*time.Millisecond, "the batch never became %s", status)
	return b
}

// begun waits until the batch's first calls are dispatched, which happens at once but beside us.
func (w *world) begun(id string) { w.t.Helper(); w.until(id, "in_progress") }

// use is one use of the phone line.
type use struct {
	Phone     string    `json:"phone_number"`
	Batch     string    `json:"batch_id"`
	Recipient string    `json:"recipient_id"`
	At        time.Time `json:"at"`
}

func (w *world) dialled(query string) []use {
	w.t.Helper()
	var out struct {
		Dialled []use `json:"dialled"`
	}
	w.Control("GET", "/elevenlabs/dialled"+query, nil, &out)
	return out.Dialled
}

// message is what the control API tells of a webhook.
type message struct{ Attempts []object }

func (w *world) messages() []message {
	w.t.Helper()
	var sent struct{ Messages []message }
	w.Control("GET", "/elevenlabs/webhooks", nil, &sent)
	return sent.Messages
}

// receiver keeps the webhooks that it gets; status tells what it answers to the nth.
type receiver struct {
	mu     sync.Mutex
	got    []hook
	status func(n int) int
}

type hook struct {
	header  http.Header
	chunked bool
	raw     []byte
	kind    string
	data    object
}

func (w *world) receive() *receiver {
	w.t.Helper()
	r := &receiver{}
	listening := httptest.NewServer(r)
	w.t.Cleanup(listening.Close)
	w.Control("POST", "/elevenlabs/webhook", object{"url": listening.URL, "secret": secret}, nil)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	raw, _ := io.ReadAll(q.Body)
	var body struct {
		Type string `json:"type"`
		Data object `json:"data"`
	}
	_ = json.Unmarshal(raw, &body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, hook{header: q.Header, chunked: q.ContentLength < 0, raw: raw, kind: body.Type, data: body.Data})
	if r.status != nil {
		w.WriteHeader(r.status(len(r.got)))
	}
}

func (r *receiver) hooks() []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]hook{}, r.got...)
}

func (r *receiver) await(t *testing.T, n int) []hook {
	t.Helper()
	require.Eventually(t, func() bool { return len(r.hooks()) >= n }, patient, 2*time.Millisecond, "never received %d webhooks", n)
	return r.hooks()
}
