package recall

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// parallel is how many shuffled messages of one notetaker are under way at once.
const parallel = 4

// message is one event on its way.
type message struct {
	ID       string    `json:"id"` // the same in every attempt and duplicate
	Event    string    `json:"event"`
	BotID    string    `json:"botId"`
	Body     []byte    `json:"-"`
	Attempts []attempt `json:"attempts"`
	made     time.Time
	faults   Faults
}

// attempt is one delivery of a message.
type attempt struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"` // 0 when nothing was answered
	Error  string    `json:"error,omitempty"`
}

// outbox sends one notetaker's events: one after another in their order, or all at the end in none. A failed one is
// tried again beside the others.
type outbox struct {
	sender *sender
	botID  string
	script Script

	mu      sync.Mutex
	held    bool // shuffled events wait for the end of the life
	waiting []*message
	busy    int
}

func (s *sender) outbox(botID string, script Script) *outbox {
	return &outbox{sender: s, botID: botID, script: script, held: script.Shuffle}
}

// add puts an event with its duplicates in the queue. It never waits.
func (o *outbox) add(event string, data map[string]any) {
	f := o.script.Faults
	if slices.Contains(f.DropWebhooks, event) || slices.Contains(f.DropWebhooks, "*") {
		return
	}
	if f.NullBot {
		data["bot"] = nil
	}
	body, err := json.Marshal(map[string]any{"event": event, "data": data})
	if err != nil {
		o.sender.env.Logger.Error("encoding a webhook", "event", event, "error", err)
		return
	}
	m := &message{
		ID: "msg_" + newID(), Event: event, BotID: o.botID, Body: body, made: o.sender.env.Clock.Now(), faults: f,
	}
	o.sender.remember(m)
	o.mu.Lock()
	defer o.mu.Unlock()
	for range 1 + int(o.script.Duplicates) {
		o.waiting = append(o.waiting, m)
	}
	if !o.held {
		o.work(1)
	}
}

// release lets shuffled events go.
func (o *outbox) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.held {
		return
	}
	o.held = false
	rand.Shuffle(len(o.waiting), func(i, j int) { o.waiting[i], o.waiting[j] = o.waiting[j], o.waiting[i] })
	o.work(parallel)
}

// work has up to n workers empty the queue. Call with o.mu held.
func (o *outbox) work(n int) {
	for o.busy < min(n, len(o.waiting)) {
		o.busy++
		o.sender.running.Go(func() {
			for m := o.next(); m != nil; m = o.next() {
				o.sender.first(m)
			}
		})
	}
}

// next takes the next message; without one the worker is done.
func (o *outbox) next() *message {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) == 0 {
		o.busy--
		return nil
	}
	m := o.waiting[0]
	o.waiting = o.waiting[1:]
	return m
}
