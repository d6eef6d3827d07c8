package tertulia

import (
	"context"
	"net/http"
	"net/url"
)

// Notifications tell the caller what happened.
type Notifications struct{ c *Client }

// List returns the last 20, newest first, and how many are unread.
func (n Notifications) List(ctx context.Context, opts ...CallOption) (NotificationList, error) {
	return call[NotificationList](ctx, n.c, request{method: http.MethodGet, path: "/api/notifications"}, opts)
}

// MarkRead marks one as read. CodeNotificationNotFound when it is not the caller's.
func (n Notifications) MarkRead(ctx context.Context, id string, opts ...CallOption) (Notification, error) {
	return call[Notification](ctx, n.c, request{
		method: http.MethodPatch, path: "/api/notifications/" + url.PathEscape(id) + "/read",
	}, opts)
}

// MarkAllRead marks all as read and returns how many were unread.
func (n Notifications) MarkAllRead(ctx context.Context, opts ...CallOption) (UpdatedCount, error) {
	return call[UpdatedCount](ctx, n.c, request{
		method: http.MethodPost, path: "/api/notifications/mark-all-read", idempotencyKey: freshKey(),
	}, opts)
}

// DeleteRead removes those that were read and returns how many.
func (n Notifications) DeleteRead(ctx context.Context, opts ...CallOption) (DeletedCount, error) {
	return call[DeletedCount](ctx, n.c, request{method: http.MethodDelete, path: "/api/notifications/read"}, opts)
}
