// Package agentsbridge translates what happens to agents and their models into what people are told of it.
package agentsbridge

import (
	"encoding/json"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	notificationsuc "github.com/tertulia-dev/tertulia/usecase/notifications"
)

// Bridge implements notificationstask.Translator.
type Bridge struct{}

// Types are the events that people are told of.
func (Bridge) Types() []string {
	return []string{agentsuc.EventModelRetired, agentsuc.EventModelEnding, agentsuc.EventCorrectionReviewed}
}

// Translate tells the workspace's administrators of a model, and whoever wrote a correction what has become of it.
func (Bridge) Translate(eventType string, payload []byte) (notificationsuc.NotifyInput, error) {
	switch eventType {
	case agentsuc.EventModelRetired:
		return model(eventType, notifications.ModelRetired, payload)
	case agentsuc.EventModelEnding:
		return model(eventType, notifications.ModelEnding, payload)
	case agentsuc.EventCorrectionReviewed:
		return reviewed(eventType, payload)
	default:
		return notificationsuc.NotifyInput{}, fmt.Errorf("no notification for %s", eventType)
	}
}

func model(eventType string, as notifications.Type, payload []byte) (notificationsuc.NotifyInput, error) {
	e, err := decode[agentsuc.ModelEvent](eventType, payload)
	if err != nil {
		return notificationsuc.NotifyInput{}, err
	}
	in := notificationsuc.NotifyInput{Type: as, Params: map[string]string{"model": e.Model}, Reps: e.Admins}
	for name, value := range map[string]string{"successor": e.Successor, "shutdown": e.Shutdown} {
		if value != "" {
			in.Params[name] = value
		}
	}
	return in, nil
}

func reviewed(eventType string, payload []byte) (notificationsuc.NotifyInput, error) {
	e, err := decode[agentsuc.CorrectionEvent](eventType, payload)
	if err != nil {
		return notificationsuc.NotifyInput{}, err
	}
	return notificationsuc.NotifyInput{
		Type: notifications.CorrectionReviewed, Meeting: e.Meeting.String(), Reps: []kernel.RepID{e.Author},
		Params: map[string]string{"status": string(e.Review), "agent": e.Agent},
	}, nil
}

func decode[T any](eventType string, payload []byte) (event T, err error) {
	if err := json.Unmarshal(payload, &event); err != nil {
		return event, fmt.Errorf("decode %s: %w", eventType, err)
	}
	return event, nil
}
