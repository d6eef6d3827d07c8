package batchcallsuc

import (
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ProviderName is the provider's in the inbox.
const ProviderName = "elevenlabs"

// InboundEvent is an event of the provider's, as it came in, its signature checked.
type InboundEvent struct {
	ID        string // the same for repeated deliveries
	Body      []byte
	RequestID string
}

// Inbox keeps events until a job has worked on them.
type Inbox interface {
	// Receive stores an event and its job; a repeated delivery changes nothing.
	Receive(ctx context.Context, ws kernel.WorkspaceID, e InboundEvent) error
}

// CallEvent asks for an event of the provider's to be worked on.
type CallEvent struct {
	Event string `json:"event"`
}

// Kind implements port.Job.
func (CallEvent) Kind() string { return "call_event" }

// ReceiveWebhook takes in an event of the provider. All work happens in a job.
type ReceiveWebhook struct {
	inbox Inbox
	owner VendorOwner
}

// Execute stores the event.
func (uc *ReceiveWebhook) Execute(ctx context.Context, e InboundEvent) error {
	ws, err := uc.owner.VendorWorkspace(ctx)
	if err == nil {
		err = uc.inbox.Receive(ctx, ws, e)
	}
	if err != nil {
		return fmt.Errorf("receive event of a call: %w", err)
	}
	return nil
}

// CallNews is an event of the provider's about a call that is over.
type CallNews struct {
	ProviderBatch string             // ID of its batch there; "" when the event does not say
	Ref           string             // ID of the recipient; "" when the event does not say
	Outcome       batchcalls.Outcome // without our own batch and position
}

// Outcomes keeps what became of calls.
type Outcomes interface {
	// Put stores an outcome, once for each conversation, and reports whether it is new.
	Put(ctx context.Context, ws kernel.WorkspaceID, o batchcalls.Outcome) (bool, error)
}

// ErrUnknownCall says that nobody knows yet whose call an event is about: the poller may tell soon.
var ErrUnknownCall = errors.New("nobody knows yet whose call this is")

// ApplyCallEvent stores what became of a call, and moves its recipient to where that leaves it.
type ApplyCallEvent struct {
	books    *books
	outcomes Outcomes
}

// Execute applies an event. It may run twice. ErrUnknownCall when it is too early.
func (uc *ApplyCallEvent) Execute(ctx context.Context, ws kernel.WorkspaceID, n CallNews) error {
	r, err := uc.find(ctx, ws, n)
	if err != nil {
		return fmt.Errorf("apply event of a call: %w", err)
	}
	k, ref := uc.books, BatchRef{Workspace: ws, ID: r.Batch}
	return k.tx.InTx(ctx, ws, func(ctx context.Context) error {
		b, err := k.batches.Lock(ctx, ref)
		if err != nil {
			return err
		}
		o := n.Outcome
		o.Batch, o.Position = r.Batch, r.Position
		if isNew, err := uc.outcomes.Put(ctx, ws, o); err != nil || !isNew {
			return err
		}
		news := News{Position: r.Position, Chunk: r.Chunk, Status: o.Status, Conversation: o.Conversation}
		if o.Status.Supersedes(r.Status) {
			if err := k.calls.Advance(ctx, ref, k.now(), []News{news}); err != nil {
				return err
			}
		}
		if b.Kind == batchcalls.Campaign {
			if err := k.tellCampaign(ctx, ref, news); err != nil {
				return err
			}
		}
		if err := uc.lookSoon(ctx, ref, r.Chunk); err != nil {
			return err
		}
		return k.sum(ctx, &b)
	})
}

// lookSoon lets the poller ask soon again: something happens.
func (uc *ApplyCallEvent) lookSoon(ctx context.Context, ref BatchRef, ordinal int) error {
	k := uc.books
	c, found, err := k.looks.One(ctx, ref, ordinal)
	if err != nil || !found || c.NextLook.IsZero() {
		return err
	}
	if soon := k.now().Add(k.settings.FirstPoll); c.NextLook.After(soon) {
		c.NextLook, c.Looks = soon, 0
		_, err = k.chunks.Save(ctx, ref.Workspace, c, c.Status)
	}
	return err
}

// find tells whose call the event is about: by the conversation, else by batch and recipient.
func (uc *ApplyCallEvent) find(ctx context.Context, ws kernel.WorkspaceID, n CallNews) (r batchcalls.Recipient, err error) {
	k, found := uc.books, false
	err = k.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if r, found, err = k.calls.OfConversation(ctx, ws, n.Outcome.Conversation); err != nil || found || n.ProviderBatch == "" {
			return err
		}
		b, known, err := k.batches.Find(ctx, ws, n.ProviderBatch)
		if err != nil || !known {
			return err
		}
		if r, found, err = k.calls.OfRef(ctx, refOf(b), n.Ref); err != nil || !found || b.Kind != batchcalls.Campaign {
			return err
		}
		r.Chunk, found, err = k.looks.OrdinalOf(ctx, refOf(b), n.ProviderBatch) // it may have been called again since
		return err
	})
	if err == nil && !found {
		err = ErrUnknownCall
	}
	return r, err
}
