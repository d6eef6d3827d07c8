package n8n_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/n8n"
)

const event = `{"event":"create_meet","meetingId":"0193d2a4","title":"Demo","attendees":[]}`

func start(t *testing.T) string {
	t.Helper()
	env := core.NewEnv(core.Env{})
	server := httptest.NewServer(core.NewServer(env, n8n.New(env)))
	t.Cleanup(server.Close)
	return server.URL
}

// call sends a request with headers given as name, value pairs, and returns the status and the body.
func call(t *testing.T, method, url, body string, headers ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(raw)
}

func TestAWorkflowAnswersWithTheSameMeetLinkForTheSameMeeting(t *testing.T) {
	t.Parallel()
	url := start(t) + "/n8n/webhook/create-meet"

	status, first := call(t, "POST", url, event, "X-Webhook-Secret", "sandbox-secret")
	_, second := call(t, "POST", url, event, "X-Webhook-Secret", "sandbox-secret")
	_, other := call(t, "POST", url, `{"meetingId":"0193d2a5"}`, "X-Webhook-Secret", "sandbox-secret")

	require.Equal(t, http.StatusOK, status)
	var answer struct{ MeetingURL string }
	require.NoError(t, json.Unmarshal([]byte(first), &answer))
	require.Regexp(t, `^https://meet\.google\.com/[a-z]{3}-[a-z]{4}-[a-z]{3}$`, answer.MeetingURL)
	require.Equal(t, first, second)
	require.NotEqual(t, first, other)
}

func TestAWrongHeaderSecretIsRefused(t *testing.T) {
	t.Parallel()
	url := start(t) + "/n8n/webhook/create-meet"
	for _, secret := range []string{"", "other"} {
		status, body := call(t, "POST", url, event, "X-Webhook-Secret", secret)
		require.Equal(t, http.StatusForbidden, status)
		require.Contains(t, body, "Authorization data is wrong!")
	}
}

func TestAnInactiveWorkflowIsNotRegistered(t *testing.T) {
	t.Parallel()
	base := start(t)
	status, _ := call(t, "POST", base+"/_control/n8n/workflow", `{"path":"create-meet","active":false}`)
	require.Equal(t, http.StatusOK, status)

	status, body := call(t, "POST", base+"/n8n/webhook/create-meet", event, "X-Webhook-Secret", "sandbox")
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, `The requested webhook \"POST create-meet\" is not registered.`)
	status, body = call(t, "GET", base+"/n8n/webhook/other", "")
	require.Equal(t, http.StatusNotFound, status)
	require.Contains(t, body, "not registered for GET requests")
	status, _ = call(t, "POST", base+"/n8n/webhook-test/create-meet", event)
	require.Equal(t, http.StatusNotFound, status)
	status, _ = call(t, "POST", base+"/_control/reset", "")
	require.Equal(t, http.StatusOK, status)
	status, _ = call(t, "POST", base+"/n8n/webhook/create-meet", event, "X-Webhook-Secret", "sandbox")
	require.Equal(t, http.StatusOK, status)
}

func TestASignedRequestIsVerified(t *testing.T) {
	t.Parallel()
	base := start(t)
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte("a key of more than 24 bytes"))
	_, _ = call(t, "POST", base+"/_control/n8n/workflow", `{"path":"create-meet","signingSecret":"`+secret+`"}`)
	signer, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	send := func(at time.Time, body string) int {
		signature, err := signer.Sign("msg_1", at, []byte(event))
		require.NoError(t, err)
		status, _ := call(t, "POST", base+"/n8n/webhook/create-meet", body, "X-Webhook-Secret", "sandbox", "Webhook-Id", "msg_1",
			"Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10), "Webhook-Signature", "v1,bm8= "+signature)
		return status
	}

	require.Equal(t, http.StatusOK, send(time.Now(), event))
	require.Equal(t, http.StatusUnauthorized, send(time.Now(), `{"meetingId":"forged"}`))
	require.Equal(t, http.StatusUnauthorized, send(time.Now().Add(-10*time.Minute), event))
}

func TestAnAnswerCanBeScripted(t *testing.T) {
	t.Parallel()
	base := start(t)
	status, _ := call(t, "POST", base+"/_control/n8n/workflow", `{"path":"/webhook/x/","answer":{"hangoutLink":"https://example.com"}}`)
	require.Equal(t, http.StatusOK, status)
	_, body := call(t, "POST", base+"/n8n/webhook/x", event, "X-Webhook-Secret", "sandbox")
	require.JSONEq(t, `{"hangoutLink":"https://example.com"}`, body)
	status, body = call(t, "POST", base+"/_control/n8n/workflow", `{"active":false}`)
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, body, `"field":"path"`)
}
