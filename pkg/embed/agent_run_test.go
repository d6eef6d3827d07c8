package embed_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/openai"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// patientReaders lets a reader be away for as long as a loaded machine may need.
func patientReaders() embedtest.Option {
	return embedtest.Program(func(o *embed.Options) { o.Chats.Grace = 20 * time.Second })
}

// longText is an answer of some eighty frames, with characters of several bytes.
var longText = strings.Repeat("Quedó acordado enviar la cotización el jueves y revisar años y niñez. ", 28)

// streams are what the double knows of its streams.
func (c *chatting) streams() (s openai.Streams) {
	c.Sandbox.Control("GET", "/openai/streams", nil, &s)
	return s
}

// post asks, or goes on after a frame, and returns the answer as it comes.
func (c *chatting) post(ctx context.Context, t *testing.T, email, key, question, last string) *http.Response {
	t.Helper()
	body := strings.NewReader(`{"question":"` + question + `"}`)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/api/meetings/"+c.meeting+"/agents/"+key+"/messages", body)
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+c.Token(t, email))
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	return answer
}

// events are the whole events in what was read, as bytes; what the end cuts off is dropped, and so is what is no frame.
func events(raw []byte) []string {
	var list []string
	for {
		event, rest, whole := bytes.Cut(raw, []byte("\n\n"))
		if !whole {
			return list
		}
		if bytes.HasPrefix(event, []byte("id: ")) {
			list = append(list, string(event))
		}
		raw = rest
	}
}

func idOf(event string) string {
	id, _, _ := strings.Cut(strings.TrimPrefix(event, "id: "), "\n")
	return id
}

// cutAnswer asks and cuts the connection at so many random bytes, each time going on after the last whole event.
func (c *chatting) cutAnswer(t *testing.T, email, key string, cuts int) []string {
	t.Helper()
	var got []string
	last := ""
	for cut := 0; ; cut++ {
		ctx, hangUp := context.WithCancel(t.Context())
		answer := c.post(ctx, t, email, key, question, last)
		require.Equal(t, http.StatusOK, answer.StatusCode)
		body := io.Reader(answer.Body)
		if cut < cuts {
			body = io.LimitReader(body, 20+rand.Int64N(900))
		}
		raw, err := io.ReadAll(body)
		require.NoError(t, err)
		hangUp()
		_ = answer.Body.Close()
		whole := events(raw)
		got = append(got, whole...)
		if len(got) > 0 {
			last = idOf(got[len(got)-1])
		}
		if cut >= cuts {
			return got
		}
		if last == "" { // nothing whole was read: begin at the beginning of the answer that is being made
			said := c.chatOf(t, email, key)
			last = said[len(said)-1].ID + ".0"
		}
	}
}

func (c *chatting) chatOf(t *testing.T, email, key string) []tertulia.ChatMessage {
	t.Helper()
	page, err := c.Client(tertulia.WithBearer(c.Token(t, email))).Agents.Messages(t.Context(), c.meeting, key, tertulia.PageQuery{})
	require.NoError(t, err)
	return page.Data
}

func TestAnAnswerThatIsCutAnywhereGoesOnByteForByteWithoutAskingAgain(t *testing.T) {
	t.Parallel()
	const answers, cuts = 20, 5 // in each of the chats
	c := newChatting(t, patientReaders())
	var chats sync.WaitGroup
	for _, email := range []string{embedtest.RepEmail, embedtest.AdminEmail} {
		for _, key := range []string{chatAgent, "coach_ventas", "correo_seguimiento"} {
			chats.Go(func() {
				for range answers {
					c.Model(map[string]any{"text": longText, "deltaMs": 1})
					got := c.cutAnswer(t, email, key, cuts)
					said := c.chatOf(t, email, key)
					answer := said[len(said)-1]
					whole, err := io.ReadAll(c.post(t.Context(), t, email, key, "", answer.ID+".0").Body)
					require.NoError(t, err)
					require.Equal(t, events(whole), got)
					require.Equal(t, "completed", answer.Status)
					require.Equal(t, longText, answer.Content)
				}
			})
		}
	}
	chats.Wait()
	require.Equal(t, 6*answers, c.calls(), "one request of the model an answer, whatever is cut")
}

func TestTheSDKGoesOnByItselfWhereAConnectionBreaks(t *testing.T) {
	t.Parallel()
	c := newChatting(t, patientReaders())
	breaking := &breakingTransport{every: 700}
	client := c.Client(tertulia.WithBearer(c.Token(t, embedtest.RepEmail)), tertulia.WithHTTPClient(&http.Client{Transport: breaking}))
	c.Model(map[string]any{"text": longText, "deltaMs": 1})
	text, last, err := c.ask(t, client, chatAgent, question)
	require.NoError(t, err)
	require.Equal(t, longText, text)
	require.True(t, last.Done)
	require.Equal(t, 1, c.calls())
	require.Greater(t, breaking.requests, 4)
}

// breakingTransport breaks every answer after so many bytes.
type breakingTransport struct {
	every    int64
	requests int
}

func (b *breakingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	b.requests++
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(answer.Body, b.every), broken{}), answer.Body}
	}
	return answer, err
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestWhoeverLeavesFindsTheAnswerCancelledAndWhatWasSaidKept(t *testing.T) {
	t.Parallel()
	const rounds = 10 // in each of the chats
	c := newChatting(t)
	var chats sync.WaitGroup
	for _, email := range []string{embedtest.RepEmail, embedtest.AdminEmail} {
		for _, key := range []string{chatAgent, "coach_ventas"} {
			chats.Go(func() {
				for range rounds {
					c.leave(t, email, key)
				}
			})
		}
	}
	chats.Wait()
	require.Equal(t, 4*rounds, c.streams().Left)
	require.Zero(t, c.streams().Open)
	month, err := c.Admin.Costs.Month(t.Context(), tertulia.CostsFilter{})
	require.NoError(t, err)
	for _, line := range month.Lines {
		require.Equal(t, line.Activity == "chat", line.Estimated, "%+v", line)
	}
}

// leave asks, reads the beginning of a long answer, goes away, and waits until the answer has been cancelled.
func (c *chatting) leave(t *testing.T, email, key string) {
	t.Helper()
	c.Model(map[string]any{"text": longText, "deltaMs": 100})
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	answer := c.post(ctx, t, email, key, question, "")
	require.Equal(t, http.StatusOK, answer.StatusCode)
	_, err := io.ReadFull(answer.Body, make([]byte, 150))
	require.NoError(t, err)
	hangUp()
	c.WaitFor(t, "the answer is cancelled", func() bool {
		said := c.chatOf(t, email, key)
		return said[len(said)-1].Status == "cancelled"
	})
	said := c.chatOf(t, email, key)
	cancelled := said[len(said)-1]
	require.Equal(t, tertulia.CodeRunCancelled, *cancelled.ErrorCode)
	require.True(t, strings.HasPrefix(longText, cancelled.Content) && cancelled.Content != "", "what was said is kept")
	require.True(t, cancelled.Usage.Estimated)
	require.Positive(t, *cancelled.Usage.CostMicros)
}

func TestAReaderWhoComesBackInTimeKeepsTheAnswerGoing(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	c.Model(map[string]any{"text": longText, "deltaMs": 10})
	got := c.cutAnswer(t, embedtest.RepEmail, chatAgent, 3)
	require.Contains(t, got[len(got)-1], `{"done":true,`)
	require.Equal(t, 1, c.calls())
}

func TestOfTwoQuestionsAtOnceOneIsRefused(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	for range 5 {
		c.Model(map[string]any{"text": longText, "deltaMs": 5})
		statuses := make(chan int, 4)
		for range cap(statuses) {
			go func() {
				answer := c.post(t.Context(), t, embedtest.RepEmail, chatAgent, question, "")
				_, _ = io.Copy(io.Discard, answer.Body)
				statuses <- answer.StatusCode
			}()
		}
		count := map[int]int{}
		for range cap(statuses) {
			count[<-statuses]++
		}
		require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 3}, count)
	}
	require.Equal(t, 5, c.calls())
}

func TestTheSameQuestionWithTheSameKeyIsAskedOnce(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	header := []string{"Authorization", "Bearer " + c.Token(t, embedtest.RepEmail), "Idempotency-Key", "una-vez"}
	path := "/api/meetings/" + c.meeting + "/agents/" + chatAgent + "/messages"
	first := c.Do(t, http.MethodPost, path, `{"question":"¿Qué sigue?"}`, header...)
	again := c.Do(t, http.MethodPost, path, `{"question":"¿Qué sigue?"}`, header...)
	require.Equal(t, first.Body, again.Body)
	require.Equal(t, "no", first.Header.Get("X-Accel-Buffering"))
	require.Equal(t, "text/event-stream; charset=utf-8", first.Header.Get("Content-Type"))
	require.Equal(t, 1, c.calls())
	other := c.Do(t, http.MethodPost, path, `{"question":"otra"}`, header...)
	require.Equal(t, http.StatusConflict, other.Status)
	require.Contains(t, other.Body, tertulia.CodeIdempotencyKeyReused)
	elsewhere := c.Do(t, http.MethodPost, strings.Replace(path, chatAgent, "coach_ventas", 1), `{"question":"¿Qué sigue?"}`, header...)
	require.Equal(t, http.StatusOK, elsewhere.Status)
	require.Equal(t, 2, c.calls(), "in another chat it is another question")
}

func TestAnAnswerIsResumedByItsOwnerOnly(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	_, last, err := c.ask(t, c.Rep, chatAgent, question)
	require.NoError(t, err)
	resume := func(client *tertulia.Client, key, frame string) (string, error) {
		text := ""
		for frame, err := range client.Agents.Resume(t.Context(), c.meeting, key, frame) {
			if err != nil {
				return text, err
			}
			text += frame.Delta
		}
		return text, nil
	}
	text, err := resume(c.Rep, chatAgent, last.MessageID+".0")
	require.NoError(t, err)
	require.NotEmpty(t, text)
	text, err = resume(c.Rep, chatAgent, last.ID)
	require.NoError(t, err, "who has read the last frame is told again how it ended")
	require.Empty(t, text)
	_, err = resume(c.Admin, chatAgent, last.MessageID+".0")
	requireCode(t, err, http.StatusNotFound, tertulia.CodeRunNotFound)
	_, err = resume(c.Rep, "coach_ventas", last.MessageID+".0")
	requireCode(t, err, http.StatusNotFound, tertulia.CodeRunNotFound)
	question := c.messages(t, c.Rep)[0].ID
	_, err = resume(c.Rep, chatAgent, question+".0")
	requireCode(t, err, http.StatusNotFound, tertulia.CodeRunNotFound)
	for _, bad := range []string{"x", last.MessageID, last.MessageID + ".-1", last.MessageID + ".x"} {
		_, err = resume(c.Rep, chatAgent, bad)
		requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	}
	require.Equal(t, 1, c.calls())
}

func TestAChatThatIsBegunAnewEndsWhatIsBeingSaid(t *testing.T) {
	t.Parallel()
	c := newChatting(t)
	c.Model(map[string]any{"text": longText, "deltaMs": 50})
	var err error
	for frame, failed := range c.Rep.Agents.Ask(t.Context(), c.meeting, chatAgent, question) {
		if err = failed; err == nil && frame.Delta != "" && len(c.messages(t, c.Rep)) > 0 {
			_, reset := c.Rep.Agents.Reset(t.Context(), c.meeting, chatAgent)
			require.NoError(t, reset)
		}
	}
	requireAnswerError(t, err, tertulia.CodeRunCancelled)
	require.Empty(t, c.messages(t, c.Rep))
	c.WaitFor(t, "the provider was told", func() bool { return c.streams().Open == 0 })
	c.WaitFor(t, "and forgets the conversation", func() bool {
		return c.Count(t, "select count(*) from jobs where kind = 'forget_conversation' and state = 'done'") > 0
	})
}
