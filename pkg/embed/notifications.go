package embed

import (
	"github.com/google/wire"

	"github.com/tertulia-dev/tertulia/adapter/notifications/agentsbridge"
	"github.com/tertulia-dev/tertulia/adapter/notifications/batchcallsbridge"
	"github.com/tertulia-dev/tertulia/adapter/notifications/meetingsbridge"
	"github.com/tertulia-dev/tertulia/adapter/notifications/notificationspg"
	"github.com/tertulia-dev/tertulia/adapter/notifications/notificationstask"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	notificationsuc "github.com/tertulia-dev/tertulia/usecase/notifications"
)

var notificationsSet = wire.NewSet(
	notificationsuc.New, wire.Value(notificationspg.Notifications{}),
	wire.Bind(new(notificationsuc.Notifications), new(notificationspg.Notifications)),
)

func registerNotificationJobs(r *queue.Registry, uc *notificationsuc.UseCases) {
	notificationstask.Register(r, uc.Notify, meetingsbridge.Bridge{}, agentsbridge.Bridge{}, batchcallsbridge.Bridge{})
}
