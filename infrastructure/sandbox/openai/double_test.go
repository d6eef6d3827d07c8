package openai_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/openai"
)

const transcript = `[00:03] Ana Ruiz: Buenos días, gracias por venir, cuéntenme qué necesitan para su equipo de ventas.
[00:12] Luis Mora: Necesitamos ordenar el seguimiento de cuentas porque perdemos oportunidades cada semana.
[00:31] Luis Mora: Pero el precio nos preocupa, el presupuesto de este año está casi cerrado.
[00:45] Ana Ruiz: Entiendo, les puedo ofrecer un descuento del diez por ciento si firman el contrato este mes.
[01:02] Eva Paz: Nos interesa, queremos ampliar el proyecto a las tres sucursales.
[01:20] Ana Ruiz: Perfecto, mañana les envío la propuesta y agendamos una llamada para el viernes.
[01:31] Luis Mora: De acuerdo, quedamos así.`

// running is a sandbox with the OpenAI double in it.
type running struct {
	*core.Server
	url string
}

func start(t *testing.T) *running {
	t.Helper()
	env := core.NewEnv(core.Env{})
	s := &running{Server: core.NewServer(env, openai.New(env))}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// client is the vendor's own, pointed at the double; it does not retry.
func (s *running) client(key string) sdk.Client {
	return sdk.NewClient(option.WithBaseURL(s.url+"/openai/v1/"), option.WithAPIKey(key), option.WithMaxRetries(0))
}

func (s *running) post(t *testing.T, path, body string) (int, map[string]any) {
	t.Helper()
	return s.do(t, http.MethodPost, path, body)
}

func (s *running) do(t *testing.T, method, path, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer sandbox-key")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	var answer map[string]any
	require.NoError(t, json.Unmarshal(raw, &answer), string(raw))
	return resp.StatusCode, answer
}

func (s *running) script(t *testing.T, body string) {
	t.Helper()
	status, _ := s.post(t, "/_control/openai/script", body)
	require.Equal(t, http.StatusOK, status)
}

func ask(input string) responses.ResponseNewParams {
	return responses.ResponseNewParams{
		Model: "gpt-6-luna",
		Input: responses.ResponseNewParamsInputUnion{OfString: sdk.String(input)},
	}
}

func errorOf(t *testing.T, err error) *sdk.Error {
	t.Helper()
	var e *sdk.Error
	require.ErrorAs(t, err, &e)
	return e
}

func TestTheOfficialClientReadsAPlainAnswer(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")

	r, err := client.Responses.New(t.Context(), ask("¿Qué se dijo del presupuesto?\n"+transcript))

	require.NoError(t, err)
	require.EqualValues(t, "completed", r.Status)
	require.Contains(t, r.OutputText(), "Ana Ruiz")
	require.Contains(t, r.OutputText(), "el presupuesto de este año")
	require.Positive(t, r.Usage.InputTokens)
	require.Equal(t, r.Usage.InputTokens+r.Usage.OutputTokens, r.Usage.TotalTokens)
}

func TestAKeyThatIsNotTheSandboxsIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)

	for _, key := range []string{"sk-live-0123456789abcdef", ""} {
		client := s.client(key)
		_, err := client.Models.List(t.Context())
		e := errorOf(t, err)
		require.Equal(t, http.StatusUnauthorized, e.StatusCode)
		require.Equal(t, "invalid_request_error", e.Type)
		if key != "" {
			require.Equal(t, "invalid_api_key", e.Code)
			require.NotContains(t, e.Message, key)
		}
	}
}

func TestAReasoningModelRefusesSamplingUnlessItDoesNotReason(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")
	warm := ask("hola")
	warm.Temperature = sdk.Float(0.3)

	_, err := client.Responses.New(t.Context(), warm)
	e := errorOf(t, err)
	require.Equal(t, http.StatusBadRequest, e.StatusCode)
	require.Equal(t, "temperature", e.Param)
	require.Equal(t, "unsupported_parameter", e.Code)

	warm.Reasoning = shared.ReasoningParam{Effort: shared.ReasoningEffortNone}
	r, err := client.Responses.New(t.Context(), warm)
	require.NoError(t, err)
	require.InDelta(t, 0.3, r.Temperature, 1e-9)

	warm.Reasoning, warm.Model = shared.ReasoningParam{}, "gpt-4o-mini"
	_, err = client.Responses.New(t.Context(), warm)
	require.NoError(t, err)
}

func TestARetiredModelIsNotFound(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	old := ask("hola")
	old.Model = "gpt-4o"
	_, err := client.Responses.New(t.Context(), old)
	require.NoError(t, err)

	s.Clock().Advance(365 * 24 * time.Hour)

	_, err = client.Responses.New(t.Context(), old)
	e := errorOf(t, err)
	require.Equal(t, http.StatusNotFound, e.StatusCode)
	require.Equal(t, "model_not_found", e.Code)
	models, err := client.Models.List(t.Context())
	require.NoError(t, err)
	for _, m := range models.Data {
		require.NotEqual(t, "gpt-4o", m.ID)
	}
}

func TestModelsTellTheirShutdownDate(t *testing.T) {
	t.Parallel()
	s := start(t)

	_, page := s.do(t, http.MethodGet, "/openai/v1/models", "")

	dates := map[any]any{}
	for _, m := range page["data"].([]any) {
		dates[m.(map[string]any)["id"]] = m.(map[string]any)["shutdown_date"]
	}
	require.Contains(t, dates, "gpt-6-luna")
	require.Nil(t, dates["gpt-6-luna"])
	require.Equal(t, "2027-01-14", dates["gpt-4o"])
}

func TestWrongRequestsAreRefusedInTheVendorsWords(t *testing.T) {
	t.Parallel()
	s := start(t)
	for body, code := range map[string]string{
		`{"input":"a"}`:          "missing_required_parameter",
		`{"model":"gpt-6-luna"}`: "missing_required_parameter",
		`{"model":"gpt-6-luna","input":"a","temprature":1}`:                                      "unknown_parameter",
		`{"model":"gpt-6-luna","input":"a","store":"yes"}`:                                       "invalid_type",
		`{"model":"gpt-6-luna","input":"a","max_output_tokens":1}`:                               "integer_below_min_value",
		`{"model":"gpt-4o","input":"a","temperature":3}`:                                         "decimal_above_max_value",
		`{"model":"gpt-4o","input":"a","reasoning":{"effort":"low"}}`:                            "unsupported_parameter",
		`{"model":"o3","input":"a","reasoning":{"effort":"none"}}`:                               "unsupported_value",
		`{"model":"gpt-6-luna","input":"a","previous_response_id":"r_1"}`:                        "previous_response_not_found",
		`{"model":"gpt-6-luna","input":"a","conversation":"c","previous_response_id":"r"}`:       "mutually_exclusive_parameters",
		`{"model":"gpt-6-luna","input":"a","text":{"format":{"type":"json_schema","name":"x"}}}`: "missing_required_parameter",
		`{"model":"gpt-4o","input":"` + strings.Repeat("palabra ", 70_000) + `"}`:                "context_length_exceeded",
		`{"model":"gpt-6-luna","input":"a","text":{"format":{"type":"json_schema","name":"x","strict":true,"schema":{"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false}}}}`: "invalid_json_schema",
		`{"model":"gpt-6-luna","input":"a","text":{"format":{"type":"json_schema","name":"x","strict":true,"schema":{"type":"object","properties":{},"required":[]}}}}`:                                                   "invalid_json_schema",
	} {
		status, answer := s.post(t, "/openai/v1/responses", body)
		fault := answer["error"].(map[string]any)
		require.Equal(t, code, fault["code"], body[:min(len(body), 120)])
		require.Equal(t, http.StatusBadRequest, status)
	}

	status, answer := s.post(t, "/openai/v1/threads", `{}`)
	require.Equal(t, http.StatusNotFound, status, answer)
}

func TestFilesAreKeptUntilTheyAreDeleted(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")
	ctx := t.Context()

	f, err := client.Files.New(ctx, sdk.FileNewParams{
		File: sdk.File(bytes.NewReader([]byte("hola")), "notas.txt", "text/plain"), Purpose: sdk.FilePurposeEvals,
	})
	require.NoError(t, err)
	require.EqualValues(t, 4, f.Bytes)
	require.Equal(t, "notas.txt", f.Filename)

	page, err := client.Files.List(ctx, sdk.FileListParams{})
	require.NoError(t, err)
	require.Len(t, page.Data, 1)
	content, err := client.Files.Content(ctx, f.ID)
	require.NoError(t, err)
	defer func() { require.NoError(t, content.Body.Close()) }()
	raw, err := io.ReadAll(content.Body)
	require.NoError(t, err)
	require.Equal(t, "hola", string(raw))

	_, err = client.Files.Delete(ctx, f.ID)
	require.NoError(t, err)
	_, err = client.Files.Get(ctx, f.ID)
	require.Equal(t, http.StatusNotFound, errorOf(t, err).StatusCode)
}

func TestResetForgetsEverything(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	s.script(t, `{"text":"no llega"}`)
	r, err := client.Responses.New(t.Context(), ask("hola"))
	require.NoError(t, err)
	require.Equal(t, "no llega", r.OutputText())
	s.script(t, `{"text":"se olvida"}`)

	s.Reset()

	_, err = client.Responses.Get(t.Context(), r.ID, responses.ResponseGetParams{})
	require.Equal(t, http.StatusNotFound, errorOf(t, err).StatusCode)
	r, err = client.Responses.New(t.Context(), ask("hola"))
	require.NoError(t, err)
	require.NotEqual(t, "se olvida", r.OutputText())
}
