package meetingstask

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Decoder reads the notetaker vendor's events.
type Decoder interface {
	Decode(body []byte) (meetingsuc.NotetakerEvent, error)
}

// Inbox implements meetingsuc.Inbox over the ledger's.
type Inbox struct {
	ledger  *queue.Ledger
	decoder Decoder
}

// NewInbox makes an inbox.
func NewInbox(ledger *queue.Ledger, decoder Decoder) *Inbox {
	return &Inbox{ledger: ledger, decoder: decoder}
}

// Receive stores the event, and its job if there is work, in one statement.
func (i *Inbox) Receive(ctx context.Context, ws kernel.WorkspaceID, in meetingsuc.InboundEvent) error {
	_, err := i.ledger.Store(ctx, queue.Inbound{
		Workspace: ws, Provider: meetingsuc.Provider, EventID: in.ID, Body: in.Body, RequestID: in.RequestID,
	}, i.jobOf(in))
	return err
}

// jobOf returns the job that works on an event, nil when there is nothing to do about it. An event that cannot be read
// gets a job that dies of it, for people to see.
func (i *Inbox) jobOf(in meetingsuc.InboundEvent) port.Job {
	event, err := i.decoder.Decode(in.Body)
	switch {
	case err == nil && !event.Matters():
		return nil
	case err == nil && event.Subject == meetingsuc.AboutTranscript:
		return meetingsuc.RecallTranscript{Event: in.ID}
	default:
		return meetingsuc.RecallEvent{Event: in.ID}
	}
}

// load returns a stored event.
func (i *Inbox) load(ctx context.Context, ws kernel.WorkspaceID, id string) (meetingsuc.NotetakerEvent, error) {
	in, err := i.ledger.LoadInbound(ctx, ws, meetingsuc.Provider, id)
	if err != nil {
		return meetingsuc.NotetakerEvent{}, err
	}
	event, err := i.decoder.Decode(in.Body)
	if err != nil {
		return meetingsuc.NotetakerEvent{}, queue.Permanent(err)
	}
	return event, nil
}
