package embed_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

const submitPath = "/api/batch-calling/submit"

// callBody is a submission to people, each with a variable.
func callBody(t *testing.T, name string, phones, words []string) string {
	t.Helper()
	people := make([]map[string]any, len(phones))
	for i, phone := range phones {
		people[i] = map[string]any{"phone_number": phone, "conversation_initiation_client_data": map[string]any{
			"dynamic_variables": map[string]any{"nombre": words[i%len(words)]},
		}}
	}
	raw, err := json.Marshal(map[string]any{
		"call_name": name, "agent_id": "agent_1", "agent_phone_number_id": "phnum_1", "recipients": people,
	})
	require.NoError(t, err)
	return string(raw)
}

// batch is the original's view of a batch.
type batch struct {
	ID         string
	Status     string
	Scheduled  int `json:"total_calls_scheduled"`
	Finished   int `json:"total_calls_finished"`
	Recipients []struct {
		Status, Detail string
		Conversation   string `json:"conversation_id"`
	}
}

func batchIn(t *testing.T, answer embedtest.Answer) batch {
	t.Helper()
	var out struct{ Data batch }
	require.NoError(t, json.Unmarshal([]byte(answer.Body), &out), answer.Body)
	return out.Data
}

func TestWhyACallFailedIsHeardFromItsEvent(t *testing.T) {
	t.Parallel()
	s := callSystem(t)
	s.Work(t)
	s.Sandbox.ScriptCalls(sandboxtest.CallScript{
		Outcomes: map[string]sandboxtest.Outcomes{"+525510000001": {"busy"}, "+525510000002": {"no-answer"}, "+525510000003": {"voicemail"}},
		Webhooks: sandboxtest.CallHooks{Duplicates: 2, Shuffle: true},
	})
	phones := []string{"+525510000000", "+525510000001", "+525510000002", "+525510000003"}
	made := batchIn(t, s.Do(t, http.MethodPost, submitPath, callBody(t, "Razones", phones, []string{"Ana"})))

	var b batch
	s.Hasten(t, "every reason is known", func() bool {
		b = batchIn(t, s.Do(t, http.MethodGet, "/api/batch-calling/"+made.ID, ""))
		return b.Status == "completed" && b.Recipients[1].Detail == "busy" && b.Recipients[2].Detail == "no_answer" &&
			b.Recipients[3].Detail == "voicemail"
	})
	require.Equal(t, []string{"completed", "failed", "failed", "completed"},
		[]string{b.Recipients[0].Status, b.Recipients[1].Status, b.Recipients[2].Status, b.Recipients[3].Status})
	s.WaitFor(t, "each outcome is stored once", func() bool { return s.Count(t, "select count(*) from call_outcomes") == 4 })
	forged := s.Do(t, http.MethodPost, "/api/webhooks/elevenlabs", `{"type":"post_call_transcription"}`, "ElevenLabs-Signature", "t=1,v0=00")
	require.Equal(t, http.StatusUnauthorized, forged.Status)
}

func TestFiftyThousandPeopleInOneSubmissionAreFiveOfTheProvidersBatches(t *testing.T) {
	t.Parallel()
	s := callSystem(t)
	s.Work(t)
	const people = 50_000
	s.Sandbox.ScriptCalls(sandboxtest.CallScript{Webhooks: sandboxtest.CallHooks{LoseWebhooks: []string{"*"}}}) // progress is asked for
	phones := make([]string, people)
	for i := range phones {
		phones[i] = fmt.Sprintf("+5255%08d", i)
	}
	made := batchIn(t, s.Do(t, http.MethodPost, submitPath, callBody(t, "Muchos", phones, []string{"Ana", "Beto"})))
	require.Equal(t, people, made.Scheduled)
	require.Equal(t, people, s.Count(t, "select count(*) from call_people"))

	for ended := 10_000; ended <= people; ended += 10_000 {
		s.Hasten(t, fmt.Sprint(ended, " calls have ended"), func() bool {
			return s.Count(t, "select finished from call_batches") >= ended
		})
	}
	s.Hasten(t, "the batch is over", func() bool {
		return s.Count(t, "select count(*) from call_batches where status = 'completed'") == 1
	})
	b := batchIn(t, s.Do(t, http.MethodGet, "/api/batch-calling/"+made.ID, ""))
	require.Equal(t, 5, s.Sandbox.Calls("elevenlabs", "POST /v1/convai/batch-calling/submit"))
	require.Equal(t, people, b.Finished)
	require.Len(t, b.Recipients, people)
	for _, r := range b.Recipients {
		require.Equal(t, "completed", r.Status)
		require.NotEmpty(t, r.Conversation)
	}
	require.Len(t, s.Sandbox.Dialled(), people)
}

func TestNoPhoneAndNoVariableIsEverLogged(t *testing.T) {
	t.Parallel()
	c := &canaries{}
	s := embedtest.New(t, embedtest.Configured(func(cfg *embed.Config) { cfg.Calls.AllowAnonymous = true }))
	calls := func() string {
		return callBody(t, c.word("batch"), []string{c.phone(), c.phone()}, []string{c.word("variable"), c.word("other")})
	}
	made := batchIn(t, s.Do(t, http.MethodPost, submitPath, calls()))
	s.Hasten(t, "the calls are over", func() bool {
		return batchIn(t, s.Do(t, http.MethodGet, "/api/batch-calling/"+made.ID, "")).Status == "completed"
	})
	for _, status := range []int{400, 401, 422, 429, 500, 503} {
		said := c.word("refusal")
		detail, err := json.Marshal(map[string]any{"detail": []any{map[string]any{"loc": []string{"body", said}, "msg": said, "input": c.phone()}}})
		require.NoError(t, err)
		for range 2 {
			s.Sandbox.Fault(sandboxtest.Fault{Vendor: "elevenlabs", Status: status, Body: detail})
		}
		s.Do(t, http.MethodPost, submitPath, calls())
		s.Do(t, http.MethodGet, "/api/batch-calling/"+strings.ReplaceAll(c.word("id"), "-", "_"), "")
		s.Sandbox.Control("DELETE", "/faults?vendor=elevenlabs", nil, nil)
	}
	for _, body := range []string{
		`{"call_name":"` + c.word("name") + `","recipients":[{"phone_number":"` + c.phone() + `x"}]}`,
		`{"recipients":[{"phone_number":[` + c.phone() + `]}],"agent_id":{"a":"` + c.word("agent") + `"}}`,
		`{"call_name":"` + c.word("syntax"), c.word("nojson"), "call_name=" + c.word("form"),
	} {
		s.Do(t, http.MethodPost, submitPath, body, "Idempotency-Key", c.word("idem"), "X-Anything", c.word("header"))
		s.Do(t, http.MethodPost, "/api/webhooks/elevenlabs", body, "ElevenLabs-Signature", "t=1,v0="+c.word("sig"))
	}
	s.Do(t, http.MethodPost, "/api/batch-calling/"+c.word("cancel")+"%2f/cancel", "")
	s.Clock.Advance(2 * time.Minute)
	s.Idle(t)

	logs := s.Logs.String()
	require.Greater(t, strings.Count(logs, "\n"), 30)
	require.Zero(t, s.Count(t, "select count(*) from jobs where last_error like '%canary%' or last_error like '%+52%'"))
	for _, secret := range c.all {
		if at := strings.Index(logs, secret); at >= 0 {
			t.Errorf("%q is in the logs: %s", secret, logs[max(0, at-300):min(len(logs), at+100)])
		}
	}
}
