package core_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// echo is a vendor that counts what reaches it.
type echo struct {
	env   core.Env
	acted atomic.Int64
}

func (e *echo) Name() string { return "echo" }
func (e *echo) Reset()       { e.acted.Store(0) }

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.acted.Add(1)
	_, _ = io.Copy(io.Discard, r.Body)
	w.WriteHeader(http.StatusAccepted)
	_, _ = fmt.Fprint(w, e.env.URL(r, e.Name(), r.URL.Path))
}

func (e *echo) Control() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		core.WriteJSON(w, http.StatusOK, map[string]string{"route": r.URL.Path})
	})
}

// place is a server with one vendor.
type place struct {
	t      *testing.T
	url    string
	vendor *echo
	server *core.Server
}

func newPlace(t *testing.T) *place {
	t.Helper()
	env := core.NewEnv(core.Env{})
	p := &place{t: t, vendor: &echo{env: env}}
	p.server = core.NewServer(env, p.vendor)
	listening := httptest.NewServer(p.server)
	t.Cleanup(listening.Close)
	p.url = listening.URL
	return p
}

// send sends JSON, or a string as it is, on a connection of its own: a broken one must not be repeated unseen.
func (p *place) send(method, path string, body any) (int, string, error) {
	p.t.Helper()
	raw, isText := body.(string)
	if !isText && body != nil {
		encoded, err := json.Marshal(body)
		require.NoError(p.t, err)
		raw = string(encoded)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(raw))
	require.NoError(p.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Close = true
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer got.Body.Close()
	answer, err := io.ReadAll(got.Body)
	return got.StatusCode, string(answer), err
}

func (p *place) control(method, path string, body any) string {
	p.t.Helper()
	status, answer, err := p.send(method, "/_control"+path, body)
	require.NoError(p.t, err)
	require.Less(p.t, status, 300, answer)
	return answer
}

type object = map[string]any

func TestAVendorSeesItsOwnPathsAndKnowsItsPublicAddress(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	status, answer, err := p.send("GET", "/echo/v1/things", nil)
	require.NoError(t, err)
	require.Equal(t, 202, status)
	require.Equal(t, p.url+"/echo/v1/things", answer)
	status, _, err = p.send("GET", "/nobody/v1", nil)
	require.NoError(t, err)
	require.Equal(t, 404, status)
	require.JSONEq(t, `{"route":"/own/route"}`, p.control("GET", "/echo/own/route", nil))
}

func TestTheLedgerHoldsWhatWasReceivedAndAnswered(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	_, _, err := p.send("POST", "/echo/v1/things?x=1", object{"a": 1})
	require.NoError(t, err)
	var ledger struct{ Requests []core.Entry }
	require.NoError(t, json.Unmarshal([]byte(p.control("GET", "/ledger?vendor=echo", nil)), &ledger))
	require.Len(t, ledger.Requests, 1)
	entry := ledger.Requests[0]
	require.Equal(t, "POST", entry.Method)
	require.Equal(t, "/v1/things", entry.Path)
	require.Equal(t, "x=1", entry.Query)
	require.Equal(t, "application/json", entry.Headers["Content-Type"])
	require.JSONEq(t, `{"a":1}`, entry.Body)
	require.Equal(t, 202, entry.Status)
	require.WithinDuration(t, time.Now(), entry.At, time.Minute)
}

func TestTheLedgerForgetsTheOldestBodiesFirst(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	large := strings.Repeat("a", 600<<10)
	for range 60 {
		_, _, err := p.send("POST", "/echo/", large)
		require.NoError(t, err)
	}
	requests := p.server.Ledger().Requests("echo")
	require.Len(t, requests, 60)
	kept := 0
	for _, r := range requests {
		require.EqualValues(t, len(large), r.BodyBytes)
		kept += len(r.Body)
	}
	require.Empty(t, requests[0].Body)
	require.Len(t, requests[59].Body, 512<<10)
	require.LessOrEqual(t, kept, 24<<20)
}

func TestAFaultAnswersInsteadOfTheVendorAsOftenAsAsked(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.control("POST", "/faults", object{
		"vendor": "echo", "method": "post", "path": "/v1/things", "times": 2, "status": 503,
		"body": object{"error": "later"}, "headers": object{"Retry-After": "7"},
	})
	for _, want := range []int{503, 503, 202} {
		status, _, err := p.send("POST", "/echo/v1/things/1", nil)
		require.NoError(t, err)
		require.Equal(t, want, status)
	}
	require.EqualValues(t, 1, p.vendor.acted.Load())
}

func TestAConnectionIsCutBeforeOrAfterTheVendorActs(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	for drop, acted := range map[string]int64{"before": 0, "after": 1} {
		p.control("POST", "/reset", nil)
		p.control("POST", "/faults", object{"vendor": "echo", "drop": drop})
		_, _, err := p.send("POST", "/echo/", "x")
		require.Error(t, err)
		require.Equal(t, acted, p.vendor.acted.Load(), drop)
		require.Eventually(t, func() bool { return len(p.server.Ledger().Requests("echo")) == 1 }, 5*time.Second, time.Millisecond)
		require.Zero(t, p.server.Ledger().Requests("echo")[0].Status)
	}
}

func TestAConnectionCanBeReset(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.control("POST", "/faults", object{"vendor": "echo", "times": 1, "reset": true})
	_, _, err := p.send("POST", "/echo/", "x")
	require.ErrorContains(t, err, "reset by peer")
	require.Zero(t, p.vendor.acted.Load())
}

func TestAnAnswerCanBeReplacedAfterTheVendorActed(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.control("POST", "/faults", object{"vendor": "echo", "drop": "after", "status": 502})
	status, _, err := p.send("POST", "/echo/", "x")
	require.NoError(t, err)
	require.Equal(t, 502, status)
	require.EqualValues(t, 1, p.vendor.acted.Load())
}

func TestARequestCanBeHeldBack(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.control("POST", "/faults", object{"vendor": "echo", "delayMs": 30})
	before := time.Now()
	status, _, err := p.send("GET", "/echo/", nil)
	require.NoError(t, err)
	require.Equal(t, 202, status)
	require.GreaterOrEqual(t, time.Since(before), 30*time.Millisecond)
}

func TestPathsAreMatchedByBeginningOrByPattern(t *testing.T) {
	t.Parallel()
	cases := []struct {
		rule, path string
		hit        bool
	}{
		{"", "/anything", true},
		{"/v1/bot", "/v1/bot/", true},
		{"/v1/bot/", "/v1/bot", true},
		{"/v1/bot/", "/v1/bot/1/leave", true},
		{"/v1/bot/$", "/v1/bot/1", false},
		{"/v1/bot/$", "/v1/bot/", true},
		{"/v1/*/leave", "/v1/1/leave/", true},
		{"/v1/*/leave", "/v1/1/2/leave", false},
		{"/v1/**/leave", "/v1/1/2/leave", true},
		{"/v1/*", "/v1/1/2", false},
		{"/echo/v1/bot", "/v1/bot", true},
		{"/v2", "/v1", false},
	}
	for _, c := range cases {
		p := newPlace(t)
		p.control("POST", "/faults", object{"vendor": "echo", "path": c.rule, "status": 500})
		status, _, err := p.send("GET", "/echo"+c.path, nil)
		require.NoError(t, err)
		require.Equal(t, c.hit, status == 500, "%s on %s", c.rule, c.path)
	}
}

func TestFaultsCanBeTakenAway(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	rule := object{"vendor": "echo", "status": 500, "times": -1}
	for _, take := range []func(){
		func() { p.control("DELETE", "/faults?vendor=echo", nil) },
		func() { p.control("POST", "/faults", object{"vendor": "echo", "reset": true}) },
		func() { p.control("POST", "/reset", nil) },
	} {
		p.control("POST", "/faults", rule)
		status, _, err := p.send("GET", "/echo/", nil)
		require.NoError(t, err)
		require.Equal(t, 500, status)
		take()
		status, _, err = p.send("GET", "/echo/", nil)
		require.NoError(t, err)
		require.Equal(t, 202, status)
	}
}

func TestControlMistakesNameTheField(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	cases := []struct{ route, body, field string }{
		{"/faults", `{"vendor":"other","status":500}`, "vendor"},
		{"/faults", `{"vendor":"echo","status":"500"}`, "status"},
		{"/faults", `{"vendor":"echo","stauts":500}`, "stauts"},
		{"/faults", `{"vendor":"echo","drop":"during"}`, "drop"},
		{"/faults", `{"vendor":"echo","status":500,"times":-2}`, "times"},
		{"/faults", `{"vendor":"echo"}`, "status"},
		{"/faults", `{"vendor":`, ""},
		{"/clock", `{"advance":"soon"}`, "advance"},
		{"/clock", `{"advance":-1}`, "advance"},
		{"/clock", `{}`, "advance"},
	}
	for _, c := range cases {
		status, answer, err := p.send("POST", "/_control"+c.route, c.body)
		require.NoError(t, err)
		require.Equal(t, 400, status, c.body)
		var refusal struct{ Error, Field string }
		require.NoError(t, json.NewDecoder(bytes.NewBufferString(answer)).Decode(&refusal))
		require.Equal(t, c.field, refusal.Field, c.body)
		require.NotEmpty(t, refusal.Error)
	}
}
