package batchcallshttp_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// recorded is a request to the original service with what it answered and what it sent on.
type recorded struct {
	Name    string
	Request struct {
		Method, Path string
		Headers      map[string]string
		Body         json.RawMessage
	}
	Response struct {
		Status int
		Body   any
	}
	Upstream []struct{ Body map[string]any }
	Script   any `json:"upstream_script"`
}

func recordedCases(t *testing.T) (kept, changed []recorded) {
	t.Helper()
	var file struct{ Kept, Changed []recorded }
	raw, err := os.ReadFile("testdata/call-manager-cases.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &file))
	return file.Kept, file.Changed
}

// play sends a recorded request. A body of the form {"raw": "…"} was sent as that text.
func (e *edge) play(t *testing.T, r recorded) got {
	t.Helper()
	body := string(r.Request.Body)
	if body == "null" {
		body = "" // none was sent
	}
	var raw struct{ Raw *string }
	if _ = json.Unmarshal(r.Request.Body, &raw); raw.Raw != nil {
		body = *raw.Raw
	}
	var headers []string
	for name, value := range r.Request.Headers {
		headers = append(headers, name, value)
	}
	return e.call(t, r.Request.Method, r.Request.Path, body, headers...)
}

// sentOn is what the engine was asked to submit, as one body.
func (e *edge) sentOn(t *testing.T) map[string]any {
	t.Helper()
	require.Len(t, e.submitted, 1)
	in := e.submitted[0]
	body := map[string]any{}
	if in.Options != nil {
		require.NoError(t, json.Unmarshal(in.Options, &body))
	}
	body["call_name"], body["agent_id"], body["agent_phone_number_id"] = in.Name, in.Agent, in.PhoneNumber
	if !in.ScheduledAt.IsZero() {
		body["scheduled_time_unix"] = float64(in.ScheduledAt.Unix())
	}
	var people []any
	for _, r := range in.Recipients {
		var person any
		require.NoError(t, json.Unmarshal(r.Body, &person))
		people = append(people, person)
	}
	body["recipients"] = people
	return body
}

func TestWhatTheOriginalRefusedIsRefusedInItsWords(t *testing.T) {
	t.Parallel()
	kept, _ := recordedCases(t)
	e := newEdge(t, true)
	refused := 0
	for _, r := range kept {
		if r.Response.Status == 200 || r.Script != nil {
			continue
		}
		refused++
		got := e.play(t, r)
		require.Equal(t, r.Response.Status, got.status, r.Name)
		require.Equal(t, r.Response.Body, any(got.body), r.Name)
		require.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))
	}
	require.Greater(t, refused, 20)
	submitted, asked := e.questions()
	require.Zero(t, submitted+asked)
}

func TestWhatTheOriginalSentOnIsSentOn(t *testing.T) {
	t.Parallel()
	kept, _ := recordedCases(t)
	sent := 0
	for _, r := range kept {
		if r.Response.Status != 200 || !strings.Contains(r.Request.Path, "/submit") || r.Script != nil {
			continue
		}
		sent++
		e := newEdge(t, true)
		require.Equal(t, 200, e.play(t, r).status, r.Name)
		require.Equal(t, r.Upstream[0].Body, e.sentOn(t), r.Name)
	}
	require.Greater(t, sent, 4)
}
