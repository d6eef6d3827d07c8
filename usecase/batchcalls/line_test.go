package batchcallsuc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// line is a provider in memory that counts who is dialled, and does to requests what a test wants.
type line struct {
	mu      sync.Mutex
	batches []*batchcallsuc.ProviderBatch // oldest first
	dialled map[string]int
	sent    map[string]json.RawMessage // what the latest request said of a number
	asked   int
	polled  int
	faults  []mishap // of the next submissions, in order
	now     func() time.Time
	hold    chan struct{} // submissions wait until it is closed
	began   chan struct{}
	blind   int // lists that are to come and show nothing; below zero: all fail
}

// mishap is what goes wrong with one submission.
type mishap int

const (
	fine      mishap = iota
	lostReply        // accepted, and nobody hears of it
	down             // a 503, nothing accepted
	refused          // a 401
	busy             // a 429
)

func newLine(now func() time.Time) *line {
	return &line{dialled: map[string]int{}, sent: map[string]json.RawMessage{}, now: now, began: make(chan struct{}, 1000)}
}

// Submit implements batchcallsuc.Provider.
func (l *line) Submit(_ context.Context, s batchcallsuc.Submission) (batchcallsuc.ProviderBatch, error) {
	l.mu.Lock()
	hold := l.hold
	l.mu.Unlock()
	l.began <- struct{}{}
	if hold != nil {
		<-hold
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	wrong := fine
	if len(l.faults) > 0 {
		wrong, l.faults = l.faults[0], l.faults[1:]
	}
	switch wrong {
	case down:
		return batchcallsuc.ProviderBatch{}, &batchcallsuc.Refusal{Status: 503, Message: "down", Doubtful: true, Cause: errors.New("503")}
	case refused:
		return batchcallsuc.ProviderBatch{}, &batchcallsuc.Refusal{Status: 401, Message: "Invalid API key", Cause: errors.New("401")}
	case busy:
		return batchcallsuc.ProviderBatch{}, &batchcallsuc.Refusal{Status: 429, Message: "busy", RetryIn: time.Minute, Cause: errors.New("429")}
	}
	b := &batchcallsuc.ProviderBatch{
		ID: fmt.Sprintf("btcal_vendor%d", len(l.batches)), Name: s.Name, Agent: s.Agent, PhoneNumber: s.PhoneNumber,
		Status: batchcalls.Pending, CreatedAt: l.now(), ScheduledAt: s.ScheduledAt, Scheduled: len(s.Recipients), Head: json.RawMessage(`{"agent_name":"Ana"}`),
	}
	for _, raw := range s.Recipients {
		var r struct {
			ID    string `json:"id"`
			Phone string `json:"phone_number"`
		}
		if err := json.Unmarshal(raw, &r); err != nil {
			panic(err)
		}
		l.dialled[r.Phone]++
		l.sent[r.Phone] = raw
		b.Recipients = append(b.Recipients, batchcallsuc.ProviderRecipient{Ref: r.ID, Phone: r.Phone, Status: batchcalls.CallPending})
	}
	l.batches = append(l.batches, b)
	if wrong == lostReply {
		return batchcallsuc.ProviderBatch{}, &batchcallsuc.Refusal{Doubtful: true, Cause: errors.New("timeout")}
	}
	return without(*b), nil
}

// without is a batch as submit and cancel answer it.
func without(b batchcallsuc.ProviderBatch) batchcallsuc.ProviderBatch {
	b.Recipients = nil
	return b
}

func (l *line) find(id string) *batchcallsuc.ProviderBatch {
	for _, b := range l.batches {
		if b.ID == id {
			return b
		}
	}
	return nil
}

// Get implements batchcallsuc.Provider.
func (l *line) Get(_ context.Context, id string) (batchcallsuc.ProviderBatch, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.polled++
	b := l.find(id)
	if b == nil {
		return batchcallsuc.ProviderBatch{}, &batchcallsuc.Refusal{Status: 404, Message: "Batch call not found", Cause: errors.New("404")}
	}
	answer := *b
	answer.Recipients = slices.Clone(b.Recipients)
	return answer, nil
}

// Cancel implements batchcallsuc.Provider.
func (l *line) Cancel(_ context.Context, id string) (batchcallsuc.ProviderBatch, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.find(id)
	if b == nil {
		return batchcallsuc.ProviderBatch{}, &batchcallsuc.Refusal{Status: 404, Message: "Batch call not found", Cause: errors.New("404")}
	}
	if b.Status.IsFinal() {
		return batchcallsuc.ProviderBatch{}, &batchcallsuc.Refusal{Status: 400, Message: "Batch cannot be cancelled", Cause: errors.New("400")}
	}
	b.Status = batchcalls.Cancelled
	for i := range b.Recipients {
		if s := b.Recipients[i].Status; s == batchcalls.CallPending || s == batchcalls.CallDispatched {
			b.Recipients[i].Status = batchcalls.CallCancelled // calls that run go on to their end
		}
	}
	return without(*b), nil
}

// List implements batchcallsuc.Provider, two batches a page.
func (l *line) List(_ context.Context, cursor string) ([]batchcallsuc.ProviderBatch, string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.blind < 0:
		return nil, "", &batchcallsuc.Refusal{Status: 500, Message: "down", Cause: errors.New("500")}
	case l.blind > 0:
		l.blind--
		return nil, "", nil
	}
	skip := len(cursor)
	var page []batchcallsuc.ProviderBatch
	for i := len(l.batches) - 1 - skip; i >= 0; i-- {
		if len(page) == 2 {
			return page, cursor + "xx", nil
		}
		page = append(page, without(*l.batches[i]))
	}
	return page, "", nil
}

// finish lets every call of a batch end.
func (l *line) finish(id string, how batchcalls.CallStatus) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.find(id)
	b.Status, b.Dispatched, b.Finished = batchcalls.Completed, len(b.Recipients), len(b.Recipients)
	for i := range b.Recipients {
		b.Recipients[i].Status, b.Recipients[i].Conversation = how, fmt.Sprintf("conv_%s_%d", id, i)
	}
}

// breaks has the next submissions go wrong.
func (l *line) breaks(how ...mishap) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = append(l.faults, how...)
}

// set changes the line between submissions.
func (l *line) set(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// times tells how often somebody was dialled, and how many people.
func (l *line) times() (most, people int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range l.dialled {
		most = max(most, n)
	}
	return most, len(l.dialled)
}
