package notificationsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Queries reads notifications.
type Queries struct {
	reader port.Reader
	store  Notifications
}

// Latest returns the caller's newest notifications and how many of all are unread.
func (q *Queries) Latest(ctx context.Context, actor kernel.Principal) ([]notifications.Notification, int, error) {
	var list []notifications.Notification
	var unread int
	err := q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		var err error
		list, unread, err = q.store.Latest(ctx, actor.Workspace, actor.Rep, Latest)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read notifications: %w", err)
	}
	return list, unread, nil
}
