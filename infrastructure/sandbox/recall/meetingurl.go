package recall

import (
	"net/url"
	"path"
	"strings"
)

// meetingURL is a meeting's address as answers carry it: an object whose keys depend on the platform
// (https://docs.recall.ai/docs/meeting-urls). Absent parts are null.
type meetingURL map[string]any

// parseMeetingURL takes an address apart. Other platforms than the three big ones keep only their last path segment.
func parseMeetingURL(raw string) (meetingURL, bool) {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return nil, false
	}
	host, last := strings.ToLower(u.Hostname()), path.Base(u.Path)
	switch {
	case host == "zoom.us" || strings.HasSuffix(host, ".zoom.us") || strings.HasSuffix(host, ".zoom.com"):
		return meetingURL{
			"platform": "zoom", "meeting_id": last, "meeting_password": orNull(u.Query().Get("pwd")),
		}, true
	case host == "meet.google.com":
		return meetingURL{"platform": "google_meet", "meeting_id": last}, true
	case host == "teams.microsoft.com" || host == "teams.live.com":
		return teamsURL(u, host), true
	}
	return meetingURL{"platform": strings.TrimPrefix(host, "www."), "meeting_id": last}, true
}

// teamsURL reads both forms: a business meeting's thread and context, a personal meeting's number and passcode.
func teamsURL(u *url.URL, host string) meetingURL {
	m := meetingURL{"platform": "microsoft_teams"}
	for _, key := range []string{
		"meeting_id", "meeting_password", "organizer_id", "tenant_id", "message_id", "thread_id",
		"business_meeting_id", "business_meeting_password",
	} {
		m[key] = nil
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch {
	case host == "teams.live.com":
		m["meeting_id"], m["meeting_password"] = path.Base(u.Path), orNull(u.Query().Get("p"))
	case len(segments) >= 4 && segments[1] == "meetup-join":
		m["thread_id"], m["message_id"] = segments[2], segments[3]
		context := u.Query().Get("context")
		m["tenant_id"], m["organizer_id"] = orNull(jsonField(context, "Tid")), orNull(jsonField(context, "Oid"))
	default:
		m["business_meeting_id"], m["business_meeting_password"] = path.Base(u.Path), orNull(u.Query().Get("p"))
	}
	return m
}
