package n8n_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/signature"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/n8n"
)

const secret = "whsec_yhVJ7lfTGMQDJY8YSq9aGcsw4I7/XJIz"

func client(t *testing.T, url, secret string, change ...func(*n8n.Options)) *n8n.Client {
	t.Helper()
	o := n8n.Options{URL: url, Secret: secret, Guard: outbound.Guard{AllowLoopback: true}}
	for _, f := range change {
		f(&o)
	}
	c, err := n8n.New(o)
	require.NoError(t, err)
	return c
}

func meeting() n8n.CreateMeet {
	return n8n.CreateMeet{
		MeetingID: "m1", Title: "Demo", ScheduledAt: time.Date(2026, 11, 22, 9, 0, 0, 0, time.FixedZone("", -6*3600)),
		DurationMinutes: 60, SalesRepEmail: "rep@tertulia.test",
	}
}

func TestTheWorkflowGetsASignedRequest(t *testing.T) {
	t.Parallel()
	verifier, err := signature.NewVerifier(secret)
	require.NoError(t, err)
	var body []byte
	var header http.Header
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		header = r.Header.Clone()
		_, _ = io.WriteString(w, `{"meetingUrl":"https://meet.google.com/abc-defg-hij"}`)
	}))
	t.Cleanup(srv.Close)
	link, err := client(t, srv.URL+"/webhook/x", secret).CreateMeet(t.Context(), meeting())
	require.NoError(t, err)
	require.Equal(t, "https://meet.google.com/abc-defg-hij", link)
	require.JSONEq(t, `{"event":"create_meet","meetingId":"m1","title":"Demo","scheduledAt":"2026-11-22T09:00:00-06:00",
		"durationMinutes":60,"salesRepEmail":"rep@tertulia.test","attendees":[]}`, string(body))
	require.Equal(t, secret, header.Get("X-Webhook-Secret"))
	id, err := verifier.Verify(header, body, time.Now())
	require.NoError(t, err)
	require.Equal(t, "msg_m1", id)
}

func TestOnlyAGoogleMeetLinkIsTaken(t *testing.T) {
	t.Parallel()
	const good = "https://meet.google.com/abc-defg-hij"
	for answer, want := range map[string]string{
		`{"meetUrl":"` + good + `"}`:                          good,
		`{"hangoutLink":"` + good + `"}`:                      good,
		`[{"meetingUrl":"` + good + `"}]`:                     good,
		`{"meetingUrl":"https://evil.com/meet.google.com"}`:   "",
		`{"meetingUrl":"https://meet.google.com.evil.com/a"}`: "",
		`{"meetingUrl":"https://a@meet.google.com/a"}`:        "",
		`{"meetingUrl":"http://meet.google.com/abc"}`:         "",
		`{"meetingUrl":7}`:                                    "",
		`{"message":"Workflow was started"}`:                  "",
		`[]`:                                                  "",
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }))
		t.Cleanup(srv.Close)
		link, err := client(t, srv.URL, secret).CreateMeet(t.Context(), meeting())
		require.Equal(t, want, link, answer)
		if want == "" {
			require.ErrorContains(t, err, "no_meet_url", answer)
		}
	}
}

func TestTheSandboxMakesALinkAndAnInactiveWorkflowDoesNot(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	c := client(t, s.URL("n8n")+"/webhook/create-meet", "sandbox-secret")
	link, err := c.CreateMeet(t.Context(), meeting())
	require.NoError(t, err)
	again, err := c.CreateMeet(t.Context(), meeting())
	require.NoError(t, err)
	require.Equal(t, link, again)

	s.Control("POST", "/n8n/workflow", map[string]any{"path": "create-meet", "active": false}, nil)
	_, err = c.CreateMeet(t.Context(), meeting())
	require.Equal(t, http.StatusNotFound, outbound.StatusOf(err))
	_, err = client(t, s.URL("n8n")+"/webhook/create-meet-2", "wrong").CreateMeet(t.Context(), meeting())
	require.Equal(t, http.StatusForbidden, outbound.StatusOf(err))
}

func TestAWorkflowThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(srv.Close)
	c := client(t, srv.URL, secret, func(o *n8n.Options) { o.Timeout = 50 * time.Millisecond })
	_, err := c.CreateMeet(t.Context(), meeting())
	require.Equal(t, outbound.Unknown, outbound.OutcomeOf(err))
	require.Zero(t, outbound.StatusOf(err))
}

func TestAPrivateAddressIsNotCalled(t *testing.T) {
	t.Parallel()
	c, err := n8n.New(n8n.Options{URL: "http://127.0.0.1:5678/webhook/x", Secret: "s"})
	require.NoError(t, err)
	_, err = c.CreateMeet(t.Context(), meeting())
	require.ErrorIs(t, err, outbound.ErrForbiddenAddress)
}

func TestNoClientIsMadeWithoutASecretOrAnAbsoluteURL(t *testing.T) {
	t.Parallel()
	for _, o := range []n8n.Options{{URL: "https://n8n.test/webhook/x"}, {URL: "/webhook", Secret: "s"}, {URL: "https://n8n.test", Secret: "whsec_AAAA"}} {
		_, err := n8n.New(o)
		require.Error(t, err)
	}
}
