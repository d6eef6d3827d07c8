// Package notificationsuc holds what can be done with a person's notifications. See README.md.
package notificationsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
)

// Latest is how many notifications a reader sees.
const Latest = 20

// Notifications keeps notifications. Every method stays inside one workspace and one rep.
type Notifications interface {
	// Add stores a notification unless its event has already notified the rep, or its meeting has been deleted since.
	Add(ctx context.Context, n notifications.Notification) error
	// Latest returns the rep's newest notifications, at most limit, and how many of all are unread.
	Latest(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, limit int) ([]notifications.Notification, int, error)
	// MarkRead marks one notification and returns it; one that was read keeps its time. NotFound NOTIFICATION_NOT_FOUND.
	MarkRead(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, id notifications.ID, at time.Time) (notifications.Notification, error)
	// MarkAllRead marks every unread notification and returns how many those were.
	MarkAllRead(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, at time.Time) (int, error)
	// DeleteRead removes those that were read and returns how many.
	DeleteRead(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID) (int, error)
}
