package hubspot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxText is the most characters of one property.
const maxText = 65_536

// checkProperties turns the properties of a write into strings, or tells the first fault in the vendor's words.
func (p *portal) checkProperties(k kind, raw map[string]json.RawMessage) (map[string]string, *apiError) {
	properties := map[string]string{}
	for name, value := range raw {
		text := ""
		if string(value) != "null" && json.Unmarshal(value, &text) != nil {
			return nil, invalid("Invalid input JSON: Cannot deserialize value of type `java.lang.String` for property %q: every property value is a string", name)
		}
		if bad := p.checkProperty(k, name, text); bad != nil {
			return nil, bad
		}
		properties[name] = text
	}
	return properties, nil
}

func (p *portal) checkProperty(k kind, name, value string) *apiError {
	_, isMoment := parseMoment(value)
	switch {
	case !p.knows(k, name):
		return wrongProperty(name, "PROPERTY_DOESNT_EXIST", "Property %q does not exist", name)
	case listed(automatic, name):
		return wrongProperty(name, "READ_ONLY_VALUE", "%q is a read only property; its value cannot be set.", name)
	case utf8.RuneCountInString(value) > maxText:
		return wrongProperty(name, "PROPERTY_VALUE_TOO_LONG", "Property value of %q is too long: it may have at most %d characters", name, maxText)
	case value == "":
		return nil
	case listed(moments, name) && !isMoment:
		return wrongProperty(name, "INVALID_DATE", "%s was not a valid long.", name)
	case name == "dealstage" && !listed(stages, value):
		return wrongProperty(name, "INVALID_OPTION", "%s was not one of the allowed options: %v", name, words(stages))
	case name == "hubspot_owner_id":
		if o, found := p.owner(value); !found || o.Archived {
			return wrongProperty(name, "INVALID_OWNER_ID", "Owner does not exist in this portal")
		}
	case name == "email":
		if at, err := mail.ParseAddress(value); err != nil || at.Address != value {
			return wrongProperty(name, "INVALID_EMAIL", "Email address is invalid")
		}
	}
	return nil
}

// wrongProperty is the vendor's 400 about one property: its message holds the fault once more, as JSON.
func wrongProperty(name, code, format string, args ...any) *apiError {
	message := fmt.Sprintf(format, args...)
	inner, _ := json.Marshal([]map[string]any{{"isValid": false, "message": message, "error": code, "name": name}}) // plain values encode
	e := invalid("Property values were not valid: %s", inner)
	e.Details = []errorDetail{{Message: message, Code: code, Context: map[string][]string{"propertyName": {name}}}}
	return e
}

// checkRequired demands what the vendor and this portal demand at a creation.
func (p *portal) checkRequired(k kind, properties map[string]string) *apiError {
	var missing []string
	for _, name := range slices.Concat(k.required, p.required[k.name]) {
		if properties[name] != "" {
			continue
		}
		if start := properties["hs_meeting_start_time"]; name == "hs_timestamp" && start != "" {
			properties[name] = start
			continue
		}
		missing = append(missing, name)
	}
	if len(missing) == 0 {
		return nil
	}
	e := invalid("Error creating %s. Some required properties were not set.", strings.ToUpper(k.singular))
	e.Details = []errorDetail{{
		Message: "Some required properties were not set.", Code: "REQUIRED_PROPERTY_MISSING",
		Context: map[string][]string{"properties": missing},
	}}
	return e
}

// checkEmail keeps a contact's e-mail unique in the portal.
func (p *portal) checkEmail(k kind, properties map[string]string, self *record) *apiError {
	if k.name != "contacts" || properties["email"] == "" {
		return nil
	}
	if other, taken := p.find(k, properties["email"], "email"); taken && other != self {
		return &apiError{Status: http.StatusConflict, Category: "CONFLICT", Message: "Contact already exists. Existing ID: " + other.id}
	}
	return nil
}

// plannedLink is an inline association that was checked.
type plannedLink struct {
	to     end
	typeID int
}

// planLinks checks the inline associations of a creation before anything is created.
func (p *portal) planLinks(k kind, asked []associationBody) ([]plannedLink, *apiError) {
	var planned []plannedLink
	for _, a := range asked {
		if len(a.Types) == 0 {
			return nil, invalid("Some required fields were not set: [types]")
		}
		for _, t := range a.Types {
			to, known := targetOf(k, t)
			if !known {
				return nil, invalid("Invalid association type: %s %d is not an association of %s", t.Category, t.TypeID, k.singular)
			}
			if _, found := p.find(to, a.To.ID, ""); !found {
				return nil, invalid("One or more associations are not valid: %s with id %s does not exist", to.singular, a.To.ID)
			}
			planned = append(planned, plannedLink{end{to.name, a.To.ID}, t.TypeID})
		}
	}
	return planned, nil
}

// targetOf tells which kind an association type leads to.
func targetOf(from kind, t associationType) (kind, bool) {
	for way, id := range defaults() {
		if way.from == from.name && id == t.TypeID && t.Category == "HUBSPOT_DEFINED" {
			return findKind(way.to)
		}
	}
	return kind{}, false
}

func foldEqual(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
