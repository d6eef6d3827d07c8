package meetings_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func TestLinksOfTheThreePlatformsAreTaken(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]meetings.Platform{
		"https://meet.google.com/abc-defg-hij":                                       meetings.GoogleMeet,
		" https://MEET.google.com/abc-defg-hij?authuser=1 ":                          meetings.GoogleMeet,
		"https://zoom.us/j/123456789":                                                meetings.Zoom,
		"https://us02web.zoom.us/j/123456789?pwd=abc":                                meetings.Zoom,
		"https://acme.zoom.us/my/ana":                                                meetings.Zoom,
		"https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?a=b": meetings.MicrosoftTeams,
		"https://teams.live.com/meet/9312345678901?p=Xy":                             meetings.MicrosoftTeams,
		"https://meet.google.com:443/abc-defg-hij":                                   meetings.GoogleMeet,
	} {
		link, err := meetings.ParseMeetingURL(raw)
		require.NoError(t, err, raw)
		require.Equal(t, want, link.Platform, raw)
		require.Equal(t, strings.TrimSpace(raw), link.URL)
	}
}

func TestLinksThatOnlyLookRightAreRefused(t *testing.T) {
	t.Parallel()
	for raw, rule := range map[string]fault.Code{
		"":                                                     fault.BadURL,
		"meet.google.com/abc":                                  fault.BadURL,
		"http://meet.google.com/abc":                           fault.BadURL,
		"https://meet.google.com":                              fault.BadURL,
		"https://meet.google.com/":                             fault.BadURL,
		"https://meet.google.com@evil.com/abc":                 fault.BadURL,
		"https://ana@meet.google.com/abc":                      fault.BadURL,
		`https://evil.com\@meet.google.com/abc`:                fault.BadURL,
		"https://meet.google.com:8443/abc":                     fault.BadURL,
		"https://evil.com/meet.google.com":                     fault.NotAllowed,
		"https://meet.google.com.evil.com/abc":                 fault.NotAllowed,
		"https://meet.google.com./abc":                         fault.NotAllowed,
		"https://evilzoom.us/j/1":                              fault.NotAllowed,
		"https://zoom.us.evil.com/j/1":                         fault.NotAllowed,
		"https://127.0.0.1/j/1":                                fault.NotAllowed,
		"https://acme.webex.com/meet/ana":                      fault.NotAllowed,
		"https://whereby.com/acme":                             fault.NotAllowed,
		"javascript:alert(1)":                                  fault.BadURL,
		"https://meet.google.com/" + strings.Repeat("a", 3000): fault.BadURL,
	} {
		_, err := meetings.ParseMeetingURL(raw)
		requireField(t, err, "meetingUrl", rule)
		if raw != "" {
			require.NotContains(t, err.Error(), raw)
		}
	}
}

func TestThePasswordGoesIntoTheZoomURLOnly(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://zoom.us/j/1":                  "https://zoom.us/j/1?pwd=a%26b+c",
		"https://zoom.us/j/1?uname=x":          "https://zoom.us/j/1?uname=x&pwd=a%26b+c",
		"https://zoom.us/j/1?pwd=own":          "https://zoom.us/j/1?pwd=own",
		"https://zoom.us/j/1#success":          "https://zoom.us/j/1?pwd=a%26b+c#success",
		"https://meet.google.com/abc-defg-hij": "https://meet.google.com/abc-defg-hij",
	} {
		link, err := meetings.ParseMeetingURL(raw)
		require.NoError(t, err)
		require.Equal(t, want, link.WithPassword("a&b c"))
		require.Equal(t, raw, link.WithPassword(""))
	}
}

func TestARedactedLinkShowsNoPassword(t *testing.T) {
	t.Parallel()
	link, err := meetings.ParseMeetingURL("https://us02web.zoom.us/j/123?pwd=secret#x")
	require.NoError(t, err)
	require.Equal(t, "https://us02web.zoom.us/j/123", link.Redacted())
}

func FuzzParseMeetingURL(f *testing.F) {
	for _, seed := range []string{
		"https://meet.google.com/abc-defg-hij", "https://us02web.zoom.us/j/1?pwd=x", `https://evil.com\@zoom.us/j`,
		"https://teams.live.com/meet/1", "https://evil.com/#zoom.us/", "https://zoom.us%2eevil.com/j/1", "https://[::1]/a",
	} {
		f.Add(seed, "pass word")
	}
	hosts := map[meetings.Platform][]string{
		meetings.GoogleMeet: {"meet.google.com"}, meetings.Zoom: {"zoom.us"},
		meetings.MicrosoftTeams: {"teams.microsoft.com", "teams.live.com"},
	}
	f.Fuzz(func(t *testing.T, raw, password string) {
		link, err := meetings.ParseMeetingURL(raw)
		if err != nil {
			require.Equal(t, fault.Validation, fault.CodeOf(err))
			return
		}
		for _, s := range []string{link.URL, link.WithPassword(password), link.Redacted()} {
			u, err := url.Parse(s)
			require.NoError(t, err)
			require.True(t, strings.EqualFold(u.Scheme, "https"))
			require.Nil(t, u.User)
			host, ok := strings.ToLower(u.Hostname()), false
			for _, allowed := range hosts[link.Platform] {
				ok = ok || host == allowed || link.Platform == meetings.Zoom && strings.HasSuffix(host, "."+allowed)
			}
			require.True(t, ok, host)
		}
	})
}
