package tertulia

import "time"

// ScheduleRequest asks for a notetaker, now or later: POST /api/meetings/schedule.
type ScheduleRequest struct {
	MeetingURL       string       `json:"meetingUrl,omitempty" nullable:"true" minLength:"1" maxLength:"2000" doc:"Google Meet, Zoom or Microsoft Teams link. Absent: a Google Meet is made." example:"https://meet.google.com/abc-defg-hij"`
	MeetingPassword  string       `json:"meetingPassword,omitempty" nullable:"true" maxLength:"200" doc:"Password of a Zoom link without pwd. Handed on once, never stored."`
	Title            string       `json:"title,omitempty" nullable:"true" maxLength:"300" doc:"The meeting's title." example:"Demo Acme"`
	MeetingType      MeetingType  `json:"meetingType,omitempty" nullable:"true" doc:"ventas (default), general, standup, tecnica, documentacion or planificacion." example:"ventas"`
	ScheduledAt      string       `json:"scheduledAt,omitempty" nullable:"true" minLength:"1" maxLength:"40" doc:"RFC 3339 with an offset. Absent: now." example:"2026-05-15T15:00:00-06:00"`
	CustomerInfo     CustomerInfo `json:"customerInfo" doc:"Whom the meeting is with."`
	HubspotContactID string       `json:"hubspotContactId,omitempty" nullable:"true" maxLength:"64" doc:"Same as customerInfo.hubspotContactId."`
	SalesRepEmail    string       `json:"salesRepEmail,omitempty" nullable:"true" maxLength:"320" doc:"For whom. Required with an API key; with a session, naming another rep needs an administrator." example:"ventas@example.com"`
	SalesRepName     string       `json:"salesRepName,omitempty" nullable:"true" maxLength:"200" doc:"Name of a rep who is not known yet." example:"Emmanuel Hernández"`
}

// StartRequest asks for a notetaker at once: POST /api/meetings/start.
type StartRequest struct {
	MeetingURL       string       `json:"meetingUrl" maxLength:"2000" doc:"Google Meet, Zoom or Microsoft Teams link." example:"https://meet.google.com/qxb-xdam-uae"`
	MeetingPassword  string       `json:"meetingPassword,omitempty" nullable:"true" maxLength:"200" doc:"Password of a Zoom link without pwd. Handed on once, never stored."`
	Title            string       `json:"title,omitempty" nullable:"true" maxLength:"300" doc:"The meeting's title."`
	MeetingType      MeetingType  `json:"meetingType,omitempty" nullable:"true" doc:"ventas (default), general, standup, tecnica, documentacion or planificacion." example:"ventas"`
	CustomerInfo     CustomerInfo `json:"customerInfo" doc:"Whom the meeting is with."`
	HubspotContactID string       `json:"hubspotContactId,omitempty" nullable:"true" maxLength:"64" doc:"Same as customerInfo.hubspotContactId."`
	SalesRepEmail    string       `json:"salesRepEmail,omitempty" nullable:"true" maxLength:"320" doc:"For whom. Required with an API key."`
	SalesRepName     string       `json:"salesRepName,omitempty" nullable:"true" maxLength:"200" doc:"Name of a rep who is not known yet."`
}

// InviteBotRequest asks for a notetaker in a meeting that is not about sales: POST /api/meetings/invite-bot.
type InviteBotRequest struct {
	MeetingURL      string      `json:"meetingUrl" maxLength:"2000" doc:"Google Meet, Zoom or Microsoft Teams link." example:"https://meet.google.com/qxb-xdam-uae"`
	MeetingPassword string      `json:"meetingPassword,omitempty" nullable:"true" maxLength:"200" doc:"Password of a Zoom link without pwd. Handed on once, never stored."`
	Title           string      `json:"title,omitempty" nullable:"true" maxLength:"300" doc:"The meeting's title."`
	MeetingType     MeetingType `json:"meetingType,omitempty" nullable:"true" doc:"general (default), standup, tecnica, documentacion or planificacion." example:"general"`
	ScheduledAt     string      `json:"scheduledAt,omitempty" nullable:"true" minLength:"1" maxLength:"40" doc:"RFC 3339 with an offset. Absent: now."`
	SalesRepEmail   string      `json:"salesRepEmail,omitempty" nullable:"true" maxLength:"320" doc:"Who asks. Required with an API key."`
	SalesRepName    string      `json:"salesRepName,omitempty" nullable:"true" maxLength:"200" doc:"Name of a rep who is not known yet."`
}

// ScheduledMeeting is the answer to schedule, start and invite-bot.
type ScheduledMeeting struct {
	MeetingID   string        `json:"meetingId" doc:"The meeting's ID."`
	MeetURL     string        `json:"meetUrl" doc:"Link of the call." example:"https://meet.google.com/abc-defg-hij"`
	ScheduledAt *string       `json:"scheduledAt" doc:"As given; null when the notetaker joins at once." example:"2026-05-15T15:00:00-06:00"`
	Status      MeetingStatus `json:"status" enum:"SCHEDULED,JOINING,IN_PROGRESS,PROCESSING,COMPLETED,FAILED,CANCELLED" doc:"SCHEDULED or JOINING; a replayed request shows the meeting's state of now."`
}

// MeetingFilter chooses meetings: the query of GET /api/meetings. The zero value is everything one may see.
type MeetingFilter struct {
	Page        int         `query:"page" minimum:"1" default:"1" doc:"Page, from 1."`
	Limit       int         `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Rows a page."`
	Status      []string    `query:"status" doc:"States, separated by commas." example:"COMPLETED,FAILED"`
	MeetingType MeetingType `query:"meetingType" doc:"One type of meeting." example:"ventas"`
	DateFrom    string      `query:"dateFrom" doc:"First day or instant, inclusive, of the start, or of the schedule where there is no start." example:"2026-05-01"`
	DateTo      string      `query:"dateTo" doc:"Last day or instant, inclusive." example:"2026-05-31"`
	Search      string      `query:"search" maxLength:"200" doc:"Part of the title, the company or the contact's name; accents and case do not matter." example:"acme"`
}

// MeetingPage is one page of meetings, newest first.
type MeetingPage struct {
	Data  []MeetingRow `json:"data" doc:"The meetings."`
	Total int          `json:"total" doc:"How many there are on all pages."`
	Page  int          `json:"page" doc:"This page, from 1."`
	Limit int          `json:"limit" doc:"Rows a page."`
}

// CustomerPatch changes what is known of the customer; an absent field stays as it is.
type CustomerPatch struct {
	ContactName      Nullable[string]  `json:"contactName,omitzero" doc:"Name of the customer's contact; may not be cleared."`
	Company          Nullable[string]  `json:"company,omitzero" doc:"The customer's company."`
	Email            Nullable[string]  `json:"email,omitzero" doc:"The contact's e-mail."`
	Phone            Nullable[string]  `json:"phone,omitzero" doc:"The contact's phone number."`
	DealValue        Nullable[float64] `json:"dealValue,omitzero" doc:"Value of the deal."`
	DealCurrency     Nullable[string]  `json:"dealCurrency,omitzero" doc:"ISO 4217 code."`
	HubspotContactID Nullable[string]  `json:"hubspotContactId,omitzero" doc:"The contact in HubSpot."`
}

// UpdateMeetingRequest changes a meeting: PATCH /api/meetings/{id}. An absent field stays, null clears.
type UpdateMeetingRequest struct {
	Title            Nullable[string] `json:"title,omitzero" doc:"The meeting's title."`
	CustomerInfo     *CustomerPatch   `json:"customerInfo,omitempty" doc:"Merged into what is known of the customer."`
	HubspotContactID Nullable[string] `json:"hubspotContactId,omitzero" doc:"Same as customerInfo.hubspotContactId."`
	SalesRepID       Nullable[string] `json:"sales_rep_id,omitzero" doc:"The new owner; administrators only."`
}

// CancelAnswer is the answer to DELETE /api/meetings/{id}.
type CancelAnswer struct {
	OK     bool          `json:"ok" doc:"Always true."`
	Status MeetingStatus `json:"status" enum:"SCHEDULED,JOINING,IN_PROGRESS,PROCESSING,COMPLETED,FAILED,CANCELLED" doc:"CANCELLED."`
}

// DeleteAnswer is the answer to DELETE /api/admin/meetings/{id}.
type DeleteAnswer struct {
	OK        bool         `json:"ok" doc:"Always true: the meeting is gone here."`
	MeetingID string       `json:"meetingId" doc:"The meeting's ID."`
	Deleted   DeletedParts `json:"deleted" doc:"What became of each part."`
	JobID     string       `json:"jobId" doc:"The job that makes sure of the parts outside our database, and goes on with those that are pending."`
}

// DeletedParts is what became of the parts of a deleted meeting.
type DeletedParts struct {
	Database DeletedPart `json:"database" doc:"The meeting, its transcript, its analysis and everything else that hung on it."`
	Recall   DeletedPart `json:"recall" doc:"The notetaker, and what the notetaker's vendor holds."`
	Storage  DeletedPart `json:"storage" doc:"The recordings in our storage."`
}

// DeletedPart is what became of one part.
type DeletedPart struct {
	Status  string  `json:"status" enum:"deleted,none,pending" doc:"deleted, none (there was nothing) or pending (a job goes on)."`
	Reason  *string `json:"reason" doc:"Why it is pending, for machines." example:"RECALL_ERROR"`
	Message *string `json:"message" doc:"Why it is pending, for people."`
}

// ReanalyzeRequest asks for a new analysis: POST /api/meetings/{id}/reanalyze.
type ReanalyzeRequest struct {
	SalesSubtype SalesSubtype `json:"sales_subtype,omitempty" nullable:"true" doc:"calificacion, demostracion or negociacion; absent: found out. Sales meetings only." example:"demostracion"`
}

// ReanalyzeAnswer names the job that makes the new analysis.
type ReanalyzeAnswer struct {
	JobID     string        `json:"jobId" doc:"The job's ID."`
	MeetingID string        `json:"meetingId" doc:"The meeting's ID."`
	Status    MeetingStatus `json:"status" enum:"SCHEDULED,JOINING,IN_PROGRESS,PROCESSING,COMPLETED,FAILED,CANCELLED" doc:"PROCESSING: the job's state, not the meeting's."`
}

// MediaLink opens a recording: GET /api/meetings/{id}/video and /audio.
type MediaLink struct {
	URL       string    `json:"url" doc:"Signed; opens without a credential." example:"https://api.example.com/media/8c1b6e2f/video.mp4?expires=1778882400&signature=3f6a"`
	ExpiresAt time.Time `json:"expiresAt" doc:"When the link ends, an hour from now."`
}
