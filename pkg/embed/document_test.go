package embed_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// documented returns the served document's operations, as JSON by ID.
func documented(t *testing.T, s *embedtest.System) map[string]string {
	t.Helper()
	answer := s.Do(t, http.MethodGet, "/openapi.json", "")
	require.Equal(t, http.StatusOK, answer.Status)
	doc, err := openapi3.NewLoader().LoadFromData([]byte(answer.Body))
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
	found := map[string]string{}
	for _, op := range s.App.API().Operations() {
		item := doc.Paths.Find(op.Path)
		require.NotNil(t, item, op.Path)
		described := item.GetOperation(op.Method)
		require.NotNil(t, described, op.ID)
		require.Equal(t, op.ID, described.OperationID)
		require.NotEmpty(t, described.Summary, op.ID)
		raw, err := json.Marshal(described)
		require.NoError(t, err)
		found[op.ID] = string(raw)
	}
	return found
}

func TestTheDocumentIsValidAndHasEveryOperationWithItsErrors(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	operations := documented(t, s)
	for _, op := range s.App.API().Operations() {
		for _, code := range op.Errors {
			require.Contains(t, operations[op.ID], string(code), op.ID)
		}
	}
}

func TestThePostmanCollectionHasEveryOperation(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	collection := s.Do(t, http.MethodGet, "/postman/collection.json", "")
	require.Equal(t, http.StatusOK, collection.Status)
	var decoded map[string]any
	require.NoError(t, json.Unmarshal([]byte(collection.Body), &decoded))
	requests := map[string]bool{}
	collectRequests(decoded, requests)
	for _, op := range s.App.API().Operations() {
		path := strings.NewReplacer("{", ":", "}", "").Replace(op.Path)
		require.True(t, requests[op.Method+" "+path], "%s %s: %v", op.Method, path, requests)
	}
	environment := s.Do(t, http.MethodGet, "/postman/environment.json", "")
	require.Equal(t, http.StatusOK, environment.Status)
	for _, variable := range []string{"baseUrl", "serviceApiKey", "authToken", "cronSecret"} {
		require.Contains(t, environment.Body, strconv.Quote(variable))
	}
	require.NotContains(t, environment.Body+collection.Body, embedtest.ServiceKey)
}

// collectRequests finds the "METHOD /path" of every request in a collection.
func collectRequests(node any, found map[string]bool) {
	switch n := node.(type) {
	case map[string]any:
		if request, ok := n["request"].(map[string]any); ok {
			address, _ := request["url"].(map[string]any)
			var segments []string
			for _, segment := range asList(address["path"]) {
				segments = append(segments, segment.(string))
			}
			found[request["method"].(string)+" /"+strings.Join(segments, "/")] = true
		}
		for _, child := range n {
			collectRequests(child, found)
		}
	case []any:
		for _, child := range n {
			collectRequests(child, found)
		}
	}
}

func asList(v any) []any { list, _ := v.([]any); return list }
