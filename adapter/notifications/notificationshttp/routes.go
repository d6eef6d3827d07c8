// Package notificationshttp serves a person's notifications.
package notificationshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	notificationsuc "github.com/tertulia-dev/tertulia/usecase/notifications"
)

const tag = "notifications"

// Register registers the routes of notifications.
func Register(api *httpserver.API, uc *notificationsuc.UseCases, texts *catalog.Catalog) {
	registerList(api, uc.Queries, texts)
	registerMarkRead(api, uc.MarkRead, texts)
	registerMarkAllRead(api, uc.MarkAllRead)
	registerDeleteRead(api, uc.DeleteRead)
}

type callerInput struct{ httpserver.Caller }

type listOutput struct {
	Body tertulia.NotificationList
}

// registerList: GET /api/notifications.
func registerList(api *httpserver.API, q *notificationsuc.Queries, texts *catalog.Catalog) {
	httpserver.Get(api, "/api/notifications", httpserver.Spec{
		ID: "listNotifications", Tag: tag, Summary: "The last 20 notifications", Role: kernel.Rep,
	}, func(ctx context.Context, in *callerInput) (*listOutput, error) {
		list, unread, err := q.Latest(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		out := listOutput{Body: tertulia.NotificationList{Data: []tertulia.Notification{}, UnreadCount: unread}}
		for _, n := range list {
			out.Body.Data = append(out.Body.Data, toAPINotification(n, texts, httpserver.Language(ctx)))
		}
		return &out, nil
	})
}

type markInput struct {
	httpserver.Caller

	ID string `path:"id" doc:"The notification's ID."`
}

type markOutput struct {
	Body tertulia.Notification
}

// registerMarkRead: PATCH /api/notifications/{id}/read.
func registerMarkRead(api *httpserver.API, uc *notificationsuc.MarkRead, texts *catalog.Catalog) {
	httpserver.Patch(api, "/api/notifications/{id}/read", httpserver.Spec{
		ID: "markNotificationRead", Tag: tag, Summary: "Mark a notification as read",
		Role: kernel.Rep, Errors: []fault.Code{notifications.NotFound},
	}, func(ctx context.Context, in *markInput) (*markOutput, error) {
		id, err := kernel.ParseID[notifications.ID](in.ID)
		if err != nil {
			return nil, fault.New(fault.NotFound, notifications.NotFound)
		}
		n, err := uc.Execute(ctx, in.Principal, id)
		if err != nil {
			return nil, err
		}
		return &markOutput{Body: toAPINotification(n, texts, httpserver.Language(ctx))}, nil
	})
}

type updatedOutput struct {
	Body tertulia.UpdatedCount
}

// registerMarkAllRead: POST /api/notifications/mark-all-read.
func registerMarkAllRead(api *httpserver.API, uc *notificationsuc.MarkAllRead) {
	httpserver.Post(api, "/api/notifications/mark-all-read", httpserver.Spec{
		ID: "markAllNotificationsRead", Tag: tag, Summary: "Mark all notifications as read", Role: kernel.Rep,
	}, func(ctx context.Context, in *callerInput) (*updatedOutput, error) {
		marked, err := uc.Execute(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		return &updatedOutput{Body: tertulia.UpdatedCount{Updated: marked}}, nil
	})
}

type deletedOutput struct {
	Body tertulia.DeletedCount
}

// registerDeleteRead: DELETE /api/notifications/read.
func registerDeleteRead(api *httpserver.API, uc *notificationsuc.DeleteRead) {
	httpserver.Delete(api, "/api/notifications/read", httpserver.Spec{
		ID: "deleteReadNotifications", Tag: tag, Summary: "Delete the notifications that were read", Role: kernel.Rep,
	}, func(ctx context.Context, in *callerInput) (*deletedOutput, error) {
		deleted, err := uc.Execute(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		return &deletedOutput{Body: tertulia.DeletedCount{Deleted: deleted}}, nil
	})
}
