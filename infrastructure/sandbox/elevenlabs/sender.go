package elevenlabs

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

const (
	maxMessages = 20_000           // that are remembered for the control API
	deliverers  = 16               // deliveries at once
	answerTime  = 15 * time.Second // that a receiver may take
)

// retries is how long after each failed attempt the next one comes, less the jitter of 10 %.
func retries() []time.Duration {
	return []time.Duration{30 * time.Second, 2 * time.Minute, 8 * time.Minute, 30 * time.Minute}
}

// destination is where webhooks go and how they are signed. Without a secret nothing is signed.
type destination struct{ URL, Secret string }

// message is one webhook.
type message struct {
	ID             string    `json:"id"` // the double's own; the vendor's webhooks have none
	Type           string    `json:"type"`
	ConversationID string    `json:"conversation_id"`
	Attempts       []attempt `json:"attempts"`
	about          *conversation
	made           time.Time
}

// attempt is one delivery of a message.
type attempt struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"` // 0 when nothing was answered
	Error  string    `json:"error,omitempty"`
}

// sender delivers webhooks, a few at once and none of them twice unless it is told to.
type sender struct {
	env     core.Env
	client  *http.Client
	running sync.WaitGroup

	mu       sync.Mutex
	ctx      context.Context // the lifetime of the deliveries; begin replaces it
	to       destination
	messages []*message
	made     int
	queue    []*message
	busy     int
}

func newSender(env core.Env) *sender {
	return &sender{env: env, client: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: deliverers, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// begin forgets all messages; deliveries from now on end with ctx.
func (s *sender) begin(ctx context.Context, to destination) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx, s.to, s.messages, s.queue = ctx, to, nil, nil
}

// wait returns when no delivery runs any more; the context of begin must have ended.
func (s *sender) wait() {
	s.running.Wait()
	s.client.CloseIdleConnections()
}

func (s *sender) setDestination(to destination) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
}

func (s *sender) newMessage(kind string, about *conversation, at time.Time) *message {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	m := &message{ID: "whmsg_" + strconv.Itoa(s.made), Type: kind, ConversationID: about.id, about: about, made: at, Attempts: []attempt{}}
	s.messages = append(s.messages, m)
	if len(s.messages) > maxMessages {
		s.messages = slices.Delete(s.messages, 0, maxMessages/10)
	}
	return m
}

// sent is a copy of the remembered messages.
func (s *sender) sent() []message {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]message, 0, len(s.messages))
	for _, m := range s.messages {
		copied := *m
		copied.Attempts = slices.Clone(m.Attempts)
		all = append(all, copied)
	}
	return all
}

// replay sends a remembered message again, and reports whether there is such a one.
func (s *sender) replay(id string) bool {
	s.mu.Lock()
	i := slices.IndexFunc(s.messages, func(m *message) bool { return m.ID == id })
	if i < 0 {
		s.mu.Unlock()
		return false
	}
	m := s.messages[i]
	s.mu.Unlock()
	s.send(m)
	return true
}

// send puts messages into the queue. It never waits.
func (s *sender) send(messages ...*message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.to.URL == "" || s.ctx.Err() != nil {
		return
	}
	s.queue = append(s.queue, messages...)
	for s.busy < min(deliverers, len(s.queue)) {
		s.busy++
		s.running.Go(func() {
			for m := s.next(); m != nil; m = s.next() {
				s.attempt(m)
			}
		})
	}
}

// next takes the next message; without one the deliverer is done.
func (s *sender) next() *message {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 || s.ctx.Err() != nil {
		s.busy--
		return nil
	}
	m := s.queue[0]
	s.queue = s.queue[1:]
	return m
}

// attempt delivers once, and plans the next try where the script wants retries.
func (s *sender) attempt(m *message) {
	s.mu.Lock()
	ctx, to := s.ctx, s.to
	s.mu.Unlock()
	made := attempt{At: s.env.Clock.Now()}
	var err error
	if made.Status, err = s.deliver(ctx, to, m); err != nil {
		made.Error = err.Error()
	}
	s.mu.Lock()
	m.Attempts = append(m.Attempts, made)
	tries := len(m.Attempts)
	s.mu.Unlock()
	again := m.about.recipient.batch.script.RetryWebhooks && m.Type == postCallTranscription &&
		(made.Status >= 500 || made.Status == http.StatusTooManyRequests || made.Status == http.StatusRequestTimeout)
	if again && tries <= len(retries()) {
		d := m.about.d
		d.mu.Lock()
		d.at(made.At.Add(retries()[tries-1]), func(time.Time) { s.send(m) })
		d.mu.Unlock()
	}
}

// deliver posts a message once. The error says why it was not accepted.
func (s *sender) deliver(ctx context.Context, to destination, m *message) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	content, err := m.body()
	if err != nil {
		return 0, err
	}
	body, err := io.ReadAll(content)
	if err != nil {
		return 0, fmt.Errorf("making the webhook's body: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("making the webhook's request: %w", err)
	}
	if m.Type == postCallAudio {
		r.ContentLength = -1 // chunked, as documented
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "ElevenLabs-Webhooks (sandbox)")
	if to.Secret != "" {
		r.Header.Set("ElevenLabs-Signature", sign(to.Secret, m, s.env.Clock.Base(), body))
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("sending the webhook: %w", err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	if answer.StatusCode/100 != 2 {
		return answer.StatusCode, fmt.Errorf("the receiver answered %d", answer.StatusCode)
	}
	return answer.StatusCode, nil
}

// sign is the signature that the script wants.
func sign(secret string, m *message, now time.Time, body []byte) string {
	script := m.about.recipient.batch.script
	if script.OldTimestamp {
		now = now.Add(-tooOld)
	}
	if script.WrongSignature {
		secret = foreignSecret
	}
	return signature(secret, now, body)
}
