package meetings

import (
	"html"
	"net/url"
	"regexp"
	"strings"
)

// webAddress matches what looks like an https URL in running text or in HTML.
var webAddress = regexp.MustCompile(`(?i)https://[^\s<>"'\\]+`)

// FindLink returns the first link of a call in texts that people and calendars write: in the order of the texts, and in
// each from its start. Links of the three platforms that lead elsewhere, such as numbers to dial in or a meeting's options,
// are passed over, and what mail programs wrap around a link is taken off.
func FindLink(texts ...string) (Link, bool) {
	for _, text := range texts {
		for _, found := range webAddress.FindAllString(html.UnescapeString(text), -1) {
			link, err := ParseMeetingURL(unwrap(strings.TrimRight(found, ".,;:!?)]}*_~")))
			if err == nil && link.isCall() {
				return link, true
			}
		}
	}
	return Link{}, false
}

// unwrap takes off Google's redirect and Outlook's safe link.
func unwrap(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	host := strings.ToLower(u.Hostname())
	switch {
	case host == "www.google.com" && u.Path == "/url" && u.Query().Get("q") != "":
		return u.Query().Get("q")
	case strings.HasSuffix(host, ".safelinks.protection.outlook.com") && u.Query().Get("url") != "":
		return u.Query().Get("url")
	default:
		return raw
	}
}

// callPaths are how the paths of calls begin: what follows names one.
var callPaths = map[Platform]*regexp.Regexp{
	GoogleMeet:     regexp.MustCompile(`(?i)^/([a-z]{3,4}-[a-z]{4}-[a-z]{3,4}|lookup/[^/]+)/?$`),
	Zoom:           regexp.MustCompile(`^/(j|my|s|w|wc|wc/join)/[^/]+`),
	MicrosoftTeams: regexp.MustCompile(`(?i)^/(l/meetup-join|meet|_#/l/meetup-join)/[^/]+`),
}

func (l Link) isCall() bool {
	u, err := url.Parse(l.URL)
	return err == nil && callPaths[l.Platform].MatchString(u.EscapedPath())
}
