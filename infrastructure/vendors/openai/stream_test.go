package openai_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound/contracttest"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
)

// doubled is a client of the sandbox, each of whose requests is checked against the vendor's document.
func doubled(t *testing.T, change ...func(*openai.Options)) (*openai.Client, *sandboxtest.Running) {
	t.Helper()
	s := sandboxtest.Start(t)
	o := openai.Options{BaseURL: s.URL("openai") + "/v1", APIKey: sandboxtest.Key}
	o.Transport = contracttest.OpenAI(t, o.BaseURL)
	for _, f := range change {
		f(&o)
	}
	c, err := openai.New(o)
	require.NoError(t, err)
	return c, s
}

func question() openai.StreamRequest {
	return openai.StreamRequest{
		Model: "gpt-6-luna", Instructions: "Responde", Effort: "none", Temperature: new(0.3), MaxOutputTokens: 2000,
		Messages: []openai.Message{{Role: "user", Text: "hola"}, {Role: "assistant", Text: "¿Sí?"}, {Role: "user", Text: "[00:01] Ana: el precio es de mil pesos\n¿Qué precio?"}},
	}
}

func TestAStreamGivesEveryPieceAndThenTheWhole(t *testing.T) {
	t.Parallel()
	c, s := doubled(t)
	var heard strings.Builder
	got, err := c.Stream(t.Context(), question(), func(text string) error {
		heard.WriteString(text)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, got.Text, heard.String())
	require.Contains(t, got.Text, "mil pesos")
	require.Positive(t, got.Usage.Output)
	require.NotEmpty(t, got.ID)
	require.JSONEq(t, `{"model":"gpt-6-luna","instructions":"Responde","store":false,"stream":true,"reasoning":{"effort":"none"},"temperature":0.3,"max_output_tokens":2000,
		"input":[{"type":"message","role":"user","content":"hola"},{"type":"message","role":"assistant","content":"¿Sí?"},{"type":"message","role":"user","content":"[00:01] Ana: el precio es de mil pesos\n¿Qué precio?"}]}`,
		s.Matching("openai", "POST /v1/responses")[0].Body)
}

func TestEveryWayAStreamEndsIsToldApart(t *testing.T) {
	t.Parallel()
	c, s := doubled(t)
	s.Control("POST", "/openai/script", []map[string]any{
		{"refusal": "No puedo"},
		{"incomplete": "content_filter"},
		{"failed": map[string]string{"code": "vector_store_timeout"}},
		{"error": map[string]any{"stream": "flat", "code": "server_error"}},
		{"error": map[string]any{"stream": "nested", "code": "server_error"}},
		{"cut_after_events": 8},
		{"error": map[string]any{"status": 429, "code": "rate_limit_exceeded", "retryAfter": 7}},
	}, nil)
	ask := func() (openai.Answer, error) {
		return c.Stream(t.Context(), question(), func(string) error { return nil })
	}
	refused, err := ask()
	require.NoError(t, err)
	require.Equal(t, "No puedo", refused.Refusal)
	early, err := ask()
	require.NoError(t, err)
	require.Equal(t, "content_filter", early.Incomplete)
	for _, code := range []string{"vector_store_timeout", "server_error", "server_error", openai.StreamCut, "rate_limit_exceeded"} {
		_, err = ask()
		require.Equal(t, code, asError(t, err).Code)
		require.True(t, asError(t, err).Retryable(), code)
	}
	require.Equal(t, 7*time.Second, asError(t, err).RetryAfter)

	retired := question()
	retired.Model = "gpt-4.1-nano"
	_, err = c.Stream(t.Context(), retired, func(string) error { return nil })
	require.Equal(t, "model_not_found", asError(t, err).Code)
	require.Equal(t, http.StatusNotFound, outbound.StatusOf(err))
}

func TestLeavingAStreamEndsItAtTheProvider(t *testing.T) {
	t.Parallel()
	c, s := doubled(t)
	left := func() int {
		var streams struct{ Left int }
		s.Control("GET", "/openai/streams", nil, &streams)
		return streams.Left
	}
	slow := map[string]any{"text": strings.Repeat("palabra ", 40), "deltaMs": 30}
	s.Control("POST", "/openai/script", []map[string]any{slow, slow}, nil)

	ctx, cancel := context.WithCancel(t.Context())
	_, err := c.Stream(ctx, question(), func(string) error { cancel(); return nil })
	require.ErrorIs(t, err, context.Canceled)
	require.Eventually(t, func() bool { return left() == 1 }, time.Second, 5*time.Millisecond)

	full := errors.New("the disk is full")
	_, err = c.Stream(t.Context(), question(), func(string) error { return full })
	require.ErrorIs(t, err, full)
	require.Eventually(t, func() bool { return left() == 2 }, time.Second, 5*time.Millisecond)
}

func TestASilentStreamIsGivenUp(t *testing.T) {
	t.Parallel()
	c, s := doubled(t, func(o *openai.Options) { o.Timeout = 100 * time.Millisecond })
	s.Control("POST", "/openai/script", map[string]any{"text": "tarde", "deltaMs": 60_000}, nil)
	_, err := c.Stream(t.Context(), question(), func(string) error { return nil })
	require.Equal(t, outbound.Unknown, asError(t, err).Outcome)
}
