package embed_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/config"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// saidFor is what the provider's answers come down to, by what the recorded cases call them. The original showed most of them
// as [object Object].
var saidFor = map[string]string{
	"400 detail object":                    "Bad thing",
	"401 detail object":                    "Invalid API key",
	"403 agreement":                        "You must accept the batch calling terms.",
	"404 detail object":                    "Batch call not found",
	"409 conflict":                         "Conflict",
	"422 detail array":                     "agent_id: Field required",
	"422 two-item detail array":            "agent_id: a; x: b",
	"429 rate limit":                       "Too many requests",
	"429 with Retry-After (dropped)":       "busy",
	"500 json null":                        "", // as recorded
	"500 text mentions Status: 404":        "inner Status: 404 thing",
	"502 html":                             "<html><body>Bad gateway</body></html>",
	"500 empty body":                       "",
	"200 non-JSON":                         "respuesta inesperada del proveedor", // nobody is told that all is well
	"200 empty":                            "respuesta inesperada del proveedor",
	"200 unexpected shape":                 "respuesta inesperada del proveedor",
	"204":                                  "respuesta inesperada del proveedor",
	"307 redirect followed":                "", // not followed: a key is for one host
	"302 redirect followed as GET":         "",
	"302 to another host keeps xi-api-key": "",
}

// tried are the original's words for what failed.
var tried = map[string]string{
	"submit": "Error al disparar batch de llamadas", "get": "Error al obtener información del batch", "cancel": "Error al cancelar batch de llamadas",
}

func TestWhatTheProviderRefusesIsToldInItsWords(t *testing.T) {
	t.Parallel()
	s := callSystem(t)
	_, changed := callCases(t)
	played := 0
	for _, c := range changed {
		rest, isUpstream := strings.CutPrefix(c.Name, "upstream ")
		route, kind, _ := strings.Cut(rest, " ")
		message, ok := saidFor[kind]
		if !isUpstream || !ok {
			continue
		}
		played++
		number, _, _ := strings.Cut(kind, " ")
		want := http.StatusInternalServerError
		if route == "cancel" && (number == "400" || number == "404") {
			want = c.Response.Status
		}
		if message == "" {
			message = tried[route]
		}
		plantFaults(s, c)
		asked := len(s.Sandbox.Ledger("elevenlabs"))
		answer := playCall(t, s, c)
		require.Equal(t, want, answer.Status, "%s: %s", c.Name, answer.Body)
		got := bodyOf(t, answer)
		require.Equal(t, tried[route]+": "+message+" (Status: "+number+")", got["error"], c.Name)
		require.Equal(t, false, got["success"])
		require.Len(t, s.Sandbox.Ledger("elevenlabs"), asked+1, "%s: asked once", c.Name)
		if route == "submit" {
			require.NotEmpty(t, got["data"], "there is a batch to follow")
		}
	}
	require.Equal(t, 56, played)
}

func TestNothingButABatchIsAskedOfTheProvider(t *testing.T) {
	t.Parallel()
	s := callSystem(t)
	_, changed := callCases(t)
	played := 0
	for _, c := range changed {
		switch c.Name {
		case `GET submit is read as batchId "submit"`, "GET workspace reaches upstream list", `POST submit/cancel is read as batchId "submit"`,
			"get path traversal in batchId reaches other upstream paths", "get batchId with space", "get batchId with unicode",
			"get batchId with hash", "404 api root":
			played++
			answer := playCall(t, s, c)
			require.Equal(t, http.StatusNotFound, answer.Status, c.Name)
			require.JSONEq(t, `{"success":false,"error":"Ruta no encontrada"}`, answer.Body)
		}
	}
	require.Equal(t, 8, played)
	require.Empty(t, s.Sandbox.Ledger("elevenlabs"))
}

func TestABatchThatNobodyKnowsIsTheProvidersNotFound(t *testing.T) {
	t.Parallel()
	s := callSystem(t)
	answer := s.Do(t, http.MethodGet, "/api/batch-calling/btcal_unknown", "")
	require.Equal(t, 500, answer.Status)
	require.JSONEq(t, `{"success":false,"error":"Error al obtener información del batch: Batch call not found (Status: 404)"}`, answer.Body)
	answer = s.Do(t, http.MethodPost, "/api/batch-calling/btcal_unknown/cancel", "")
	require.Equal(t, 404, answer.Status)
}

func TestWithoutAGoodKeyTheProviderSaysSo(t *testing.T) {
	t.Parallel()
	for key, said := range map[string]string{"": "Neither authorization header", "wrong": "Invalid API key"} {
		s := embedtest.New(t, embedtest.WithoutWorker(), embedtest.Configured(func(c *embed.Config) {
			c.Calls.AllowAnonymous, c.Calls.APIKey = true, config.Secret(key)
		}))
		answer := s.Do(t, http.MethodPost, "/api/batch-calling/submit", aBatch)
		require.Equal(t, 500, answer.Status)
		require.Contains(t, answer.Body, tried["submit"]+": "+said)
		require.Contains(t, answer.Body, "(Status: 401)")
	}
}

func TestTheSameSubmissionTwiceCallsOnce(t *testing.T) {
	t.Parallel()
	s := callSystem(t)
	body := strings.Replace(aBatch, `,"force":true`, "", 1)
	submit := func(body string, header ...string) map[string]any {
		answer := s.Do(t, http.MethodPost, "/api/batch-calling/submit", body, header...)
		require.Equal(t, 200, answer.Status, answer.Body)
		got := bodyOf(t, answer)
		return map[string]any{"id": dataOf(t, answer)["id"], "warned": got["warning"] != nil}
	}
	first := submit(body)
	require.Equal(t, map[string]any{"id": first["id"], "warned": true}, submit(" "+body))
	require.NotEqual(t, first["id"], submit(aBatch)["id"], "it is forced")
	require.Equal(t, 2, s.Sandbox.Calls("elevenlabs", "POST /v1/convai/batch-calling/submit"))

	keyed := submit(body, "Idempotency-Key", "k")
	require.NotEqual(t, first["id"], keyed["id"])
	require.Equal(t, map[string]any{"id": keyed["id"], "warned": true}, submit(body, "Idempotency-Key", "k"))
	answer := s.Do(t, http.MethodPost, "/api/batch-calling/submit", strings.Replace(body, "Matriz", "Otra", 1), "Idempotency-Key", "k")
	require.Equal(t, 409, answer.Status)
	require.Len(t, bodyOf(t, answer), 2)
	require.Equal(t, 3, s.Sandbox.Calls("elevenlabs", "POST /v1/convai/batch-calling/submit"))
}

func TestASubmissionWithoutACredentialIsRefusedUnlessAnybodyMay(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	answer := s.Do(t, http.MethodPost, "/api/batch-calling/submit", aBatch, "xi-api-key", sandboxtest.Key)
	require.Equal(t, 401, answer.Status)
	require.Equal(t, false, bodyOf(t, answer)["success"])
	require.Empty(t, s.Sandbox.Ledger("elevenlabs"))
}
