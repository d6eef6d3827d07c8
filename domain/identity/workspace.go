// Package identity knows who may call: workspaces, the sales reps in them, API keys, and sessions of the dashboard.
package identity

import (
	"regexp"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Codes of this capability.
const (
	SalesRepNotFound      fault.Code = "SALES_REP_NOT_FOUND"
	MissingSalesRepEmail  fault.Code = "MISSING_SALES_REP_EMAIL"  // an API key does not say for whom it acts
	EmailDomainNotAllowed fault.Code = "EMAIL_DOMAIN_NOT_ALLOWED" // a token is good, its e-mail is of strangers
	LastAdmin             fault.Code = "LAST_ADMIN"               // nobody would be left to administer the workspace
	HubspotNotConfigured  fault.Code = "HUBSPOT_NOT_CONFIGURED"
	HubspotOwnerNotFound  fault.Code = "HUBSPOT_OWNER_NOT_FOUND"
	HubspotError          fault.Code = "HUBSPOT_ERROR" // it did not answer, or not as expected
	WorkspaceNotFound     fault.Code = "WORKSPACE_NOT_FOUND"
	WorkspaceExists       fault.Code = "WORKSPACE_EXISTS" // another workspace has the slug
	APIKeyNotFound        fault.Code = "API_KEY_NOT_FOUND"
)

// Workspace is a tenant.
type Workspace struct {
	ID        kernel.WorkspaceID
	Name      string
	Slug      string // unique, in URLs
	Timezone  string // IANA name
	Language  string // es, en or pt
	IsDefault bool   // the one to which the service key, Supabase tokens and Recall's webhooks belong
	CreatedAt time.Time
}

var slugForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Validate returns Invalid VALIDATION_ERROR with every field that is wrong.
func (w Workspace) Validate() error {
	var f fault.Fields
	f.Require(w.Name != "", "name", fault.Required)
	f.Require(len(w.Name) <= MaxName, "name", fault.TooLong, "max", strconv.Itoa(MaxName))
	f.Require(slugForm.MatchString(w.Slug), "slug", fault.BadFormat, "expected", "a-z, 0-9, -")
	_, err := time.LoadLocation(w.Timezone)
	f.Require(w.Timezone != "" && err == nil, "timezone", fault.BadFormat, "expected", "America/Mexico_City")
	f.Require(w.Language == "es" || w.Language == "en" || w.Language == "pt", "language", fault.OneOf, "allowed", "es, en, pt")
	return f.Err()
}
