package meetings

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Customer is who the meeting is with, as the caller told us. The JSON form is how it is stored.
type Customer struct {
	ContactName      string   `json:"contactName"`
	Company          string   `json:"company,omitempty"`
	Email            string   `json:"email,omitempty"`
	Phone            string   `json:"phone,omitempty"`
	DealValue        *float64 `json:"dealValue,omitempty"`    // major units, as told; shown and sent on, never added up
	DealCurrency     string   `json:"dealCurrency,omitempty"` // ISO 4217
	HubspotContactID string   `json:"hubspotContactId,omitempty"`
}

// Change is one field of a patch: left alone unless Set.
type Change[T any] struct {
	Set bool
	To  T
}

// ChangeTo sets a field.
func ChangeTo[T any](v T) Change[T] { return Change[T]{Set: true, To: v} }

// CustomerPatch changes some fields of a Customer; the zero value of a field clears it.
type CustomerPatch struct {
	ContactName      Change[string]
	Company          Change[string]
	Email            Change[string]
	Phone            Change[string]
	DealValue        Change[*float64]
	DealCurrency     Change[string]
	HubspotContactID Change[string]
}

// Merge returns the customer with the patch applied, tidied but not validated.
func (c Customer) Merge(p CustomerPatch) Customer {
	patch(&c.ContactName, p.ContactName)
	patch(&c.Company, p.Company)
	patch(&c.Email, p.Email)
	patch(&c.Phone, p.Phone)
	patch(&c.DealValue, p.DealValue)
	patch(&c.DealCurrency, p.DealCurrency)
	patch(&c.HubspotContactID, p.HubspotContactID)
	return c.Tidy()
}

func patch[T any](field *T, change Change[T]) {
	if change.Set {
		*field = change.To
	}
}

// TidyText returns what a person typed without surrounding spaces, and without what no database keeps: NULs and broken
// UTF-8.
func TidyText(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
}

// Tidy returns the customer without surrounding spaces, its currency in upper case.
func (c Customer) Tidy() Customer {
	for _, s := range []*string{&c.ContactName, &c.Company, &c.Email, &c.Phone, &c.DealCurrency, &c.HubspotContactID} {
		*s = TidyText(*s)
	}
	c.DealCurrency = strings.ToUpper(c.DealCurrency)
	return c
}

const (
	maxName      = 200
	maxEmail     = 254
	maxPhone     = 40
	maxDealValue = 1e12
)

// Check notes every rule that the customer breaks under the given path ("customerInfo"). Only the contact's name is
// required.
func (c Customer) Check(f *fault.Fields, path string) {
	f.Require(c.ContactName != "", path+".contactName", fault.Required)
	f.Require(utf8.RuneCountInString(c.ContactName) <= maxName, path+".contactName", fault.TooLong, "max", "200")
	f.Require(utf8.RuneCountInString(c.Company) <= maxName, path+".company", fault.TooLong, "max", "200")
	f.Require(c.Email == "" || isEmail(c.Email), path+".email", fault.BadEmail)
	f.Require(c.Phone == "" || isPhone(c.Phone), path+".phone", fault.BadFormat, "expected", "+52 55 1234 5678")
	f.Require(c.DealValue == nil || *c.DealValue >= 0 && *c.DealValue <= maxDealValue,
		path+".dealValue", fault.OutOfRange, "min", "0", "max", "1000000000000")
	f.Require(c.DealCurrency == "" || IsCurrency(c.DealCurrency), path+".dealCurrency", fault.BadFormat, "expected", "ISO 4217: MXN, USD")
	f.Require(c.HubspotContactID == "" || isDigits(c.HubspotContactID), path+".hubspotContactId", fault.BadFormat, "expected", "12345")
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= maxEmail && strings.Contains(s[strings.LastIndexByte(s, '@'):], ".")
}

func isPhone(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-(). extEXT", r):
			return false
		}
	}
	return digits >= 7 && len(s) <= maxPhone
}

func isDigits(s string) bool {
	return len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}
