package recall

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// maxMessages is how many messages are remembered for the control API.
const maxMessages = 20_000

// sender delivers messages and tries again, on the vendor's schedule in the sandbox's time.
type sender struct {
	env     core.Env
	client  *http.Client
	running sync.WaitGroup

	mu       sync.Mutex
	ctx      context.Context // the lifetime of the deliveries; begin replaces it
	to       destination
	messages []*message
}

func newSender(env core.Env) *sender {
	transport := &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute}
	return &sender{env: env, client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// begin forgets all messages; deliveries from now on end with ctx.
func (s *sender) begin(ctx context.Context, to destination) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx, s.to, s.messages = ctx, to, nil
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

func (s *sender) remember(m *message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
	if len(s.messages) > maxMessages {
		s.messages = slices.Delete(s.messages, 0, maxMessages/10)
	}
}

// sent is a copy of the remembered messages.
func (s *sender) sent() []message {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]message, 0, len(s.messages))
	for _, m := range s.messages {
		copied := *m
		copied.Attempts = append([]attempt{}, m.Attempts...)
		all = append(all, copied)
	}
	return all
}

// replay sends a remembered message again, and reports whether there is such a one.
func (s *sender) replay(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.messages {
		if m.ID == id {
			s.running.Go(func() { s.first(m) })
			return true
		}
	}
	return false
}

// first makes the first attempt of a delivery and leaves the others to the schedule.
func (s *sender) first(m *message) {
	s.mu.Lock()
	ctx := s.ctx
	s.mu.Unlock()
	delay := time.Duration(m.faults.DelayWebhooks * float64(time.Second))
	if s.env.Clock.Wait(ctx, m.made.Add(delay)) != nil {
		return
	}
	if at, settled := s.attempt(ctx, m); !settled {
		s.running.Go(func() { s.again(ctx, m, at) })
	}
}

// again attempts until it succeeds or the schedule ends. Each pause counts from the attempt before.
func (s *sender) again(ctx context.Context, m *message, last time.Time) {
	for _, pause := range retries() {
		if s.env.Clock.Wait(ctx, last.Add(pause)) != nil {
			return
		}
		at, settled := s.attempt(ctx, m)
		if settled {
			return
		}
		last = at
	}
	s.env.Logger.WarnContext(ctx, "gave a webhook up", "event", m.Event, "message", m.ID)
}

// attempt delivers once. Settled means that there is nothing left to do: it was accepted, or nobody wants it.
func (s *sender) attempt(ctx context.Context, m *message) (at time.Time, settled bool) {
	s.mu.Lock()
	to := s.to
	s.mu.Unlock()
	at = s.env.Clock.Now()
	if to.URL == "" || ctx.Err() != nil {
		return at, true
	}
	status, err := s.deliver(ctx, to, m)
	made := attempt{At: at, Status: status}
	if err != nil {
		made.Error = err.Error()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m.Attempts = append(m.Attempts, made)
	return at, err == nil
}
