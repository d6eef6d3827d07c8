package hubspot

import (
	"slices"
	"strings"
)

// kind is one type of CRM object.
type kind struct {
	// name is the plural in paths, singular the name in messages and association labels, id the numeric type.
	name, singular, id string
	properties         []string
	// shown are the properties of an answer that asks for none.
	shown []string
	// required must be there at creation.
	required []string
	// texts are what a query looks into.
	texts []string
}

// kinds is the table of what a portal holds.
func kinds() []kind {
	return []kind{
		{
			name: "contacts", singular: "contact", id: "0-1",
			properties: words(`email firstname lastname phone mobilephone company jobtitle lifecyclestage hs_lead_status website city
			country hubspot_owner_id hs_additional_emails notes_last_contacted`),
			shown: words("email firstname lastname"),
			texts: words("email firstname lastname phone company"),
		},
		{
			name: "companies", singular: "company", id: "0-2",
			properties: words("name domain phone industry city country website hubspot_owner_id"),
			shown:      words("name domain"),
			texts:      words("name domain phone website"),
		},
		{
			name: "deals", singular: "deal", id: "0-3",
			properties: words(`dealname amount dealstage pipeline closedate deal_currency_code dealtype description hubspot_owner_id
				hs_is_closed hs_is_closed_won hs_priority`),
			shown: words("dealname amount dealstage pipeline closedate"),
			texts: words("dealname description dealtype"),
		},
		{
			name: "notes", singular: "note", id: "0-46",
			properties: words("hs_timestamp hs_note_body hubspot_owner_id hs_attachment_ids"),
			required:   words("hs_timestamp"),
			texts:      words("hs_note_body"),
		},
		{
			name: "meetings", singular: "meeting", id: "0-47",
			properties: words(`hs_timestamp hs_meeting_title hs_meeting_body hs_meeting_start_time hs_meeting_end_time hs_meeting_outcome
				hs_internal_meeting_notes hs_meeting_external_url hs_meeting_location hs_activity_type hubspot_owner_id hs_attachment_ids`),
			required: words("hs_timestamp"),
			texts:    words("hs_meeting_title hs_meeting_body hs_internal_meeting_notes"),
		},
	}
}

// automatic are the properties that every object has and nobody writes.
const automatic = "hs_object_id createdate hs_createdate lastmodifieddate hs_lastmodifieddate hs_is_closed hs_is_closed_won"

// stages are the deal stages of the default pipeline; the last two are closed.
const stages = "appointmentscheduled qualifiedtobuy presentationscheduled decisionmakerboughtin contractsent closedwon closedlost"

// moments are the properties that hold a time, in milliseconds since 1970 or ISO 8601; they are kept in the latter.
const moments = "hs_timestamp hs_meeting_start_time hs_meeting_end_time closedate"

// findKind takes the plural, the singular or the numeric type.
func findKind(name string) (kind, bool) {
	for _, k := range kinds() {
		if name == k.name || name == k.singular || name == k.id {
			return k, true
		}
	}
	return kind{}, false
}

// modified is the name under which a kind shows its last change; created likewise.
func (k kind) modified() string {
	if k.name == "contacts" {
		return "lastmodifieddate"
	}
	return "hs_lastmodifieddate"
}

func (k kind) created() string {
	if k.name == "notes" || k.name == "meetings" {
		return "hs_createdate"
	}
	return "createdate"
}

// pair is a direction between two kinds.
type pair struct{ from, to string }

// defaults are the vendor's association types, HUBSPOT_DEFINED, by direction.
func defaults() map[pair]int {
	return map[pair]int{
		{"notes", "contacts"}: 202, {"contacts", "notes"}: 201,
		{"notes", "companies"}: 190, {"companies", "notes"}: 189,
		{"notes", "deals"}: 214, {"deals", "notes"}: 213,
		{"meetings", "contacts"}: 200, {"contacts", "meetings"}: 199,
		{"meetings", "companies"}: 188, {"companies", "meetings"}: 187,
		{"meetings", "deals"}: 212, {"deals", "meetings"}: 211,
		{"contacts", "deals"}: 4, {"deals", "contacts"}: 3,
		{"contacts", "companies"}: 279, {"companies", "contacts"}: 280,
		{"deals", "companies"}: 341, {"companies", "deals"}: 342,
	}
}

func words(list string) []string { return strings.Fields(list) }

// listed tells whether a list of words has this one.
func listed(list, word string) bool { return slices.Contains(words(list), word) }
