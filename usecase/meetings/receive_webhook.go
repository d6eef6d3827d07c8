package meetingsuc

import (
	"context"
	"fmt"
)

// Provider is the name under which the inbox keeps the notetaker vendor's events.
const Provider = "recall"

// ReceiveWebhook takes in an event of the notetaker vendor. All work happens in a job: the vendor waits 15 seconds at
// most, and its repeated deliveries change nothing.
type ReceiveWebhook struct {
	inbox Inbox
	owner VendorOwner
}

// Execute stores the event.
func (uc *ReceiveWebhook) Execute(ctx context.Context, in InboundEvent) error {
	ws, err := uc.owner.VendorWorkspace(ctx)
	if err != nil {
		return fmt.Errorf("receive webhook: %w", err)
	}
	if err := uc.inbox.Receive(ctx, ws, in); err != nil {
		return fmt.Errorf("receive webhook: %w", err)
	}
	return nil
}
