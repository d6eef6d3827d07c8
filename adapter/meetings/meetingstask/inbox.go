package meetingstask

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Inbox implements meetingsuc.Inbox over the ledger's.
type Inbox struct{ ledger *queue.Ledger }

// NewInbox makes an inbox.
func NewInbox(ledger *queue.Ledger) *Inbox { return &Inbox{ledger: ledger} }

// Receive stores the event and its job in one statement.
func (i *Inbox) Receive(ctx context.Context, ws kernel.WorkspaceID, in meetingsuc.InboundEvent) error {
	_, err := i.ledger.Store(ctx, queue.Inbound{
		Workspace: ws, Provider: meetingsuc.Provider, EventID: in.ID, Body: in.Body, RequestID: in.RequestID,
	}, meetingsuc.RecallEvent{Event: in.ID})
	return err
}
