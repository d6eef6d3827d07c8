package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// DeleteConversation deletes a conversation at the provider, item by item: its items outlive it there.
type DeleteConversation struct {
	tx            port.Transactor
	jobs          port.Jobs
	conversations Conversations
}

// Execute deletes it. What is gone already is no error.
func (uc *DeleteConversation) Execute(ctx context.Context, ws kernel.WorkspaceID, conversation string) error {
	if err := uc.conversations.Delete(ctx, conversation); err != nil {
		return fmt.Errorf("delete a conversation at the provider: %w", err)
	}
	return uc.tx.InTx(ctx, ws, uc.jobs.Finish)
}
