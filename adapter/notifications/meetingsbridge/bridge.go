// Package meetingsbridge translates what happens to meetings into what people are told of it.
package meetingsbridge

import (
	"encoding/json"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	notificationsuc "github.com/tertulia-dev/tertulia/usecase/notifications"
)

// Bridge implements notificationstask.Translator.
type Bridge struct{}

// Types are the events that people are told of.
func (Bridge) Types() []string {
	return []string{meetingsuc.EventCompleted, meetingsuc.EventFailed, meetingsuc.EventCRMUnmatched}
}

// Translate tells the meeting's owner, and who asked for the notetaker where that is somebody else.
func (Bridge) Translate(eventType string, payload []byte) (notificationsuc.NotifyInput, error) {
	var e meetingsuc.MeetingEvent
	if err := json.Unmarshal(payload, &e); err != nil {
		return notificationsuc.NotifyInput{}, fmt.Errorf("decode %s: %w", eventType, err)
	}
	in := notificationsuc.NotifyInput{Meeting: e.Meeting.String(), Params: map[string]string{}, Reps: reps(e)}
	switch eventType {
	case meetingsuc.EventCompleted:
		in.Type = notifications.MeetingCompleted
	case meetingsuc.EventFailed:
		in.Type = notifications.MeetingFailed
		in.Params["code"] = string(e.Code)
	case meetingsuc.EventCRMUnmatched:
		in.Type = notifications.CRMNoMatch
	default:
		return notificationsuc.NotifyInput{}, fmt.Errorf("no notification for %s", eventType)
	}
	setIf(in.Params, "title", e.Title)
	setIf(in.Params, "customer", customer(e))
	return in, nil
}

func reps(e meetingsuc.MeetingEvent) []kernel.RepID {
	var list []kernel.RepID
	for _, rep := range []kernel.RepID{e.SalesRep, e.CreatedBy} {
		if rep != "" && (len(list) == 0 || list[0] != rep) {
			list = append(list, rep)
		}
	}
	return list
}

func customer(e meetingsuc.MeetingEvent) string {
	if e.Company != "" {
		return e.Company
	}
	return e.Contact
}

func setIf(params map[string]string, name, value string) {
	if value != "" {
		params[name] = value
	}
}
