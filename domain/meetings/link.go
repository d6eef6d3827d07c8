package meetings

import (
	"net/url"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// maxURL is the longest meeting URL taken, in bytes; a Teams link has about 350.
const maxURL = 2048

// Link is a meeting URL of a platform that a notetaker can join.
type Link struct {
	URL      string // as given, without surrounding spaces
	Platform Platform
}

// ParseMeetingURL reads the link of a call on Google Meet, Zoom or Microsoft Teams. The host is parsed, never searched
// for: https only, no user information, no port but 443, and a path that names a meeting.
// Invalid VALIDATION_ERROR on the field meetingUrl: URL when it is no such URL, NOT_ALLOWED when it is another provider's.
func ParseMeetingURL(raw string) (Link, error) {
	raw = strings.TrimSpace(raw)
	u, err := url.Parse(raw)
	switch {
	case err != nil, len(raw) > maxURL, !strings.EqualFold(u.Scheme, "https"), u.User != nil, u.Opaque != "",
		u.Port() != "" && u.Port() != "443", u.Hostname() == "":
		return Link{}, badURL(fault.BadURL)
	}
	platform, ok := platformOf(strings.ToLower(u.Hostname()))
	if !ok {
		return Link{}, badURL(fault.NotAllowed)
	}
	if strings.Trim(u.Path, "/") == "" {
		return Link{}, badURL(fault.BadURL)
	}
	return Link{URL: raw, Platform: platform}, nil
}

func badURL(rule fault.Code) error {
	var f fault.Fields
	f.Add("meetingUrl", rule, "allowed", "Google Meet, Zoom, Microsoft Teams")
	return f.Err()
}

// platformOf knows Zoom's regional and vanity hosts (us02web.zoom.us, acme.zoom.us) and both homes of Teams.
func platformOf(host string) (Platform, bool) {
	switch {
	case host == "meet.google.com":
		return GoogleMeet, true
	case host == "zoom.us", strings.HasSuffix(host, ".zoom.us"):
		return Zoom, true
	case host == "teams.microsoft.com", host == "teams.live.com":
		return MicrosoftTeams, true
	default:
		return "", false
	}
}

// WithPassword returns the URL for the one request to the notetaker's vendor. Zoom's passcode rides in the URL (pwd);
// the other platforms have none, and a URL that already carries one keeps it. The result is never stored or logged.
func (l Link) WithPassword(password string) string {
	u, err := url.Parse(l.URL)
	if err != nil || password == "" || l.Platform != Zoom || u.Query().Has("pwd") {
		return l.URL
	}
	u.RawQuery = strings.TrimPrefix(u.RawQuery+"&pwd="+url.QueryEscape(password), "&")
	return u.String()
}

// Redacted returns the URL without query and fragment, where passwords ride: what a log may show.
func (l Link) Redacted() string {
	u, err := url.Parse(l.URL)
	if err != nil {
		return string(l.Platform)
	}
	u.RawQuery, u.Fragment, u.RawFragment = "", "", ""
	return u.String()
}
