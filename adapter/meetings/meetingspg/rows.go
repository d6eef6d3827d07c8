// Package meetingspg keeps meetings in Postgres.
package meetingspg

import (
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

type meetingRow struct {
	bun.BaseModel `bun:"table:meetings,alias:m"`

	ID        meetings.ID        `bun:"id,pk"`
	Workspace kernel.WorkspaceID `bun:"workspace_id"`
	SalesRep  kernel.RepID       `bun:"sales_rep_id,nullzero"`
	CreatedBy kernel.RepID       `bun:"created_by_rep_id,nullzero"`
	Version   int64              `bun:"version"`

	URL      string            `bun:"meeting_url"`
	Platform meetings.Platform `bun:"platform"`
	Title    string            `bun:"title"`
	Type     meetings.Type     `bun:"meeting_type"`
	Subtype  meetings.Subtype  `bun:"sales_subtype"`
	Customer customerDoc       `bun:"customer,type:jsonb"`
	Language string            `bun:"language"`

	Status  meetings.Status `bun:"status"`
	Failure failureDoc      `bun:"failure,type:jsonb"`

	ScheduledAt     *time.Time `bun:"scheduled_at"`
	ScheduledOffset int        `bun:"scheduled_offset"`
	StartedAt       *time.Time `bun:"started_at"`
	EndedAt         *time.Time `bun:"ended_at"`

	BotID            meetings.BotID        `bun:"bot_id"`
	BotKey           string                `bun:"bot_key"`
	BotState         meetings.BotState     `bun:"bot_state"`
	BotNeedsPassword bool                  `bun:"bot_needs_password"`
	BotLastCode      string                `bun:"bot_last_code"`
	RecordingID      meetings.RecordingID  `bun:"recording_id"`
	TranscriptID     meetings.TranscriptID `bun:"transcript_id"`

	Video         mediaDoc   `bun:"video,type:jsonb"`
	Audio         mediaDoc   `bun:"audio,type:jsonb"`
	MediaStoredAt *time.Time `bun:"media_stored_at"`
	CRM           crmDoc     `bun:"crm,type:jsonb"`

	CreatedAt time.Time `bun:"created_at"`
	UpdatedAt time.Time `bun:"updated_at"`
}

type customerDoc struct {
	ContactName      string   `json:"contactName,omitempty"`
	Company          string   `json:"company,omitempty"`
	Email            string   `json:"email,omitempty"`
	Phone            string   `json:"phone,omitempty"`
	DealValue        *float64 `json:"dealValue,omitempty"`
	DealCurrency     string   `json:"dealCurrency,omitempty"`
	HubspotContactID string   `json:"hubspotContactId,omitempty"`
}

type failureDoc struct {
	Code   fault.Code        `json:"code,omitempty"`
	Params map[string]string `json:"params,omitempty"`
}

type mediaDoc struct {
	State    meetings.MediaState `json:"state"`
	Key      string              `json:"key,omitempty"`
	Duration time.Duration       `json:"durationNs,omitempty"`
	Bytes    int64               `json:"bytes,omitempty"`
	StoredAt *time.Time          `json:"storedAt,omitempty"`
}

type crmDoc struct {
	State        meetings.SyncState `json:"state"`
	Reason       fault.Code         `json:"reason,omitempty"`
	Params       map[string]string  `json:"params,omitempty"`
	ContactID    string             `json:"contactId,omitempty"`
	DealID       string             `json:"dealId,omitempty"`
	NoteID       string             `json:"noteId,omitempty"`
	EngagementID string             `json:"engagementId,omitempty"`
	SyncedAt     *time.Time         `json:"syncedAt,omitempty"`
	Unmatched    string             `json:"unmatched,omitempty"`
	Untried      bool               `json:"untried,omitempty"`
	BusyBy       string             `json:"busyBy,omitempty"`
	BusyUntil    *time.Time         `json:"busyUntil,omitempty"`
}

type transcriptRow struct {
	bun.BaseModel `bun:"table:transcripts"`

	Meeting   meetings.ID           `bun:"meeting_id,pk"`
	ID        meetings.TranscriptID `bun:"id"`
	Workspace kernel.WorkspaceID    `bun:"workspace_id"`
	Body      json.RawMessage       `bun:"body,type:json"`
	StoredAt  time.Time             `bun:"stored_at"`
}

type analysisRow struct {
	bun.BaseModel `bun:"table:analyses"`

	Meeting     meetings.ID         `bun:"meeting_id,pk"`
	ID          meetings.AnalysisID `bun:"id"`
	Workspace   kernel.WorkspaceID  `bun:"workspace_id"`
	Body        json.RawMessage     `bun:"body,type:jsonb"`
	Score       *int                `bun:"sales_rep_score"`
	Probability *int                `bun:"close_probability"`
	CreatedAt   time.Time           `bun:"created_at"`
}
