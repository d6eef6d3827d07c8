package batchcallstask

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Decoder reads the provider's events.
type Decoder interface {
	// Decode reads an event; matters is false when nothing follows from it.
	Decode(body []byte) (news batchcallsuc.CallNews, matters bool, err error)
}

// Inbox implements batchcallsuc.Inbox over the ledger's.
type Inbox struct {
	ledger  *queue.Ledger
	decoder Decoder
}

// NewInbox makes an inbox.
func NewInbox(ledger *queue.Ledger, decoder Decoder) *Inbox {
	return &Inbox{ledger: ledger, decoder: decoder}
}

// Receive stores the event, and its job if there is work, in one statement. An event that cannot be read gets a job that dies
// of it, for people to see.
func (i *Inbox) Receive(ctx context.Context, ws kernel.WorkspaceID, e batchcallsuc.InboundEvent) error {
	var job port.Job
	if _, matters, err := i.decoder.Decode(e.Body); matters || err != nil {
		job = batchcallsuc.CallEvent{Event: e.ID}
	}
	_, err := i.ledger.Store(ctx, queue.Inbound{
		Workspace: ws, Provider: batchcallsuc.ProviderName, EventID: e.ID, Body: e.Body, RequestID: e.RequestID,
	}, job)
	return err
}

// load returns a stored event.
func (i *Inbox) load(ctx context.Context, ws kernel.WorkspaceID, id string) (batchcallsuc.CallNews, error) {
	in, err := i.ledger.LoadInbound(ctx, ws, batchcallsuc.ProviderName, id)
	if err != nil {
		return batchcallsuc.CallNews{}, err
	}
	news, _, err := i.decoder.Decode(in.Body)
	if err != nil {
		return batchcallsuc.CallNews{}, queue.Permanent(err)
	}
	return news, nil
}
