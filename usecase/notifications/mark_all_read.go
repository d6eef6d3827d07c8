package notificationsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// MarkAllRead marks all of the caller's notifications as read.
type MarkAllRead struct {
	tx    port.Transactor
	store Notifications
	clock port.Clock
}

// Execute returns how many were unread.
func (uc *MarkAllRead) Execute(ctx context.Context, actor kernel.Principal) (int, error) {
	var marked int
	err := uc.tx.InTx(ctx, actor.Workspace, func(ctx context.Context) error {
		var err error
		marked, err = uc.store.MarkAllRead(ctx, actor.Workspace, actor.Rep, uc.clock.Now())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("mark all notifications read: %w", err)
	}
	return marked, nil
}
