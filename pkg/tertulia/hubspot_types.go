package tertulia

// HubspotContact is a person in HubSpot. What HubSpot does not know is empty.
type HubspotContact struct {
	ID      string `json:"id" doc:"The contact's ID, for hubspotContactId." example:"101"`
	Name    string `json:"name" doc:"First and last name." example:"Pedro García"`
	Email   string `json:"email" doc:"The contact's main e-mail." example:"pedro@acme.example"`
	Company string `json:"company" doc:"The contact's company." example:"Acme S.A."`
	Phone   string `json:"phone" doc:"The contact's phone number."`
}

// HubspotContactList is what a search for contacts found, in HubSpot's order.
type HubspotContactList struct {
	Data []HubspotContact `json:"data" doc:"The contacts."`
}

// HubspotSearch is the query of GET /api/hubspot/contacts/search and GET /api/meetings/{id}/hubspot/candidates.
type HubspotSearch struct {
	Q     string `query:"q" maxLength:"200" doc:"Part of a name, e-mail, company or phone number." example:"acme"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Contacts at most."`
}

// HubspotOwner is a user of the HubSpot account, to whom records may belong.
type HubspotOwner struct {
	ID    string `json:"id" doc:"The owner's ID, for hubspotOwnerId." example:"7002"`
	Email string `json:"email" doc:"The owner's e-mail." example:"ventas@example.com"`
	Name  string `json:"name" doc:"First and last name." example:"Emmanuel Hernández"`
}

// HubspotOwnerFilter is the query of GET /api/me/hubspot/owner/candidates.
type HubspotOwnerFilter struct {
	Q     string `query:"q" maxLength:"200" doc:"Words of a name or an e-mail; all of them must be there. Absent: everybody." example:"emmanuel"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Owners at most."`
}

// HubspotOwnerList is a choice of owners.
type HubspotOwnerList struct {
	Data []HubspotOwner `json:"data" doc:"The owners."`
}

// HubspotOwnerSource tells how a rep came to its owner.
type HubspotOwnerSource string

// Sources of an owner.
const (
	OwnerNone     HubspotOwnerSource = "none"     // HubSpot has no owner with the rep's e-mail
	OwnerAuto     HubspotOwnerSource = "auto"     // found by the rep's e-mail
	OwnerOverride HubspotOwnerSource = "override" // chosen by a person
)

// HubspotOwnerLink is a rep's owner in HubSpot: GET and PATCH /api/me/hubspot/owner.
type HubspotOwnerLink struct {
	HubspotOwnerID *string            `json:"hubspotOwnerId" doc:"The owner's ID; null when there is none." example:"7002"`
	Source         HubspotOwnerSource `json:"source" enum:"none,auto,override" doc:"auto: found by e-mail; override: chosen; none: HubSpot has nobody with the rep's e-mail."`
	Owner          *HubspotOwner      `json:"owner" doc:"Who that is; null when there is none, or when the one that was chosen is not active any more."`
}

// ChooseHubspotOwnerRequest sets or clears a rep's owner.
type ChooseHubspotOwnerRequest struct {
	HubspotOwnerID Nullable[string] `json:"hubspotOwnerId,omitzero" doc:"The owner's ID; null: found by e-mail again." example:"7002"`
}

// SyncHubspotAnswer names the job that writes the meeting to HubSpot: POST /api/meetings/{id}/sync-hubspot.
type SyncHubspotAnswer struct {
	JobID     string `json:"jobId" doc:"The job's ID; of the pending one, when there is one."`
	MeetingID string `json:"meetingId" doc:"The meeting's ID."`
	Status    string `json:"status" enum:"pending" doc:"pending; what comes of it is shown in the meeting's hubspot."`
}

// HubspotPreview is what a sync would write now: GET /api/meetings/{id}/hubspot/preview. HubSpot is not asked for it: what
// a sync looks up first is null until it has been looked up.
type HubspotPreview struct {
	MeetingID    string               `json:"meetingId" doc:"The meeting's ID."`
	ContactID    *string              `json:"contactId" doc:"The contact that both will stand with; null: to be found by contactEmail."`
	ContactEmail *string              `json:"contactEmail" doc:"By which the contact is found when none is chosen."`
	OwnerID      *string              `json:"ownerId" doc:"In whose name; null: to be found by the rep's e-mail."`
	Note         HubspotPreviewRecord `json:"note" doc:"The note."`
	Meeting      HubspotPreviewRecord `json:"meeting" doc:"The meeting engagement."`
	Hubspot      CRMState             `json:"hubspot" doc:"What became of the last sync, and why it failed if it did."`
}

// HubspotPreviewRecord is one record of a preview.
type HubspotPreviewRecord struct {
	HTML       string            `json:"html" doc:"The body, to be shown as it is: what came from outside is escaped."`
	Properties map[string]string `json:"properties" doc:"Every property as HubSpot would get it, the body among them."`
}
