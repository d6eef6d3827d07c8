package httpserver_test

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

func TestEveryOperationShowsItsCurlItsAnswerAndTheCauseOfItsErrors(t *testing.T) {
	t.Parallel()
	got := newEdge(t).call(t, "GET", "/openapi.json", "")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(got.text))
	require.NoError(t, err)
	op := doc.Paths.Find("/api/things/{id}").Post
	samples, ok := op.Extensions["x-codeSamples"].([]any)
	require.True(t, ok)
	curl := samples[0].(map[string]any)["source"].(string)
	require.Contains(t, curl, `curl -X POST "http://localhost:3099/api/things/`)
	require.NotContains(t, curl, "{id}")
	require.Contains(t, curl, `-H "X-API-Key: $SERVICE_API_KEY"`)
	require.NotNil(t, op.Responses.Status(201).Value.Content["application/json"].Example)
	for _, example := range op.Responses.Status(400).Value.Content["application/json"].Examples {
		require.NotEmpty(t, example.Value.Summary)
		require.NotEmpty(t, example.Value.Description)
	}
}
