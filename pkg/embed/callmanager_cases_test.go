package embed_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// A callCase is a request that was recorded at the original call manager, with its answer, what it sent to its provider,
// and what the provider was told to answer.
type callCase struct {
	Name    string
	Request struct {
		Method, Path string
		Headers      map[string]string
		Body         json.RawMessage
	}
	Response struct {
		Status int
		Body   json.RawMessage
	}
	Upstream []struct{ Body map[string]any }
	Script   []struct {
		Match, Raw string
		Status     int
		Body       json.RawMessage
		Headers    map[string]string
		Delay      int `json:"delay_ms"`
		Close      bool
	} `json:"upstream_script"`
}

func callCases(t *testing.T) (kept, changed []callCase) {
	t.Helper()
	var file struct{ Kept, Changed []callCase }
	raw, err := os.ReadFile(filepath.Join("..", "..", "adapter", "batchcalls", "batchcallshttp", "testdata", "call-manager-cases.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &file))
	return file.Kept, file.Changed
}

// callSystem is a system that anybody may have call people, as the original was, with the agents of the records.
func callSystem(t *testing.T) *embedtest.System {
	t.Helper()
	s := embedtest.New(t, embedtest.WithoutWorker(), embedtest.Configured(func(c *embed.Config) { c.Calls.AllowAnonymous = true }))
	for _, agent := range []string{"agent_1", "b"} {
		s.Sandbox.Control("PUT", "/elevenlabs/agent", map[string]any{"agent_id": agent, "name": "Fake Agent"}, nil)
	}
	return s
}

// playCall sends a recorded request, with a key of its own: nobody has sent it before.
func playCall(t *testing.T, s *embedtest.System, c callCase) embedtest.Answer {
	t.Helper()
	body := string(c.Request.Body)
	if body == "null" {
		body = ""
	}
	var raw struct{ Raw *string }
	if _ = json.Unmarshal(c.Request.Body, &raw); raw.Raw != nil {
		body = *raw.Raw
	}
	header := []string{"Idempotency-Key", c.Name}
	for name, value := range c.Request.Headers {
		header = append(header, name, value)
	}
	return s.Do(t, c.Request.Method, atTheProvider(t, s, c), body, header...)
}

var batchIDs = regexp.MustCompile(`btcal_[0-9][0-9a-z]{20,}`)

// atTheProvider returns the request's path. A batch in it that nobody submitted here is made at the provider.
func atTheProvider(t *testing.T, s *embedtest.System, c callCase) string {
	t.Helper()
	if !batchIDs.MatchString(c.Request.Path) {
		return c.Request.Path
	}
	answer := s.Do(t, http.MethodPost, s.Sandbox.URL("elevenlabs")+"/v1/convai/batch-calling/submit", `{"call_name":"Campaña Test",
		"agent_id":"agent_1","agent_phone_number_id":"phnum_1","scheduled_time_unix":1893456000,
		"recipients":[{"phone_number":"+15550100001"},{"phone_number":"+15550100002","id":"rec-2"}]}`, "xi-api-key", sandboxtest.Key)
	require.Equal(t, http.StatusOK, answer.Status, answer.Body)
	var made struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(answer.Body), &made))
	return batchIDs.ReplaceAllString(c.Request.Path, made.ID)
}

// plantFaults makes the provider's double answer as it was told when the case was recorded.
func plantFaults(s *embedtest.System, c callCase) {
	paths := map[string]string{"submit": "/v1/convai/batch-calling/submit", "get": "/v1/convai/batch-calling/*", "cancel": "/v1/convai/batch-calling/*/cancel", "*": "/"}
	for _, f := range c.Script {
		fault := sandboxtest.Fault{Vendor: "elevenlabs", Path: paths[f.Match], Status: f.Status, Body: f.Body, Headers: f.Headers}
		if f.Body == nil && !f.Close {
			fault.Body, _ = json.Marshal(f.Raw)
		}
		if f.Close {
			fault.Drop = "before"
		}
		s.Sandbox.Fault(fault)
	}
}

// bodyOf is an answer, which is an object.
func bodyOf(t *testing.T, answer embedtest.Answer) map[string]any {
	t.Helper()
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(answer.Body), &body), answer.Body)
	return body
}

// dataOf is an answer's "data".
func dataOf(t *testing.T, answer embedtest.Answer) map[string]any {
	t.Helper()
	data, _ := bodyOf(t, answer)["data"].(map[string]any)
	return data
}

// apart blanks IDs and times, which differ from run to run, and what counts calls where they are under way.
func apart(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			made := key == "id" && (strings.HasPrefix(fmt.Sprint(value), "btcal_") || strings.HasPrefix(fmt.Sprint(value), "rcpt_"))
			if made || strings.HasSuffix(key, "_unix") || key == "timestamp" {
				v[key] = "…"
				continue
			}
			v[key] = apart(value)
		}
	case []any:
		for i := range v {
			v[i] = apart(v[i])
		}
	}
	return v
}

func readApart(t *testing.T, raw string) any {
	t.Helper()
	if raw == "" || raw == `""` {
		return nil
	}
	var v any
	require.NoError(t, json.Unmarshal([]byte(raw), &v), raw)
	return apart(v)
}

func TestWhatIsKeptOfTheCallManagerIsAnsweredAsItWas(t *testing.T) {
	t.Parallel()
	s := callSystem(t)
	kept, _ := callCases(t)
	require.Len(t, kept, 47)
	for _, c := range kept {
		plantFaults(s, c)
		answer := playCall(t, s, c)
		require.Equal(t, c.Response.Status, answer.Status, "%s: %s", c.Name, answer.Body)
		want, got := readApart(t, string(c.Response.Body)), readApart(t, answer.Body)
		allowExtras(want, got)
		if strings.Contains(string(c.Request.Body), "target_concurrency_limit") { // the recorder's provider did not listen
			want.(map[string]any)["data"], got.(map[string]any)["data"] = nil, nil
		}
		require.Equal(t, want, got, c.Name)
		require.Equal(t, "*", answer.Header.Get("Access-Control-Allow-Origin"))
	}
}

// allowExtras drops what the original's answer did not have: our objects may have more keys than its.
func allowExtras(want, got any) {
	w, ok := want.(map[string]any)
	g, both := got.(map[string]any)
	if !ok || !both {
		return
	}
	for key := range g {
		if _, known := w[key]; !known {
			delete(g, key)
			continue
		}
		allowExtras(w[key], g[key])
	}
	if w["status"] == "cancelled" { // it was recorded in the middle of a call
		delete(w, "total_calls_dispatched")
		delete(g, "total_calls_dispatched")
		delete(w, "total_calls_finished")
		delete(g, "total_calls_finished")
	}
}
