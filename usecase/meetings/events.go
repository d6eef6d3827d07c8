package meetingsuc

import (
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// Types of events. Every status has one, named by EventOf.
const (
	EventScheduled    = "meeting.scheduled"
	EventCompleted    = "meeting.completed"
	EventFailed       = "meeting.failed"
	EventReanalyzed   = "meeting.reanalyzed"
	EventCRMUnmatched = "meeting.crm_unmatched"
	EventDeleted      = "meeting.deleted" // its payload names the meeting and nothing else
)

// EventOf names the event of a meeting that has reached a status, as in "meeting.in_progress".
func EventOf(s meetings.Status) string { return "meeting." + strings.ToLower(string(s)) }

// MeetingEvent is the payload of every event of a meeting.
type MeetingEvent struct {
	Meeting   meetings.ID     `json:"meeting"`
	Status    meetings.Status `json:"status"`
	Type      meetings.Type   `json:"type"`
	Title     string          `json:"title,omitempty"`
	Company   string          `json:"company,omitempty"`
	Contact   string          `json:"contact,omitempty"`
	SalesRep  kernel.RepID    `json:"sales_rep,omitempty"`
	CreatedBy kernel.RepID    `json:"created_by,omitempty"`
	Code      fault.Code      `json:"code,omitempty"`
}
