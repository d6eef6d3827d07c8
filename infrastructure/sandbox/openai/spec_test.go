package openai_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

const specFile = "../../../../shared/contracts/specs/openai.yaml"

func TestAnswersAndEventsFitTheVendorsOwnDocument(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(specFile)
	if err != nil {
		t.Skip("the vendor's OpenAPI document is not beside the repository: ", specFile)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	require.NoError(t, err)
	fits := func(schema string, value any) {
		t.Helper()
		err := doc.Components.Schemas[schema].Value.VisitJSON(withoutNullUsage(value), openapi3.SetSchemaErrorMessageCustomizer(
			func(e *openapi3.SchemaError) string { return strings.Join(e.JSONPointer(), "/") + ": " + e.Reason }))
		require.NoError(t, err, schema)
	}
	s := start(t)

	body := `{"model":"gpt-6-luna","store":false,"metadata":{"a":"b"},"input":"hola"}`
	s.script(t, `[{},{"incomplete":"max_output_tokens"},{"failed":{"code":"server_error"}},{"refusal":"no"}]`)
	for range 4 {
		status, answer := s.post(t, "/openai/v1/responses", body)
		require.Equal(t, http.StatusOK, status)
		fits("Response", answer)
	}
	_, models := s.do(t, http.MethodGet, "/openai/v1/models", "")
	fits("ListModelsResponse", models)
	_, refusal := s.post(t, "/openai/v1/responses", `{}`)
	fits("ErrorResponse", refusal)
	_, talk := s.post(t, "/openai/v1/conversations", `{}`)
	fits("ConversationResource", talk)
	fitsStores(t, s, fits)

	s.script(t, `[{},{"refusal":"no"},{"failed":{}},{"error":{"stream":"flat"}}]`)
	for range 4 {
		for _, event := range s.events(t, `{"model":"gpt-6-luna","stream":true,"input":"hola"}`) {
			fits("ResponseStreamEvent", event)
		}
	}
}

// fitsStores asks the double for everything about stores and what file_search makes of them.
func fitsStores(t *testing.T, s *running, fits func(schema string, value any)) {
	t.Helper()
	file := s.upload(t, "precios.md", "El plan Oro cuesta 900 pesos.")
	_, store := s.post(t, "/openai/v1/vector_stores", `{"name":"agente","file_ids":["`+file+`"]}`)
	fits("VectorStoreObject", store)
	at := "/openai/v1/vector_stores/" + store["id"].(string)
	_, attached := s.post(t, at+"/files", `{"file_id":"`+file+`","attributes":{"a":"b"}}`)
	fits("VectorStoreFileObject", attached)
	_, batch := s.post(t, at+"/file_batches", `{"file_ids":["`+file+`"]}`)
	fits("VectorStoreFileBatchObject", batch)
	require.Eventually(t, func() bool {
		_, f := s.do(t, http.MethodGet, at+"/files/"+file, "")
		fits("VectorStoreFileObject", f)
		return f["status"] == "completed"
	}, 5*time.Second, 5*time.Millisecond)
	for path, schema := range map[string]string{
		"": "VectorStoreObject", "/files": "ListVectorStoreFilesResponse", "/files/" + file + "/content": "VectorStoreFileContentResponse",
	} {
		_, got := s.do(t, http.MethodGet, at+path, "")
		fits(schema, got)
	}
	_, page := s.post(t, at+"/search", `{"query":"plan Oro"}`)
	fits("VectorStoreSearchResultsPage", page)
	for _, event := range s.events(t, `{"model":"gpt-6-luna","stream":true,"input":"¿Qué cuesta el plan Oro?","include":["file_search_call.results"],
		"tools":[{"type":"file_search","vector_store_ids":["`+store["id"].(string)+`"]}]}`) {
		fits("ResponseStreamEvent", event)
	}
	_, gone := s.do(t, http.MethodDelete, at+"/files/"+file, "")
	fits("DeleteVectorStoreFileResponse", gone)
	_, gone = s.do(t, http.MethodDelete, at, "")
	fits("DeleteVectorStoreResponse", gone)
}

// withoutNullUsage drops usage:null, which the vendor's examples show and its schema does not allow.
func withoutNullUsage(value any) any {
	fields, _ := value.(map[string]any)
	for _, holder := range []any{fields, fields["response"]} {
		if body, ok := holder.(map[string]any); ok && body["usage"] == nil {
			delete(body, "usage")
		}
	}
	return value
}

// events posts a streamed request and returns its events as they are on the wire.
func (s *running) events(t *testing.T, body string) []any {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/openai/v1/responses", strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer sandbox-key")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	require.Contains(t, resp.Header.Get("Content-Type"), "text/event-stream")
	var events []any
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if line, found := strings.CutPrefix(lines.Text(), "data: "); found {
			var event any
			require.NoError(t, json.Unmarshal([]byte(line), &event))
			events = append(events, event)
		}
	}
	require.NotEmpty(t, events)
	return events
}
