package agentsbridge

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Restore implements meetingsuc.LostFiles.
func (b Bridge) Restore(ctx context.Context, ws kernel.WorkspaceID, stores []string) error {
	return b.agents.Restore(ctx, ws, stores)
}
