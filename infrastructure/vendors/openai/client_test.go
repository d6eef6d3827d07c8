package openai_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound/contracttest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
)

const schema = `{"type":"object","properties":{"summary":{"type":"string"}},"required":["summary"],"additionalProperties":false}`

func client(t *testing.T, h http.HandlerFunc, change ...func(*openai.Options)) (*openai.Client, string) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	o := openai.Options{BaseURL: srv.URL + "/openai/v1", APIKey: "sandbox-key"}
	for _, f := range change {
		f(&o)
	}
	c, err := openai.New(o)
	require.NoError(t, err)
	return c, o.BaseURL
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func request() openai.StructuredRequest {
	return openai.StructuredRequest{Model: "gpt-6-luna", Input: "[00:01] Ana: hola", SchemaName: "analysis", Schema: json.RawMessage(schema)}
}

func asError(t *testing.T, err error) *outbound.Error {
	t.Helper()
	e, ok := errors.AsType[*outbound.Error](err)
	require.True(t, ok, "want *outbound.Error, got %T %v", err, err)
	return e
}

const completed = `{"id":"resp_1","object":"response","status":"completed","model":"gpt-6-luna-2026-09-01","error":null,"incomplete_details":null,
	"output":[{"type":"reasoning","id":"rs_1","summary":[]},
		{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"{\"summary\":\"bien\"}","annotations":[]}]}],
	"usage":{"input_tokens":120,"input_tokens_details":{"cached_tokens":100},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":127}}`

func TestAStructuredRequestIsWhatTheDocumentAsksFor(t *testing.T) {
	t.Parallel()
	var body []byte
	var header http.Header
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		header = r.Header.Clone()
		answer(200, completed)(w, r)
	}))
	t.Cleanup(srv.Close)
	check := contracttest.OpenAI(t, srv.URL+"/openai/v1")
	c, err := openai.New(openai.Options{BaseURL: srv.URL + "/openai/v1", APIKey: "sandbox-key", Transport: check})
	require.NoError(t, err)

	in := request()
	in.Instructions, in.MaxOutputTokens, in.Metadata = "Evalúa", 4000, map[string]string{"meeting_id": "m1"}
	in.Effort, in.Temperature, in.TopP = "none", new(0.2), new(0.9)
	_, err = c.Structured(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, 1, check.Checked())
	require.Equal(t, "Bearer sandbox-key", header.Get("Authorization"))
	require.JSONEq(t, `{"model":"gpt-6-luna","instructions":"Evalúa","input":"[00:01] Ana: hola","store":false,"reasoning":{"effort":"none"},"temperature":0.2,"top_p":0.9,
		"max_output_tokens":4000,"metadata":{"meeting_id":"m1"},
		"text":{"format":{"type":"json_schema","name":"analysis","strict":true,"schema":`+schema+`}}}`, string(body))

	_, err = c.Structured(t.Context(), request())
	require.NoError(t, err)
	require.JSONEq(t, `{"model":"gpt-6-luna","input":"[00:01] Ana: hola","store":false,
		"text":{"format":{"type":"json_schema","name":"analysis","strict":true,"schema":`+schema+`}}}`, string(body))
}

func TestAnAnswerCarriesItsTextAndItsTokens(t *testing.T) {
	t.Parallel()
	c, _ := client(t, answer(200, completed))
	got, err := c.Structured(t.Context(), request())
	require.NoError(t, err)
	require.Equal(t, openai.Answer{
		ID: "resp_1", Model: "gpt-6-luna-2026-09-01", Text: `{"summary":"bien"}`, Usage: openai.Usage{Input: 120, Cached: 100, Output: 7},
	}, got)
	require.True(t, got.IsComplete())
}

func TestARefusalAndAnEarlyStopAreAnswersThatAreNotComplete(t *testing.T) {
	t.Parallel()
	c, _ := client(t, answer(200, `{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"I cannot"}]}]}`))
	got, err := c.Structured(t.Context(), request())
	require.NoError(t, err)
	require.Equal(t, "I cannot", got.Refusal)
	require.False(t, got.IsComplete())

	c, _ = client(t, answer(200, `{"id":"r","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},
		"output":[{"type":"message","content":[{"type":"output_text","text":"{\"summ"}]}],"usage":{"input_tokens":5,"output_tokens":9}}`))
	got, err = c.Structured(t.Context(), request())
	require.NoError(t, err)
	require.Equal(t, "max_output_tokens", got.Incomplete)
	require.Equal(t, int64(9), got.Usage.Output)
	require.False(t, got.IsComplete())
}

func TestARunThatTheProviderFailedIsAnError(t *testing.T) {
	t.Parallel()
	c, _ := client(t, answer(200, `{"id":"r","status":"failed","error":{"code":"server_error","message":"canary"},"output":[]}`))
	_, err := c.Structured(t.Context(), request())
	e := asError(t, err)
	require.Equal(t, "server_error", e.Code)
	require.True(t, e.Retryable())
	require.NotContains(t, err.Error(), "canary")
}

func TestARefusedRequestIsSentOnceAndTellsWhenToComeBack(t *testing.T) {
	t.Parallel()
	calls := 0
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		w.Header().Set("Retry-After", "11")
		answer(429, `{"error":{"message":"canary","type":"requests","param":null,"code":"rate_limit_exceeded"}}`)(w, r)
	})
	_, err := c.Structured(t.Context(), request())
	e := asError(t, err)
	require.Equal(t, 1, calls)
	require.Equal(t, 429, e.Status)
	require.Equal(t, "rate_limit_exceeded", e.Code)
	require.Equal(t, 11*time.Second, e.RetryAfter)
	require.Equal(t, outbound.Refused, e.Outcome)
	require.NotContains(t, err.Error(), "canary")

	c, _ = client(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After-Ms", "1500")
		answer(503, ``)(w, r)
	})
	_, err = c.Structured(t.Context(), request())
	require.Equal(t, 1500*time.Millisecond, asError(t, err).RetryAfter)
	require.Equal(t, outbound.Unknown, outbound.OutcomeOf(err))
}

func TestNoAnswerIsAnErrorWithoutTheURLOrTheText(t *testing.T) {
	t.Parallel()
	slow, _ := client(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}, func(o *openai.Options) { o.Timeout = 50 * time.Millisecond })
	_, err := slow.Structured(t.Context(), request())
	require.Equal(t, outbound.Unknown, asError(t, err).Outcome)

	gone, _ := client(t, answer(200, ""), func(o *openai.Options) { o.BaseURL = "http://127.0.0.1:1/v1" })
	_, err = gone.Structured(t.Context(), request())
	require.Equal(t, outbound.NotSent, asError(t, err).Outcome)

	garbled, _ := client(t, answer(200, `{"id": canary`))
	_, err = garbled.Structured(t.Context(), request())
	require.NotContains(t, asError(t, err).Error(), "canary")
}

func TestModelsTellWhenTheyEnd(t *testing.T) {
	t.Parallel()
	c, _ := client(t, answer(200, `{"object":"list","data":[{"id":"gpt-4o","object":"model","created":1,"owned_by":"openai","shutdown_date":"2027-01-14"},
		{"id":"gpt-6-luna","object":"model","created":2,"owned_by":"openai","shutdown_date":null}]}`))
	got, err := c.Models(t.Context())
	require.NoError(t, err)
	require.Equal(t, []openai.Model{{ID: "gpt-4o", ShutdownAt: time.Date(2027, 1, 14, 0, 0, 0, 0, time.UTC)}, {ID: "gpt-6-luna"}}, got)
}
