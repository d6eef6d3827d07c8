// Package phonemeta knows what a phone number tells about itself: whether it can exist, how it is written in E.164, which
// region it is of and in which time zones it may ring. It stands on Google's libphonenumber as ported to Go, with its
// metadata inside the binary: nothing is asked over a network.
package phonemeta

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// Metadata answers questions about phone numbers. It keeps the time zones that it has met.
type Metadata struct {
	zones sync.Map // name to *time.Location
}

// New makes a Metadata.
func New() *Metadata { return &Metadata{} }

// Normalize reads a number as people and their exports write it, national ones as of the default region (an ISO 3166 code,
// "" for none), into E.164. It is a batchcalls.Normalize. False for what cannot exist, and for what has an extension: nobody
// can be called by it. Letters are no digits here, since a name in the wrong column would become a number.
func (*Metadata) Normalize(raw, defaultRegion string) (string, bool) {
	raw = strings.TrimSpace(strings.Map(visible, raw))
	for _, label := range []string{"p:", "tel:", "whatsapp:"} { // Facebook's lead forms, RFC 3966, Twilio
		raw = strings.TrimPrefix(raw, label)
	}
	if strings.ContainsFunc(raw, isLetter) {
		return "", false
	}
	number, err := phonenumbers.Parse(raw, strings.ToUpper(defaultRegion))
	if err != nil || number.GetExtension() != "" {
		return "", false
	}
	withoutMexicanPrefix(number)
	if !phonenumbers.IsValidNumber(number) {
		return "", false
	}
	return phonenumbers.Format(number, phonenumbers.E164), true
}

// visible drops the marks of writing direction that come along when a number is copied from a list of contacts.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// mexicanPrefix is what calls to Mexican mobiles (1, 044, 045) and long-distance calls (01) were dialled with before ten
// digits, until 2019-08-03 (Plan Técnico Fundamental de Numeración, DOF 11/05/2018). Lists are full of them, and the
// metadata knows them no more.
var mexicanPrefix = regexp.MustCompile(`^(?:1|01|044|045)([2-9]\d{9})$`)

const mexico = 52

func withoutMexicanPrefix(n *phonenumbers.PhoneNumber) {
	if n.GetCountryCode() != mexico {
		return
	}
	if m := mexicanPrefix.FindStringSubmatch(phonenumbers.GetNationalSignificantNumber(n)); m != nil {
		significant, _ := strconv.ParseUint(m[1], 10, 64) // ten digits
		n.NationalNumber, n.ItalianLeadingZero, n.NumberOfLeadingZeros = &significant, nil, nil
	}
}

// IsValid reports whether such a number can exist.
func (*Metadata) IsValid(phone batchcalls.Phone) bool {
	number, err := phonenumbers.Parse(string(phone), "")
	return err == nil && phonenumbers.IsValidNumber(number)
}

// Region returns the ISO 3166 code of the number's region; "" for none, as with numbers of no country or that cannot exist.
func (*Metadata) Region(phone batchcalls.Phone) string {
	number, err := phonenumbers.Parse(string(phone), "")
	if err != nil {
		return ""
	}
	if region := phonenumbers.GetRegionCodeForNumber(number); region != phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
		return region
	}
	return ""
}

// Zones returns all time zones in which the number may ring: those of its area where it has one, else those of everything
// that shares its country code (an Australian mobile, a toll-free number). None for a number of no country. An error for a
// zone that this machine does not know.
func (m *Metadata) Zones(phone batchcalls.Phone) ([]*time.Location, error) {
	number, err := phonenumbers.Parse(string(phone), "")
	if err != nil {
		return nil, nil //nolint:nilerr // what cannot be parsed is in no zone; the number stays out of every message
	}
	prefix := strconv.Itoa(int(number.GetCountryCode()))
	if hasArea(number) {
		prefix = string(phone)
	}
	names, err := phonenumbers.GetTimezonesForPrefix(prefix)
	if err != nil {
		return nil, fmt.Errorf("look up the zones of a phone number: %w", err)
	}
	zones := make([]*time.Location, 0, len(names))
	for _, name := range names {
		if name == phonenumbers.UNKNOWN_TIMEZONE {
			continue
		}
		zone, err := m.zone(name)
		if err != nil {
			return nil, err
		}
		zones = append(zones, zone)
	}
	return zones, nil
}

// hasArea reports whether the number's digits tell where it is. The library's own look-up of zones by number skips this
// question, which the original asks (PhoneNumberToTimeZonesMapper.getTimeZonesForNumber): every Australian mobile would be in
// Sydney. Of the countries whose mobiles have area codes (GEO_MOBILE_COUNTRIES), China and Indonesia are left out: there a
// mobile is of a whole country, or of a town that the data does not tell.
func hasArea(n *phonenumbers.PhoneNumber) bool {
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.FIXED_LINE, phonenumbers.FIXED_LINE_OR_MOBILE:
		return true
	case phonenumbers.MOBILE:
		const argentina, brazil = 54, 55
		return slices.Contains([]int32{mexico, argentina, brazil}, n.GetCountryCode())
	default:
		return false
	}
}

func (m *Metadata) zone(name string) (*time.Location, error) {
	if known, ok := m.zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("load a time zone: %w", err)
	}
	m.zones.Store(name, zone)
	return zone, nil
}
