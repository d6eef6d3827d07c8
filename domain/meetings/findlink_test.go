package meetings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func TestTheLinkOfACallIsFoundInWhatCalendarsAndPeopleWrite(t *testing.T) {
	t.Parallel()
	const meet = "https://meet.google.com/abc-defg-hij"
	const teams = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Tid%22%3a%22a%22%7d"
	for text, want := range map[string]string{
		"Entra en " + meet + ".": meet,
		"(" + meet + ")":         meet,
		`<a href="https://zoom.us/j/1?pwd=a&amp;b=c">Zoom</a>`:                                                         "https://zoom.us/j/1?pwd=a&b=c",
		"https://www.google.com/url?q=" + meet + "&sa=D&source=cal":                                                    meet,
		"Opciones: https://teams.microsoft.com/meetingOptions/?organizerId=1 Unirse: <" + teams + ">":                  teams,
		"https://us02web.zoom.us/u/kabc Números; https://us02web.zoom.us/j/85?pwd=x":                                   "https://us02web.zoom.us/j/85?pwd=x",
		"Descarga https://zoom.us/download y entra en https://zoom.us/my/ana":                                          "https://zoom.us/my/ana",
		"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.live.com%2Fmeet%2F93%3Fp%3DX&data=05": "https://teams.live.com/meet/93?p=X",
	} {
		link, found := meetings.FindLink("Sala 3", text)
		require.True(t, found, text)
		require.Equal(t, want, link.URL)
	}
	for _, text := range []string{
		"", "Sala 3", "http://meet.google.com/abc-defg-hij", "https://evil.com/meet.google.com/abc-defg-hij",
		"https://meet.google.com/new", "https://zoom.us/signup", "https://teams.microsoft.com/meetingOptions/?a=b", "https://acme.webex.com/meet/ana",
		"https://www.google.com/url?q=javascript:alert(1)",
	} {
		_, found := meetings.FindLink(text)
		require.False(t, found, text)
	}
	link, _ := meetings.FindLink("https://zoom.us/j/1", meet)
	require.Equal(t, meetings.Zoom, link.Platform, "an earlier text wins")
}
