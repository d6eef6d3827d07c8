package identity

import (
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// MaxName is the longest name, in characters.
const MaxName = 200

// maxEmail is the longest address that SMTP carries (RFC 5321 §4.5.3.1.3), in bytes.
const maxEmail = 254

// Rep is a person who owns meetings.
type Rep struct {
	ID                   kernel.RepID
	Workspace            kernel.WorkspaceID
	Email                Email
	Name                 string
	IsAdmin              bool
	HubspotOwnerID       string // found by e-mail; "" until then
	HubspotOwnerOverride string // chosen by a person; wins
	CreatedAt            time.Time
	DeactivatedAt        *time.Time // since then the rep may not call
}

// Active reports whether the rep may call.
func (r Rep) Active() bool { return r.DeactivatedAt == nil }

// Role returns the rep's rank.
func (r Rep) Role() kernel.Role {
	if r.IsAdmin {
		return kernel.Admin
	}
	return kernel.Rep
}

// Email is an address in the form in which it is stored and compared: trimmed and in lower case.
type Email string

// ParseEmail reads a bare address, user@domain, and reports whether it is one.
func ParseEmail(raw string) (Email, bool) {
	raw = strings.ToLower(strings.TrimSpace(raw))
	address, err := mail.ParseAddress(raw)
	if err != nil || address.Address != raw || len(raw) > maxEmail || strings.ContainsAny(raw, "\"<> ") {
		return "", false
	}
	return Email(raw), true
}

// String returns the address.
func (e Email) String() string { return string(e) }

// In reports whether the address belongs to exactly one of the domains; a subdomain is another domain.
func (e Email) In(domains []string) bool {
	_, domain, _ := strings.Cut(string(e), "@")
	for _, d := range domains {
		if domain != "" && strings.EqualFold(domain, strings.TrimSpace(d)) {
			return true
		}
	}
	return false
}

// User returns what stands before the @: the name of somebody who has given none.
func (e Email) User() string {
	user, _, _ := strings.Cut(string(e), "@")
	return user
}

// TidyName returns a name without surrounding spaces, and without what no database keeps: NULs and broken UTF-8.
func TidyName(raw string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(raw, "\x00", ""), ""))
}

// ParseName tidies a name. Invalid VALIDATION_ERROR on the given field when it is empty or longer than MaxName.
func ParseName(field, raw string) (string, error) {
	name := TidyName(raw)
	var f fault.Fields
	f.Require(name != "", field, fault.Required)
	f.Require(utf8.RuneCountInString(name) <= MaxName, field, fault.TooLong, "max", strconv.Itoa(MaxName))
	return name, f.Err()
}
