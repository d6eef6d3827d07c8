package hubspot

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// RefusedProperties names the properties for which HubSpot has refused a write, in alphabetical order: those that the
// portal demands and did not get, and those whose value it does not take. It is empty for every other error.
//
// Source: the error body, errors[].context.{properties,propertyName} (HubSpot, CRM API 2026-09, VALIDATION_ERROR).
func RefusedProperties(err error) []string {
	e, ok := errors.AsType[*outbound.Error](err)
	if !ok || e.Status != http.StatusBadRequest {
		return nil
	}
	var body struct {
		Errors []struct {
			Context struct {
				Properties   []string `json:"properties"`
				PropertyName []string `json:"propertyName"`
			} `json:"context"`
		} `json:"errors"`
	}
	_ = json.Unmarshal(e.Body, &body) // a body in another shape names none
	names := map[string]bool{}
	for _, detail := range body.Errors {
		for _, name := range slices.Concat(detail.Context.Properties, detail.Context.PropertyName) {
			if isPropertyName(name) {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// maxPropertyName is HubSpot's.
const maxPropertyName = 100

// isPropertyName reports whether a text has the form of a property's internal name, which may be shown and logged.
func isPropertyName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return s != "" && len(s) <= maxPropertyName
}
