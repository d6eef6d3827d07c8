package openai_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/conversations"
	"github.com/openai/openai-go/v3/packages/ssestream"
	"github.com/openai/openai-go/v3/responses"
	"github.com/stretchr/testify/require"
)

// heard is what a client made of a stream.
type heard struct {
	kinds []string
	text  string
	last  responses.ResponseStreamEventUnion
	err   error
}

func hear(s *ssestream.Stream[responses.ResponseStreamEventUnion]) heard {
	var h heard
	for s.Next() {
		h.last = s.Current()
		if len(h.kinds) == 0 || h.kinds[len(h.kinds)-1] != h.last.Type {
			h.kinds = append(h.kinds, h.last.Type)
		}
		if delta, ok := h.last.AsAny().(responses.ResponseTextDeltaEvent); ok {
			h.text += delta.Delta
		}
	}
	h.err = s.Err()
	return h
}

func TestAStreamTellsTheAnswerInTheVendorsOrder(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")

	h := hear(client.Responses.NewStreaming(t.Context(), structured(t, analysis, transcript)))

	require.NoError(t, h.err)
	require.Equal(t, []string{
		"response.created", "response.in_progress",
		"response.output_item.added", "response.output_item.done", // the reasoning
		"response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.done",
		"response.content_part.done", "response.output_item.done", "response.completed",
	}, h.kinds)
	done := h.last.AsAny().(responses.ResponseCompletedEvent)
	require.Equal(t, done.Response.OutputText(), h.text)
	require.Positive(t, done.Response.Usage.OutputTokens)
	requireValid(t, analysis, h.text)
}

func TestAScriptDecidesHowAStreamEnds(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	stream := func() heard { return hear(client.Responses.NewStreaming(t.Context(), ask(transcript))) }
	s.script(t, `[{"refusal":"No puedo ayudar con eso."},{"incomplete":"content_filter"},{"failed":{"code":"rate_limit_exceeded"}},
		{"error":{"code":"server_error","stream":"flat"}},{"error":{"code":"server_error","stream":"nested"}},
		{"cut_after_events":8},{"error":{"status":429,"code":"rate_limit_exceeded","retryAfter":7}}]`)

	refused := stream()
	require.Contains(t, refused.kinds, "response.refusal.delta")
	require.Equal(t, "response.completed", refused.last.Type)

	incomplete := stream().last.AsAny().(responses.ResponseIncompleteEvent)
	require.Equal(t, "content_filter", incomplete.Response.IncompleteDetails.Reason)

	failed := stream().last.AsAny().(responses.ResponseFailedEvent)
	require.EqualValues(t, "rate_limit_exceeded", failed.Response.Error.Code)

	flat := stream()
	require.NoError(t, flat.err)
	require.Equal(t, "server_error", flat.last.AsAny().(responses.ResponseErrorEvent).Code)

	nested := stream()
	var streamError *ssestream.StreamError
	require.ErrorAs(t, nested.err, &streamError)

	cut := stream()
	require.NoError(t, cut.err)
	require.Equal(t, "response.output_text.delta", cut.last.Type)

	limited := errorOf(t, stream().err)
	require.Equal(t, http.StatusTooManyRequests, limited.StatusCode)
	require.Equal(t, "7", limited.Response.Header.Get("Retry-After"))
}

func TestAScriptDecidesAWholeAnswer(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	s.script(t, `{"json":{"a":1}}`)
	s.script(t, `[{"malformed":true},{"error":{"status":503}},{"delayMs":20,"text":"tarde"}]`)

	r, err := client.Responses.New(t.Context(), ask("hola"))
	require.NoError(t, err)
	require.JSONEq(t, `{"a":1}`, r.OutputText())

	r, err = client.Responses.New(t.Context(), structured(t, analysis, transcript))
	require.NoError(t, err)
	require.EqualValues(t, "completed", r.Status)
	require.False(t, strings.HasSuffix(r.OutputText(), "}"))

	_, err = client.Responses.New(t.Context(), ask("hola"))
	require.Equal(t, http.StatusServiceUnavailable, errorOf(t, err).StatusCode)

	r, err = client.Responses.New(t.Context(), ask("hola"))
	require.NoError(t, err)
	require.Equal(t, "tarde", r.OutputText())
}

func TestAMisspeltScriptIsRefused(t *testing.T) {
	t.Parallel()
	status, answer := start(t).post(t, "/_control/openai/script", `[{"txt":"a"}]`)
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, "txt", answer["field"])
}

func TestOutputStopsAtItsTokenLimit(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")
	params := ask(transcript)
	params.Model, params.MaxOutputTokens = "gpt-4o", sdk.Int(16)

	r, err := client.Responses.New(t.Context(), params)

	require.NoError(t, err)
	require.EqualValues(t, "incomplete", r.Status)
	require.Equal(t, "max_output_tokens", r.IncompleteDetails.Reason)
	require.LessOrEqual(t, r.Usage.OutputTokens, int64(16))
}

func TestAStoredResponseCanBeReadCancelledAndDeleted(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")
	ctx := t.Context()
	r, err := client.Responses.New(ctx, ask("hola"))
	require.NoError(t, err)

	again, err := client.Responses.Get(ctx, r.ID, responses.ResponseGetParams{})
	require.NoError(t, err)
	require.Equal(t, r.OutputText(), again.OutputText())
	_, err = client.Responses.Cancel(ctx, r.ID)
	require.Equal(t, http.StatusBadRequest, errorOf(t, err).StatusCode)
	require.NoError(t, client.Responses.Delete(ctx, r.ID))
	_, err = client.Responses.Get(ctx, r.ID, responses.ResponseGetParams{})
	require.Equal(t, http.StatusNotFound, errorOf(t, err).StatusCode)

	slow := ask("hola")
	slow.Background = sdk.Bool(true)
	r, err = client.Responses.New(ctx, slow)
	require.NoError(t, err)
	require.EqualValues(t, "queued", r.Status)
	r, err = client.Responses.Cancel(ctx, r.ID)
	require.NoError(t, err)
	require.EqualValues(t, "cancelled", r.Status)

	private := ask("hola")
	private.Store = sdk.Bool(false)
	r, err = client.Responses.New(ctx, private)
	require.NoError(t, err)
	_, err = client.Responses.Get(ctx, r.ID, responses.ResponseGetParams{})
	require.Equal(t, http.StatusNotFound, errorOf(t, err).StatusCode)
}

func TestAConversationServesOneResponseAtATime(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	ctx := t.Context()
	c, err := client.Conversations.New(ctx, conversations.ConversationNewParams{})
	require.NoError(t, err)
	in := ask("hola")
	in.Conversation = responses.ResponseNewParamsConversationUnion{OfString: sdk.String(c.ID)}
	s.script(t, `{"delayMs":60000}`)
	leave, cancel := context.WithCancel(ctx)
	defer cancel()
	outcomes := make(chan error, 2)
	for range 2 { // one of them thinks for a minute, the other meets it
		go func() {
			_, err := client.Responses.New(leave, in)
			outcomes <- err
		}()
	}

	locked := errorOf(t, <-outcomes)
	require.Equal(t, http.StatusBadRequest, locked.StatusCode)
	require.Equal(t, "conversation_locked", locked.Code)

	cancel()
	require.ErrorIs(t, <-outcomes, context.Canceled)
	require.Eventually(t, func() bool {
		_, err := client.Responses.New(ctx, in)
		return err == nil
	}, 5*time.Second, 10*time.Millisecond)
	items, err := client.Conversations.Items.List(ctx, c.ID, conversations.ItemListParams{})
	require.NoError(t, err)
	require.Len(t, items.Data, 3) // the question, the reasoning and the answer of the one that went through
}
