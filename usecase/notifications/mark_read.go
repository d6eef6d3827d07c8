package notificationsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// MarkRead marks one of the caller's notifications as read. Marking twice changes nothing.
//
// Errors: NotFound NOTIFICATION_NOT_FOUND for one that the caller does not have.
type MarkRead struct {
	tx    port.Transactor
	store Notifications
	clock port.Clock
}

// Execute returns the notification as it is then.
func (uc *MarkRead) Execute(ctx context.Context, actor kernel.Principal, id notifications.ID) (notifications.Notification, error) {
	var n notifications.Notification
	err := uc.tx.InTx(ctx, actor.Workspace, func(ctx context.Context) error {
		var err error
		n, err = uc.store.MarkRead(ctx, actor.Workspace, actor.Rep, id, uc.clock.Now())
		return err
	})
	if err != nil {
		return notifications.Notification{}, fmt.Errorf("mark notification read: %w", err)
	}
	return n, nil
}
