package openai_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
)

func TestTheSandboxAnswersInTheFormOfTheSchema(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	c, err := openai.New(openai.Options{BaseURL: s.URL("openai") + "/v1", APIKey: sandboxtest.Key})
	require.NoError(t, err)

	got, err := c.Structured(t.Context(), request())
	require.NoError(t, err)
	require.True(t, got.IsComplete())
	require.Positive(t, got.Usage.Output)
	var body struct{ Summary string }
	require.NoError(t, json.Unmarshal([]byte(got.Text), &body))
	require.NotEmpty(t, body.Summary)

	s.Control("POST", "/openai/script", []map[string]any{
		{"refusal": "no"},
		{"incomplete": "max_output_tokens"},
		{"failed": map[string]string{"code": "server_error"}},
		{"error": map[string]any{"status": 429, "code": "rate_limit_exceeded", "retryAfter": 3}},
	}, nil)
	got, err = c.Structured(t.Context(), request())
	require.NoError(t, err)
	require.Equal(t, "no", got.Refusal)
	got, err = c.Structured(t.Context(), request())
	require.NoError(t, err)
	require.Equal(t, "max_output_tokens", got.Incomplete)
	_, err = c.Structured(t.Context(), request())
	require.Equal(t, "server_error", asError(t, err).Code)
	_, err = c.Structured(t.Context(), request())
	require.Equal(t, 3*time.Second, asError(t, err).RetryAfter)

	models, err := c.Models(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, models)
}

func TestAWrongKeyIsRefusedByTheSandbox(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	c, err := openai.New(openai.Options{BaseURL: s.URL("openai") + "/v1", APIKey: "wrong"})
	require.NoError(t, err)
	_, err = c.Models(t.Context())
	require.Equal(t, http.StatusUnauthorized, outbound.StatusOf(err))
}
