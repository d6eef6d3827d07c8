package embed_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

const (
	chatAgent = "seguimiento_general"
	question  = "¿Qué compromisos quedaron pendientes?"
)

// chatting is a system with one meeting of Rep's that can be talked about, and what the model is asked from then on.
type chatting struct {
	*embedtest.System

	meeting string
	asked   int // requests of the model before
}

func newChatting(t *testing.T, opts ...embedtest.Option) *chatting {
	t.Helper()
	c := &chatting{System: embedtest.New(t, opts...)}
	c.meeting = c.Scheduled(t, embedtest.Talk())
	c.Settled(t, c.meeting)
	c.asked = c.Sandbox.Calls("openai", "POST /v1/responses")
	return c
}

// calls is how often the model was asked in chats.
func (c *chatting) calls() int { return c.Sandbox.Calls("openai", "POST /v1/responses") - c.asked }

// requests are what the model was asked in chats.
func (c *chatting) requests() []sandboxtest.Request {
	return c.Sandbox.Matching("openai", "POST /v1/responses")[c.asked:]
}

// ask takes a whole answer.
func (c *chatting) ask(t *testing.T, client *tertulia.Client, key, question string) (text string, last tertulia.ChatFrame, err error) {
	t.Helper()
	for frame, err := range client.Agents.Ask(t.Context(), c.meeting, key, question) {
		if err != nil {
			return text, frame, err
		}
		text, last = text+frame.Delta, frame
	}
	return text, last, nil
}

func (c *chatting) messages(t *testing.T, client *tertulia.Client) []tertulia.ChatMessage {
	t.Helper()
	page, err := client.Agents.Messages(t.Context(), c.meeting, chatAgent, tertulia.PageQuery{})
	require.NoError(t, err)
	return page.Data
}

func TestAnAgentAnswersAboutAMeetingAndTheAnswerIsKept(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	d := c.Get(t, c.meeting)
	line := d.Transcript.RawTranscript[3]
	cite := clockOf(line.StartMS)
	c.Model(map[string]any{"text": "Quedó esto [" + cite + "] y esto otro [99:59]."})
	text, last, err := c.ask(t, c.Rep, chatAgent, question)
	require.NoError(t, err)
	require.Equal(t, "Quedó esto ["+cite+"] y esto otro.", text)
	require.True(t, last.Done)
	require.Equal(t, 1, c.calls())
	body := c.requests()[0].Body
	require.Contains(t, body, line.Text, "the model reads the transcript")
	require.Contains(t, body, "\"stream\":true")

	said := c.messages(t, c.Rep)
	require.Len(t, said, 2)
	require.Equal(t, []string{"user", question, "completed"}, []string{said[0].Role, said[0].Content, said[0].Status})
	answer := said[1]
	require.Equal(t, last.MessageID, answer.ID)
	require.Equal(t, []string{"assistant", text, "completed"}, []string{answer.Role, answer.Content, answer.Status})
	require.Len(t, answer.Citations, 1)
	require.Equal(t, line.StartMS/1000, answer.Citations[0].StartMS/1000)
	require.NotNil(t, answer.EndedAt)
	require.Positive(t, answer.Usage.InputTokens)
	require.NotNil(t, answer.Usage.CostMicros)
	require.Equal(t, int(*answer.Usage.CostMicros), c.Count(t, "select sum(amount) from usage_entries where activity = 'chat'"))

	require.Empty(t, c.messages(t, c.Admin), "a chat is private, of an admin's too")
}

func TestAChatGoesOnInTheProvidersConversationAndBothAreDeleted(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	for range 2 {
		_, _, err := c.ask(t, c.Rep, chatAgent, question)
		require.NoError(t, err)
	}
	said := c.Get(t, c.meeting).Transcript.RawTranscript[0].Text
	first, second := c.requests()[0].Body, c.requests()[1].Body
	require.Contains(t, first, said)
	require.NotContains(t, second, said, "the conversation holds it")
	require.Equal(t, 1, c.Sandbox.Calls("openai", "POST /v1/conversations"))

	answer, err := c.Rep.Agents.Reset(t.Context(), c.meeting, chatAgent)
	require.NoError(t, err)
	require.True(t, answer.OK)
	require.Empty(t, c.messages(t, c.Rep))
	c.WaitFor(t, "the provider's conversation is deleted item by item", func() bool {
		items := 0
		for _, r := range c.Sandbox.Ledger("openai") {
			if r.Method == http.MethodDelete && strings.Contains(r.Path, "/items/") {
				items++
			}
		}
		return items >= 5 && c.Count(t, "select count(*) from jobs where kind = 'forget_conversation' and state <> 'done'") == 0
	})
	_, _, err = c.ask(t, c.Rep, chatAgent, question)
	require.NoError(t, err)
	require.Contains(t, c.requests()[2].Body, said, "a new chat begins anew")
	_, err = c.Rep.Agents.Reset(t.Context(), c.meeting, "coach_ventas")
	require.NoError(t, err, "a chat that was never begun")
}

func TestADeletedMeetingTakesEverybodysConversationsAtTheProviderWithIt(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	for _, client := range []*tertulia.Client{c.Rep, c.Admin} {
		_, _, err := c.ask(t, client, chatAgent, question)
		require.NoError(t, err)
	}
	require.Equal(t, 2, c.Count(t, "select count(distinct conversation_id) from agent_chats where conversation_id <> ''"))
	c.Idle(t)
	_, err := c.Admin.Meetings.Delete(t.Context(), c.meeting)
	require.NoError(t, err)
	require.Zero(t, c.Count(t, "select count(*) from agent_chats"))
	c.WaitFor(t, "the provider forgets both", func() bool {
		gone := map[string]bool{}
		for _, r := range c.Sandbox.Ledger("openai") {
			if r.Method == http.MethodDelete && !strings.Contains(r.Path, "/items/") {
				gone[r.Path] = true
			}
		}
		return len(gone) == 2
	})
}

func TestAConversationThatTheProviderLostIsNoLoss(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	_, _, err := c.ask(t, c.Rep, chatAgent, question)
	require.NoError(t, err)
	c.Exec(t, "update agent_chats set conversation_id = 'conv_gone'")
	text, _, err := c.ask(t, c.Rep, chatAgent, "¿Y de quién son?")
	require.NoError(t, err)
	require.NotEmpty(t, text)
	require.Equal(t, 3, c.calls())
	again := c.requests()[2].Body
	require.Contains(t, again, c.Get(t, c.meeting).Transcript.RawTranscript[0].Text)
	require.Contains(t, again, question, "what was said before is sent along")
}

func TestWhatCannotBeAskedIsRefusedBeforeTheStream(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	path := "/api/meetings/" + c.meeting + "/agents/" + chatAgent + "/messages"
	bearer := []string{"Authorization", "Bearer " + c.Token(t, embedtest.RepEmail)}
	for body, want := range map[string]string{
		"": tertulia.CodeMissingParam, "{}": tertulia.CodeMissingParam, `{"question":"  "}`: tertulia.CodeMissingParam,
		`{"question":null}`: tertulia.CodeMissingParam, `{"question":7}`: tertulia.CodeValidation, `{`: tertulia.CodeValidation,
		`{"question":"` + strings.Repeat("a", 8001) + `"}`: tertulia.CodeValidation,
	} {
		answer := c.Do(t, http.MethodPost, path, body, bearer...)
		require.Equal(t, http.StatusBadRequest, answer.Status, answer.Body)
		require.Contains(t, answer.Body, want)
	}
	ask := func(client *tertulia.Client, meeting, key string) error {
		for _, err := range client.Agents.Ask(t.Context(), meeting, key, question) {
			return err
		}
		return nil
	}
	requireCode(t, ask(c.Rep, c.meeting, "evaluador_demostracion"), http.StatusNotFound, tertulia.CodeAgentNotFound)
	requireCode(t, ask(c.Rep, c.meeting, "nadie"), http.StatusNotFound, tertulia.CodeAgentNotFound)
	requireCode(t, ask(c.Rep, "8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6", chatAgent), http.StatusNotFound, tertulia.CodeMeetingNotFound)
	requireCode(t, ask(c.OtherRep, c.meeting, chatAgent), http.StatusForbidden, tertulia.CodeForbidden)
	requireCode(t, ask(c.Other, c.meeting, chatAgent), http.StatusNotFound, tertulia.CodeMeetingNotFound)
	later := c.Scheduled(t, embedtest.Talk(), later(c.System, 24*time.Hour))
	requireCode(t, ask(c.Rep, later, chatAgent), http.StatusConflict, tertulia.CodeTranscriptNotReady)
	_, err := c.Rep.Agents.Messages(t.Context(), c.meeting, "evaluador_demostracion", tertulia.PageQuery{})
	requireCode(t, err, http.StatusNotFound, tertulia.CodeAgentNotFound)
	c.Exec(t, "update agents set active = false where key = $1", chatAgent)
	requireCode(t, ask(c.Rep, c.meeting, chatAgent), http.StatusNotFound, tertulia.CodeAgentNotFound)
	require.Empty(t, c.messages(t, c.Rep), "the chat with an archived agent can be read")
	require.Zero(t, c.calls())
}

func TestWithoutAProviderTheAnswerSaysSo(t *testing.T) {
	t.Parallel()
	c := newChatting(t, embedtest.WithoutOpenAI())
	_, _, err := c.ask(t, c.Rep, chatAgent, question)
	requireAnswerError(t, err, tertulia.CodeOpenAINotConfigured)
	require.Equal(t, tertulia.CodeOpenAINotConfigured, *c.messages(t, c.Rep)[1].ErrorCode)
}

func TestWhateverTheProviderDoesEndsTheAnswerVisiblyAndItCanBeAskedAgain(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	after := 9
	for name, script := range map[string]map[string]any{
		"a cut stream":  {"cut_after_events": after},
		"a failed run":  {"failed": map[string]any{"code": "server_error", "message": "boom"}},
		"an error":      {"error": map[string]any{"status": 500}},
		"a rate limit":  {"error": map[string]any{"status": 429, "code": "rate_limit_exceeded"}},
		"a told error":  {"error": map[string]any{"code": "server_error", "stream": "flat"}},
		"no model":      {"error": map[string]any{"status": 404, "code": "model_not_found"}},
		"an early stop": {"text": "La mitad de algo que no acaba", "incomplete": "max_output_tokens"},
	} {
		c.Model(script)
		text, _, err := c.ask(t, c.Rep, chatAgent, question)
		requireAnswerError(t, err, tertulia.CodeOpenAI)
		said := c.messages(t, c.Rep)
		failed := said[len(said)-1]
		require.Equal(t, "failed", failed.Status, name)
		require.Equal(t, tertulia.CodeOpenAI, *failed.ErrorCode, name)
		require.Equal(t, text, failed.Content, "%s: what was said is kept", name)
	}
	_, last, err := c.ask(t, c.Rep, chatAgent, question)
	require.NoError(t, err)
	require.True(t, last.Done)
}

func requireAnswerError(t *testing.T, err error, code string) {
	t.Helper()
	var failed *tertulia.AnswerError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, code, failed.Code)
}

// clockOf writes a place in a recording as transcripts do.
func clockOf(ms int64) string { return fmt.Sprintf("%02d:%02d", ms/60000, ms/1000%60) }
