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

// Inbox implements meetingsuc.Inbox and meetingsuc.Arrivals over the ledger's.
type Inbox struct {
	ledger  *queue.Ledger
	decoder Decoder
}

// NewInbox makes an inbox.
func NewInbox(ledger *queue.Ledger, decoder Decoder) *Inbox {
	return &Inbox{ledger: ledger, decoder: decoder}
}

// Receive stores the event, and its job if there is work, in one statement. An event that cannot be read gets a job that
// dies of it, for people to see.
func (i *Inbox) Receive(ctx context.Context, ws kernel.WorkspaceID, in meetingsuc.InboundEvent) error {
	stored := queue.Inbound{
		Workspace: ws, Provider: meetingsuc.Provider, EventID: in.ID, Body: in.Body, RequestID: in.RequestID,
	}
	event, err := i.decoder.Decode(in.Body)
	if err == nil && event.Matters() {
		stored.Topic = event.Topic()
	}
	var job port.Job
	switch {
	case err == nil && !event.Matters():
	case err == nil && event.Subject == meetingsuc.AboutTranscript:
		job = meetingsuc.RecallTranscript{Event: in.ID, Topic: stored.Topic}
	default:
		job = meetingsuc.RecallEvent{Event: in.ID, Topic: stored.Topic}
	}
	_, err = i.ledger.Store(ctx, stored, job)
	return err
}

// Waiting implements meetingsuc.Arrivals.
func (i *Inbox) Waiting(ctx context.Context, ws kernel.WorkspaceID, topic string) ([]meetingsuc.Arrival, error) {
	stored, err := i.ledger.Waiting(ctx, ws, meetingsuc.Provider, topic, meetingsuc.ManyArrivals)
	if err != nil {
		return nil, err
	}
	waiting := make([]meetingsuc.Arrival, len(stored))
	for n, in := range stored {
		waiting[n].ID = in.EventID
		if waiting[n].Event, err = i.read(in); err != nil {
			return nil, err
		}
	}
	return waiting, nil
}

// Take implements meetingsuc.Arrivals.
func (i *Inbox) Take(ctx context.Context, ws kernel.WorkspaceID, topic string, ids []string) ([]string, error) {
	return i.ledger.Take(ctx, ws, meetingsuc.Provider, topic, ids)
}

// load returns a stored event.
func (i *Inbox) load(ctx context.Context, ws kernel.WorkspaceID, id string) (meetingsuc.NotetakerEvent, error) {
	in, err := i.ledger.LoadInbound(ctx, ws, meetingsuc.Provider, id)
	if err != nil {
		return meetingsuc.NotetakerEvent{}, err
	}
	return i.read(in)
}

func (i *Inbox) read(in queue.Inbound) (meetingsuc.NotetakerEvent, error) {
	event, err := i.decoder.Decode(in.Body)
	if err != nil {
		return meetingsuc.NotetakerEvent{}, queue.Permanent(err)
	}
	return event, nil
}
