// Package notificationstask turns events into notifications.
package notificationstask

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	notificationsuc "github.com/tertulia-dev/tertulia/usecase/notifications"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Translator decodes another capability's events: a bridge.
type Translator interface {
	// Types are the events that people are told of.
	Types() []string
	// Translate returns what to tell of an event, and to whom. The event's ID and workspace are filled in by the caller.
	Translate(eventType string, payload []byte) (notificationsuc.NotifyInput, error)
}

// Register subscribes to the events and registers the job that tells of them. Each event has one translator.
func Register(r *queue.Registry, uc *notificationsuc.Notify, translators ...Translator) {
	of := map[string]Translator{}
	var types []string
	for _, t := range translators {
		for _, eventType := range t.Types() {
			of[eventType] = t
			types = append(types, eventType)
		}
	}
	r.Subscribe("notifications", types, func(e queue.Recorded) port.Job {
		return notificationsuc.NotifyOfEvent{Event: e.ID, Type: e.Type, Payload: e.Payload}
	})
	queue.Handle(r, queue.Kind{}, func(ctx context.Context, run queue.Run, job notificationsuc.NotifyOfEvent) error {
		translator, known := of[job.Type]
		if !known {
			return queue.Permanent(fmt.Errorf("no notification for %s", job.Type))
		}
		in, err := translator.Translate(job.Type, job.Payload)
		if err != nil {
			return queue.Permanent(err)
		}
		in.Workspace, in.Event = run.Workspace, job.Event
		return uc.Execute(ctx, in)
	})
}
