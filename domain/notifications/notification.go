// Package notifications holds what a person is told: that a meeting is analysed, that it failed, that the CRM knows no
// such contact.
package notifications

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ID names a notification.
type ID string

// String returns the canonical UUID text.
func (id ID) String() string { return string(id) }

// Type says what a notification tells. Its sentence is in the catalogue.
type Type string

// Types.
const (
	MeetingCompleted   Type = "meeting_completed"
	MeetingFailed      Type = "meeting_failed"
	CRMNoMatch         Type = "crm_no_match"
	CorrectionReviewed Type = "correction_reviewed"
	ModelRetired       Type = "model_retired" // a model answers no more, and another does
	ModelEnding        Type = "model_ending"  // its end is announced
	CampaignPaused     Type = "call_campaign_paused"
)

// NotFound is the code for a notification that the reader does not have.
const NotFound fault.Code = "NOTIFICATION_NOT_FOUND"

// Notification is one message to one rep. Params fill its sentence; they hold names, never private text.
type Notification struct {
	ID        ID
	Workspace kernel.WorkspaceID
	Rep       kernel.RepID
	Event     string // the event it tells of, so that a second delivery of that event adds nothing
	Type      Type
	Meeting   string
	Params    map[string]string
	ReadAt    *time.Time
	CreatedAt time.Time
}
