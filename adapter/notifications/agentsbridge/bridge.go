// Package agentsbridge translates what happens to agents and their models into what people are told of it.
package agentsbridge

import (
	"encoding/json"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/notifications"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	notificationsuc "github.com/tertulia-dev/tertulia/usecase/notifications"
)

// Bridge implements notificationstask.Translator.
type Bridge struct{}

// Types are the events that people are told of.
func (Bridge) Types() []string {
	return []string{agentsuc.EventModelRetired, agentsuc.EventModelEnding}
}

// Translate tells the workspace's administrators.
func (Bridge) Translate(eventType string, payload []byte) (notificationsuc.NotifyInput, error) {
	var e agentsuc.ModelEvent
	if err := json.Unmarshal(payload, &e); err != nil {
		return notificationsuc.NotifyInput{}, fmt.Errorf("decode %s: %w", eventType, err)
	}
	in := notificationsuc.NotifyInput{Params: map[string]string{"model": e.Model}, Reps: e.Admins}
	for name, value := range map[string]string{"successor": e.Successor, "shutdown": e.Shutdown} {
		if value != "" {
			in.Params[name] = value
		}
	}
	switch eventType {
	case agentsuc.EventModelRetired:
		in.Type = notifications.ModelRetired
	case agentsuc.EventModelEnding:
		in.Type = notifications.ModelEnding
	default:
		return notificationsuc.NotifyInput{}, fmt.Errorf("no notification for %s", eventType)
	}
	return in, nil
}
