package notificationshttp

import (
	"maps"

	"github.com/tertulia-dev/tertulia/domain/notifications"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// toAPINotification renders the notification in the reader's language. A failure's code becomes the sentence of its
// reason.
func toAPINotification(n notifications.Notification, texts *catalog.Catalog, lang string) tertulia.Notification {
	params := maps.Clone(n.Params)
	if code := params["code"]; code != "" {
		params["reason"] = texts.Text(lang, code, nil)
	}
	key := "notification." + string(n.Type)
	return tertulia.Notification{
		ID: n.ID.String(), Type: string(n.Type),
		Title: texts.Text(lang, key+".title", params), Message: texts.Text(lang, key+".body", params),
		MeetingID: httpserver.OrNull(n.Meeting), Read: n.ReadAt != nil, CreatedAt: n.CreatedAt,
	}
}
