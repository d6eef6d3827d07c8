package notificationsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// DeleteRead removes the caller's notifications that were read.
type DeleteRead struct {
	tx    port.Transactor
	store Notifications
}

// Execute returns how many were removed.
func (uc *DeleteRead) Execute(ctx context.Context, actor kernel.Principal) (int, error) {
	var deleted int
	err := uc.tx.InTx(ctx, actor.Workspace, func(ctx context.Context) error {
		var err error
		deleted, err = uc.store.DeleteRead(ctx, actor.Workspace, actor.Rep)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("delete read notifications: %w", err)
	}
	return deleted, nil
}
