package embed_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// A matrix is a system with one of everything, all of it Rep's, and the way to call each operation on it.
type matrix struct {
	*embedtest.System

	meeting, notification, job, rep string
	feed                            string // a calendar
	doomed                          string // a meeting that may be deleted
	removed                         string // token of somebody who was a rep
}

func newMatrix(t *testing.T, opts ...embedtest.Option) *matrix {
	t.Helper()
	m := &matrix{System: embedtest.New(t, append(opts, embedtest.WithoutWorker())...)}
	m.Scheduled(t, talkWith(sandboxtest.Faults{Fatal: "meeting_not_found"}))
	m.Process(t, func() bool {
		list, err := m.Rep.Notifications.List(t.Context())
		require.NoError(t, err)
		if len(list.Data) > 0 {
			m.notification = list.Data[0].ID
		}
		return m.notification != ""
	})
	m.doomed = m.Scheduled(t, embedtest.Talk(), later(m.System, 48*time.Hour))
	m.meeting = m.Scheduled(t, embedtest.Talk(), later(m.System, 24*time.Hour))
	m.job = m.Jobs(t, "watch_meeting")[0].ID
	me, err := m.Rep.Me.Get(t.Context())
	require.NoError(t, err)
	m.rep = me.ID
	const gone = "antes.aqui@andamio.example"
	was, err := m.Person(t, gone).Me.Get(t.Context())
	require.NoError(t, err)
	_, err = m.Admin.SalesReps.SetActive(t.Context(), was.ID, false)
	require.NoError(t, err)
	m.removed = m.Token(t, gone)
	m.feed = feedOf(t, m.Rep, "https://example.com/rep.ics").ID
	return m
}

// fixtures calls each operation in a way that is right, so that only the caller decides.
func (m *matrix) fixtures(t *testing.T) map[string]matrixtest.Fixture {
	t.Helper()
	at := m.Clock.Now().Add(48 * time.Hour).Format(time.RFC3339)
	booking := fmt.Sprintf(`{"meetingUrl":%q,"scheduledAt":%q,"customerInfo":{"contactName":"Ana"}}`, embedtest.MeetURL, at)
	invitation := fmt.Sprintf(`{"meetingUrl":%q,"scheduledAt":%q}`, embedtest.MeetURL, at)
	meeting, job := map[string]string{"id": m.meeting}, map[string]string{"id": m.job}
	scheduledAgain := func(t *testing.T, _ string) {
		m.Exec(t, "update meetings set status = 'SCHEDULED' where id = $1", m.meeting)
	}
	fixtures := map[string]matrixtest.Fixture{
		"health": {}, "ready": {},
		"scheduleMeeting": {Body: booking}, "startMeeting": {Body: booking}, "inviteBot": {Body: invitation},
		"listMeetings": {}, "getMeeting": {Path: meeting},
		"getMeetingVideo": {Path: meeting}, "getMeetingAudio": {Path: meeting},
		"updateMeeting":        {Path: meeting, Body: `{"title":"Otra"}`},
		"cancelMeeting":        {Path: meeting, Before: scheduledAgain},
		"reanalyzeMeeting":     {Path: meeting, Body: `{}`},
		"receiveRecallWebhook": {Body: `{}`},
		"getMe":                {}, "updateMe": {Body: `{"name":"Nombre Nuevo"}`},
		"listSalesReps": {}, "findSalesRepByEmail": {Query: "email=" + embedtest.RepEmail},
		"changeSalesRep":    {Path: map[string]string{"id": m.rep}, Body: `{"is_admin":false}`},
		"listNotifications": {}, "markNotificationRead": {Path: map[string]string{"id": m.notification}},
		"markAllNotificationsRead": {}, "deleteReadNotifications": {},
		"processQueue": {}, "cleanupStorage": {}, "getCronHealth": {},
		"listJobs": {}, "getJob": {Path: job}, "replayJob": {Path: job}, "cancelJob": {Path: job}, "discardJob": {Path: job},
	}
	maps.Copy(fixtures, m.momentFixtures())
	maps.Copy(fixtures, m.agentFixtures())
	maps.Copy(fixtures, m.performanceFixtures())
	maps.Copy(fixtures, m.hubspotFixtures())
	maps.Copy(fixtures, m.calendarFixtures())
	maps.Copy(fixtures, costFixtures(meeting))
	maps.Copy(fixtures, m.correctionFixtures())
	maps.Copy(fixtures, m.agentFileFixtures())
	maps.Copy(fixtures, m.learningFixtures())
	maps.Copy(fixtures, playbookFixtures())
	maps.Copy(fixtures, m.batchCallFixtures(t))
	maps.Copy(fixtures, m.callFixtures(t))
	return fixtures
}

// admitted are the statuses of those who pass: what the state of things leads to is no question of access.
func admitted(op httpserver.Operation) []int {
	if statuses := admittedToMoments(op); statuses != nil {
		return statuses
	}
	if statuses := admittedToCalendars(op); statuses != nil {
		return statuses
	}
	switch op.ID {
	case "getMeetingVideo", "getMeetingAudio", "replayJob", "cancelJob", "discardJob", "reanalyzeMeeting",
		"syncMeetingToHubspot", "previewHubspotSync":
		return []int{http.StatusOK, http.StatusAccepted, http.StatusConflict}
	case "askAgent": // the matrix' meeting has not been held yet
		return []int{http.StatusConflict}
	case "markNotificationRead": // only its owner's
		return []int{http.StatusNotFound}
	default:
		return []int{http.StatusOK, http.StatusCreated}
	}
}

// by answers for a caller that shows a credential of the given sort, which is right at no other door.
func by(credential httpserver.Credential, want func(op httpserver.Operation) []int) func(httpserver.Operation) []int {
	return func(op httpserver.Operation) []int {
		switch op.Credential {
		case httpserver.Public:
			return []int{http.StatusOK}
		case credential:
			return want(op)
		default:
			return []int{http.StatusUnauthorized}
		}
	}
}

func one(status int) func(httpserver.Operation) []int {
	return func(httpserver.Operation) []int { return []int{status} }
}

func signed(name, value, actingFor string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set(name, value)
		if actingFor != "" {
			r.URL.RawQuery += "&salesRepEmail=" + actingFor
		}
	}
}

func (m *matrix) callers(t *testing.T) []matrixtest.Caller {
	bearer := func(email string) func(*http.Request) {
		return signed("Authorization", "Bearer "+m.Token(t, email), "")
	}
	key := func(key, rep string) func(*http.Request) { return signed("X-API-Key", key, rep) }
	isMeeting := func(op httpserver.Operation) bool { return strings.HasPrefix(op.Path, "/api/meetings/{id}") }
	owner := func(op httpserver.Operation) []int {
		switch {
		case op.Role == kernel.Admin:
			return []int{http.StatusForbidden}
		case op.ID == "markNotificationRead":
			return []int{http.StatusOK, http.StatusNotFound}
		default:
			return admitted(op)
		}
	}
	return []matrixtest.Caller{
		{Name: "nobody", Want: by(-1, nil)},
		{Name: "wrong key", Sign: key("tk_wrong", embedtest.RepEmail), Want: by(-1, nil)},
		{Name: "wrong token", Sign: signed("Authorization", "Bearer wrong", ""), Want: by(-1, nil)},
		{Name: "scheduler", Sign: signed("Authorization", "Bearer "+embedtest.CronSecret, ""), Want: by(httpserver.SchedulerSecret, one(http.StatusOK))},
		{Name: "removed rep", Sign: signed("Authorization", "Bearer "+m.removed, ""), Want: by(httpserver.Member, one(http.StatusForbidden))},
		{Name: "key for a removed rep", Sign: key(embedtest.ServiceKey, "antes.aqui@andamio.example"), Want: by(httpserver.Member, one(http.StatusForbidden))},
		{Name: "key for nobody", Sign: key(embedtest.ServiceKey, ""), Want: by(httpserver.Member, func(op httpserver.Operation) []int {
			if op.ActAs == httpserver.ServiceAllowed {
				return admitted(op)
			}
			return []int{http.StatusBadRequest}
		})},
		{Name: "other workspace", Sign: key(m.OtherKey, embedtest.OtherEmail), Want: by(httpserver.Member, func(op httpserver.Operation) []int {
			if strings.Contains(op.Path, "{id}") || op.ID == "findSalesRepByEmail" {
				return []int{http.StatusNotFound}
			}
			return admitted(op)
		})},
		{Name: "other workspace for our rep", Sign: key(m.OtherKey, embedtest.RepEmail), Want: by(httpserver.Member, func(op httpserver.Operation) []int {
			if op.ActAs == httpserver.RepProvisioned {
				return nil // it would get a rep of that name there, below its own roof
			}
			return []int{http.StatusNotFound}
		})},
		{Name: "another rep", Sign: bearer(embedtest.OtherRepEmail), Want: by(httpserver.Member, func(op httpserver.Operation) []int {
			if op.Role == kernel.Admin || isMeeting(op) {
				return []int{http.StatusForbidden}
			}
			return admitted(op)
		})},
		{Name: "owner", Sign: bearer(embedtest.RepEmail), Want: by(httpserver.Member, owner)},
		{Name: "key for the owner", Sign: key(embedtest.ServiceKey, embedtest.RepEmail), Want: by(httpserver.Member, owner)},
		{Name: "admin", Sign: bearer(embedtest.AdminEmail), Want: by(httpserver.Member, admitted)},
	}
}

func TestEveryRouteKeepsEveryCallerInItsPlace(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]embedtest.Option{"floor on": nil, "floor off": {embedtest.WithFloorOff()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMatrix(t, opts...)
			ours := []string{m.meeting, m.notification, m.job, m.rep, "Pedro García", "Distribuidora", embedtest.RepEmail, embedtest.AdminEmail}
			operations := documented(t, m.System)
			foreign := []string{"nobody", "wrong key", "wrong token", "removed rep", "other workspace", "other workspace for our rep"}
			matrixtest.Run(t, m.App.Handler(), m.App.API().Operations(), m.callers(t), m.fixtures(t),
				func(t *testing.T, op httpserver.Operation, caller string, status int, body string) {
					var answer struct{ Code string }
					if status >= 400 && assert.NoError(t, json.Unmarshal([]byte(body), &answer)) {
						assert.Contains(t, operations[op.ID], answer.Code, "%s documents what %s is answered", op.ID, caller)
					}
					for _, secret := range ours {
						for _, someone := range foreign {
							if caller == someone && strings.Contains(body, secret) {
								t.Errorf("%s tells %s of %q: %s", op.ID, caller, secret, body)
							}
						}
					}
				})
		})
	}
}

func TestWhatIsNotAboutSalesIsEverybodysToReadAndItsOwnersToChange(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	booked, err := s.Rep.Meetings.InviteBot(t.Context(), tertulia.InviteBotRequest{
		MeetingURL: embedtest.MeetURL, ScheduledAt: s.Clock.Now().Add(time.Hour).Format(time.RFC3339),
	})
	require.NoError(t, err)
	_, err = s.OtherRep.Meetings.Get(t.Context(), booked.MeetingID)
	require.NoError(t, err)
	_, err = s.OtherRep.Meetings.Cancel(t.Context(), booked.MeetingID)
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Other.Meetings.Get(t.Context(), booked.MeetingID)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeMeetingNotFound)
	page, err := s.OtherRep.Meetings.List(t.Context(), tertulia.MeetingFilter{})
	require.NoError(t, err)
	require.Equal(t, 1, page.Total)
}
