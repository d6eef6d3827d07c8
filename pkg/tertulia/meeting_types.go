package tertulia

import "time"

// MeetingStatus is how far a meeting has come.
type MeetingStatus string

// States of a meeting, in the order in which they come. A meeting ends COMPLETED, FAILED or CANCELLED.
const (
	Scheduled  MeetingStatus = "SCHEDULED"
	Joining    MeetingStatus = "JOINING"
	InProgress MeetingStatus = "IN_PROGRESS"
	Processing MeetingStatus = "PROCESSING"
	Completed  MeetingStatus = "COMPLETED"
	Failed     MeetingStatus = "FAILED"
	Cancelled  MeetingStatus = "CANCELLED"
)

// Final reports whether the meeting will not change its state by itself any more.
func (s MeetingStatus) Final() bool { return s == Completed || s == Failed || s == Cancelled }

// MeetingType is what a meeting is about. It decides who sees it and how it is analysed.
type MeetingType string

// Types of meeting.
const (
	TypeSales         MeetingType = "ventas"
	TypeGeneral       MeetingType = "general"
	TypeStandup       MeetingType = "standup"
	TypeTechnical     MeetingType = "tecnica"
	TypeDocumentation MeetingType = "documentacion"
	TypePlanning      MeetingType = "planificacion"
)

// SalesSubtype is where in the funnel a sales meeting stands.
type SalesSubtype string

// Subtypes of a sales meeting, in funnel order.
const (
	Qualification SalesSubtype = "calificacion"
	Demonstration SalesSubtype = "demostracion"
	Negotiation   SalesSubtype = "negociacion"
)

// CustomerInfo is whom the meeting is with. Only ContactName is required.
type CustomerInfo struct {
	ContactName      string   `json:"contactName" maxLength:"200" doc:"Name of the customer's contact." example:"Pedro García"`
	Company          string   `json:"company,omitempty" nullable:"true" maxLength:"200" doc:"The customer's company." example:"Acme S.A."`
	Email            string   `json:"email,omitempty" nullable:"true" maxLength:"320" doc:"The contact's e-mail; the CRM contact is matched by it." example:"pedro@acme.example"`
	Phone            string   `json:"phone,omitempty" nullable:"true" maxLength:"40" doc:"The contact's phone number." example:"+525512345678"`
	DealValue        *float64 `json:"dealValue,omitempty" nullable:"true" minimum:"0" doc:"Value of the deal, in units of dealCurrency." example:"50000"`
	DealCurrency     string   `json:"dealCurrency,omitempty" nullable:"true" maxLength:"40" doc:"ISO 4217 code." example:"MXN"`
	HubspotContactID string   `json:"hubspotContactId,omitempty" nullable:"true" maxLength:"64" doc:"The contact in HubSpot, when known." example:"151"`
}

// CustomerView is CustomerInfo as an answer shows it.
type CustomerView struct {
	CustomerInfo
	DealValueDisplay string `json:"dealValueDisplay,omitempty" doc:"The deal's value as people write it." example:"$50,000 MXN"`
}

// RepRef names a sales rep inside another answer.
type RepRef struct {
	ID    string `json:"id" doc:"The rep's ID."`
	Name  string `json:"name" doc:"The rep's name." example:"Emmanuel Hernández"`
	Email string `json:"email" doc:"The rep's e-mail." example:"ventas@example.com"`
}

// MeetingRow is one meeting in a list. Times carry the workspace's offset.
type MeetingRow struct {
	ID                   string        `json:"id" doc:"The meeting's ID."`
	SalesRepID           *string       `json:"sales_rep_id" doc:"Who owns the meeting; null unless it is a sales meeting."`
	CreatedByRepID       *string       `json:"created_by_rep_id" doc:"Who asked for the notetaker."`
	Title                *string       `json:"title" doc:"The meeting's title." example:"Demo Acme"`
	MeetingURL           string        `json:"meeting_url" doc:"Link of the call, without its password." example:"https://meet.google.com/abc-defg-hij"`
	Platform             string        `json:"platform" doc:"Google Meet, Zoom or Microsoft Teams." example:"Google Meet"`
	CustomerInfo         CustomerView  `json:"customer_info" doc:"Whom the meeting is with."`
	Status               MeetingStatus `json:"status" enum:"SCHEDULED,JOINING,IN_PROGRESS,PROCESSING,COMPLETED,FAILED,CANCELLED" doc:"How far the meeting has come."`
	ErrorCode            *string       `json:"error_code" doc:"Why it failed, for machines." example:"EMPTY_TRANSCRIPT"`
	ErrorMessage         *string       `json:"error_message" doc:"Why it failed, for people."`
	MeetingType          MeetingType   `json:"meeting_type" enum:"ventas,general,standup,tecnica,documentacion,planificacion" doc:"What the meeting is about."`
	ScheduledAt          *time.Time    `json:"scheduled_at" doc:"When the notetaker is to join; null when it joined at once."`
	StartedAt            *time.Time    `json:"started_at" doc:"When the call began."`
	StartedAtFormatted   *string       `json:"started_at_formatted" doc:"started_at for people." example:"15 may 2026, 15:00"`
	VideoDurationMinutes *int          `json:"video_duration_minutes" doc:"Length in whole minutes." example:"47"`
	Duration             *string       `json:"duration" doc:"Length for people." example:"47 min"`
	SalesReps            *RepRef       `json:"sales_reps" doc:"The owner."`
	CreatedBy            *RepRef       `json:"created_by" doc:"Who asked for the notetaker."`
}

// Meeting is a meeting as its detail shows it: the row and what a list has no room for.
type Meeting struct {
	MeetingRow
	SalesSubtype *SalesSubtype `json:"sales_subtype" doc:"Where in the funnel; null until known, and for other types."`
	Language     *string       `json:"language" doc:"Language of the call, ISO 639-1." example:"es"`
	EndedAt      *time.Time    `json:"ended_at" doc:"When the call ended."`
	Video        MediaState    `json:"video" doc:"State of the video."`
	Audio        MediaState    `json:"audio" doc:"State of the audio."`
	Hubspot      CRMState      `json:"hubspot" doc:"State of the CRM sync."`
	CreatedAt    time.Time     `json:"created_at" doc:"When the meeting was stored."`
	UpdatedAt    time.Time     `json:"updated_at" doc:"When it last changed."`
}

// MediaState tells whether a recording can be played.
type MediaState struct {
	State           string   `json:"state" enum:"none,pending,ready,failed,deleted" doc:"Whether it can be played."`
	DurationSeconds *float64 `json:"duration_seconds" doc:"Length in seconds."`
	SizeBytes       *int64   `json:"size_bytes" doc:"Size in bytes."`
}

// CRMState tells what became of the meeting in HubSpot.
type CRMState struct {
	State        string     `json:"state" enum:"none,pending,synced,skipped,failed" doc:"What became of it."`
	Reason       *string    `json:"reason" doc:"Why it was skipped or failed, for machines." example:"HUBSPOT_PROPERTY_REFUSED"`
	Message      *string    `json:"message" doc:"Why, for people: with the properties that HubSpot demands or does not take."`
	ContactID    *string    `json:"contact_id" doc:"The contact in HubSpot."`
	DealID       *string    `json:"deal_id" doc:"The contact's open deal in HubSpot."`
	NoteID       *string    `json:"note_id" doc:"The note in HubSpot."`
	EngagementID *string    `json:"engagement_id" doc:"The meeting engagement in HubSpot."`
	SyncedAt     *time.Time `json:"synced_at" doc:"When it was last written there."`
}
