package identity

import "strings"

// Owner is a user of the workspace's CRM, to whom records there may belong.
type Owner struct {
	ID    string // the CRM's
	Email Email
	Name  string
}

// Matches reports whether every word of the text is part of the owner's name or address, whatever the case.
func (o Owner) Matches(text string) bool {
	in := strings.ToLower(o.Name + " " + o.Email.String())
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if !strings.Contains(in, word) {
			return false
		}
	}
	return true
}

// OwnerSource tells how a rep came to its owner in the CRM.
type OwnerSource string

// Sources of a link.
const (
	NoOwner     OwnerSource = "none"     // the CRM has no owner with the rep's e-mail
	OwnerFound  OwnerSource = "auto"     // by the rep's e-mail
	OwnerChosen OwnerSource = "override" // by a person; wins
)

// OwnerLink returns the ID of the rep's owner in the CRM, "" when none is known yet, and where it comes from.
func (r Rep) OwnerLink() (id string, source OwnerSource) {
	switch {
	case r.HubspotOwnerOverride != "":
		return r.HubspotOwnerOverride, OwnerChosen
	case r.HubspotOwnerID != "":
		return r.HubspotOwnerID, OwnerFound
	default:
		return "", NoOwner
	}
}
