// Package batchcallsbridge translates what happens to campaigns of calls into what people are told of it.
package batchcallsbridge

import (
	"encoding/json"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
	notificationsuc "github.com/tertulia-dev/tertulia/usecase/notifications"
)

// Bridge implements notificationstask.Translator.
type Bridge struct{}

// Types are the events that people are told of.
func (Bridge) Types() []string { return []string{batchcallsuc.EventCampaignPaused} }

// Translate tells the workspace's administrators of a campaign that stands still. Nobody is told of one that a person has
// paused: that person knows.
func (Bridge) Translate(eventType string, payload []byte) (notificationsuc.NotifyInput, error) {
	var e batchcallsuc.CampaignPaused
	if err := json.Unmarshal(payload, &e); err != nil {
		return notificationsuc.NotifyInput{}, fmt.Errorf("decode %s: %w", eventType, err)
	}
	in := notificationsuc.NotifyInput{Type: notifications.CampaignPaused, Params: map[string]string{
		"name": e.Name, "reason": string(e.Reason), "campaign": e.PublicID,
	}}
	if e.Reason != batchcalls.PausedByPerson {
		in.Reps = e.Admins
	}
	return in, nil
}
