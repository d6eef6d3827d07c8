package notificationsuc

import "encoding/json"

// NotifyOfEvent tells people of one event of another capability.
type NotifyOfEvent struct {
	Event   string          `json:"event"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload"`
}

// Kind implements port.Job.
func (NotifyOfEvent) Kind() string { return "notify" }

// Unique keeps one pending job an event.
func (j NotifyOfEvent) Unique() string { return j.Event }
