package recall_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

const (
	meet    = "https://meet.google.com/abc-defg-hij"
	patient = 10 * time.Second
)

// world is a sandbox, a receiver of its webhooks, and plain HTTP.
type world struct {
	*sandboxtest.Running
	t        *testing.T
	receiver *receiver
	hookURL  string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Running: sandboxtest.Start(t), t: t, receiver: &receiver{}}
	listening := httptest.NewServer(w.receiver)
	t.Cleanup(listening.Close)
	w.hookURL = listening.URL
	w.Webhooks(w.hookURL)
	return w
}

// object is any JSON object.
type object = map[string]any

// answer is what a request was answered.
type answer struct {
	status int
	header http.Header
	raw    []byte
	body   object
}

// call sends a request to Recall's API with a good key.
func (w *world) call(method, path string, body any, headers ...string) answer {
	w.t.Helper()
	return w.send(method, w.URL("recall")+"/api/v1"+path, body, append([]string{"Authorization", "Token sandbox-key"}, headers...)...)
}

// send sends a request with JSON and headers, given as name, value, name, value.
func (w *world) send(method, url string, body any, headers ...string) answer {
	w.t.Helper()
	var content io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		require.NoError(w.t, err)
		content = strings.NewReader(string(raw))
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, url, content)
	require.NoError(w.t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
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

// bot makes a notetaker that records everything, and returns its id.
func (w *world) bot(extra object) string {
	w.t.Helper()
	a := w.call("POST", "/bot/", request(extra))
	require.Equal(w.t, 201, a.status, "%s", a.raw)
	return a.body["id"].(string)
}

// request is a body that makes a notetaker with audio and a transcript.
func request(extra object) object {
	q := object{
		"meeting_url": meet, "metadata": object{"meeting_id": "m1"},
		"recording_config": object{
			"transcript":      object{"provider": object{"recallai_streaming": object{}}},
			"audio_mixed_mp3": object{},
		},
	}
	for name, value := range extra {
		q[name] = value
	}
	return q
}

// get reads a notetaker.
func (w *world) get(bot string) object {
	w.t.Helper()
	a := w.call("GET", "/bot/"+bot+"/", nil)
	require.Equal(w.t, 200, a.status, "%s", a.raw)
	return a.body
}

// codes are the statuses that a notetaker went through.
func (w *world) codes(bot string) []string {
	w.t.Helper()
	var codes []string
	for _, c := range w.get(bot)["status_changes"].([]any) {
		codes = append(codes, c.(object)["code"].(string))
	}
	return codes
}

// until waits for a notetaker's status.
func (w *world) until(bot, code string) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		codes := w.codes(bot)
		return len(codes) > 0 && codes[len(codes)-1] == code
	}, patient, time.Millisecond*5, "the notetaker never became %s", code)
}

// lived makes a notetaker and waits until it is done.
func (w *world) lived(script sandboxtest.Script) (bot string, shortcuts object) {
	w.t.Helper()
	w.Script(script)
	bot = w.bot(nil)
	w.until(bot, "done")
	return bot, w.shortcuts(bot)
}

// shortcuts are the artefacts of a notetaker's first recording.
func (w *world) shortcuts(bot string) object {
	w.t.Helper()
	return w.get(bot)["recordings"].([]any)[0].(object)["media_shortcuts"].(object)
}

// link is the download link of an artefact.
func link(shortcuts object, kind string) string {
	return shortcuts[kind].(object)["data"].(object)["download_url"].(string)
}

// receiver keeps the webhooks that it accepts; refuse tells what it answers instead of 204.
type receiver struct {
	mu     sync.Mutex
	got    []hook
	refuse func(n int) int // by the number of the delivery, from 1; 0 accepts
	seen   int
}

type hook struct {
	header http.Header
	raw    []byte
	event  string
	data   object
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	raw, _ := io.ReadAll(q.Body)
	var envelope struct {
		Event string `json:"event"`
		Data  object `json:"data"`
	}
	_ = json.Unmarshal(raw, &envelope)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen++
	r.got = append(r.got, hook{header: q.Header, raw: raw, event: envelope.Event, data: envelope.Data})
	if r.refuse != nil {
		if status := r.refuse(r.seen); status != 0 {
			w.WriteHeader(status)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// hooks are the deliveries so far.
func (r *receiver) hooks() []hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]hook{}, r.got...)
}

// events are the names of the deliveries so far.
func (r *receiver) events() []string {
	var names []string
	for _, h := range r.hooks() {
		names = append(names, h.event)
	}
	return names
}

// await waits for so many deliveries.
func (w *world) await(n int) []hook {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return len(w.receiver.hooks()) >= n }, patient, 5*time.Millisecond,
		"never received %d webhooks", n)
	return w.receiver.hooks()
}

// attempts counts the deliveries that the sandbox has finished, whatever came of them.
func (w *world) attempts() int {
	w.t.Helper()
	var sent struct{ Messages []struct{ Attempts []object } }
	w.Control("GET", "/recall/webhooks", nil, &sent)
	n := 0
	for _, m := range sent.Messages {
		n += len(m.Attempts)
	}
	return n
}
