package embed_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// withCustomer books a meeting with another customer than the demo's.
func withCustomer(name, company, email string) func(*tertulia.ScheduleRequest) {
	return func(r *tertulia.ScheduleRequest) {
		r.CustomerInfo = tertulia.CustomerInfo{ContactName: name, Company: company, Email: email}
	}
}

// propertiesOf are the properties of a request to HubSpot.
func propertiesOf(t *testing.T, r sandboxtest.Request) map[string]string {
	t.Helper()
	var body struct{ Properties map[string]string }
	require.NoError(t, json.Unmarshal([]byte(r.Body), &body))
	return body.Properties
}

func TestAPreviewIsExactlyWhatTheSyncSendsAndTouchesNothing(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), withCustomer("Quien no está", "Nadie & Cía <x>", "nadie@nowhere.example"))
	require.Equal(t, "skipped", s.Settled(t, id).Meeting.Hubspot.State)
	_, err := s.Rep.Meetings.Update(t.Context(), id, tertulia.UpdateMeetingRequest{HubspotContactID: tertulia.Some("102")})
	require.NoError(t, err)
	_, err = s.Rep.Hubspot.Owner(t.Context())
	require.NoError(t, err)
	before, meeting := len(s.Sandbox.Ledger("hubspot")), s.Get(t, id).Meeting

	preview, err := s.Rep.Hubspot.Preview(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, s.Sandbox.Ledger("hubspot"), before, "HubSpot is not asked")
	require.Equal(t, meeting, s.Get(t, id).Meeting, "nothing of ours is changed")
	require.Equal(t, "102", *preview.ContactID)
	require.Equal(t, "7002", *preview.OwnerID)
	require.Contains(t, preview.Note.HTML, id)
	require.NotContains(t, preview.Note.HTML, "<x>", "what came from outside is escaped")

	_, err = s.Rep.Hubspot.Sync(t.Context(), id)
	require.NoError(t, err)
	s.UntilMeeting(t, id, "synced", func(d tertulia.MeetingDetail) bool { return d.Meeting.Hubspot.State == "synced" })
	for kind, record := range map[string]tertulia.HubspotPreviewRecord{"notes": preview.Note, "meetings": preview.Meeting} {
		sent := s.Sandbox.Matching("hubspot", "POST /crm/objects/2026-09/"+kind)
		require.Len(t, sent, 1)
		require.Equal(t, record.Properties, propertiesOf(t, sent[0]))
		require.Contains(t, sent[0].Body, `"to":{"id":"102"}`)
	}
	require.Equal(t, preview.Note.HTML, preview.Note.Properties["hs_note_body"])
	require.Equal(t, preview.Meeting.HTML, preview.Meeting.Properties["hs_meeting_body"])
}

func TestAContactIsPickedWhereTheEMailMatchedNobody(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), withCustomer("Jorge", "Sur", "otro@nowhere.example"))
	require.Equal(t, "HUBSPOT_NO_CONTACT", *s.Settled(t, id).Meeting.Hubspot.Reason)

	byName, err := s.Rep.Hubspot.Candidates(t.Context(), id, tertulia.HubspotSearch{})
	require.NoError(t, err)
	require.Equal(t, []tertulia.HubspotContact{{ID: "102", Name: "Jorge Salas", Email: "jorge.salas@norte.example", Company: "Grupo Norte"}}, byName.Data)
	asked, err := s.Rep.Hubspot.Candidates(t.Context(), id, tertulia.HubspotSearch{Q: "maría", Limit: 1})
	require.NoError(t, err)
	require.Len(t, asked.Data, 1)
	require.Equal(t, "103", asked.Data[0].ID)

	_, err = s.Rep.Meetings.Update(t.Context(), id, tertulia.UpdateMeetingRequest{HubspotContactID: tertulia.Some(byName.Data[0].ID)})
	require.NoError(t, err)
	answer, err := s.Rep.Hubspot.Sync(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, id, answer.MeetingID)
	d := s.UntilMeeting(t, id, "synced", func(d tertulia.MeetingDetail) bool { return d.Meeting.Hubspot.State == "synced" })
	require.Equal(t, "102", *d.Meeting.Hubspot.ContactID)
	require.Nil(t, d.Meeting.Hubspot.Message)
	require.NotNil(t, d.Meeting.Hubspot.SyncedAt)
	require.Contains(t, string(s.CRM(t, "notes", id)[0].Associations), `"102"`)
}

func TestWithoutAnybodyOfTheCustomersNameTheCompanyIsLookedFor(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	id := s.Scheduled(t, embedtest.Talk(), withCustomer("Zacarías", "Grupo Norte", ""), later(s, time.Hour))
	found, err := s.Service.Hubspot.Candidates(t.Context(), id, tertulia.HubspotSearch{})
	require.NoError(t, err)
	require.Len(t, found.Data, 1)
	require.Equal(t, "102", found.Data[0].ID)
}

func TestAPendingSyncIsAnsweredAgain(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	id := s.Scheduled(t, embedtest.Talk())
	_, err := s.Rep.Hubspot.Sync(t.Context(), id)
	requireCode(t, err, http.StatusConflict, tertulia.CodeInvalidState)
	_, err = s.Rep.Hubspot.Preview(t.Context(), id)
	requireCode(t, err, http.StatusConflict, tertulia.CodeInvalidState)
	s.Process(t, func() bool { return s.Get(t, id).Meeting.Hubspot.State == "synced" })

	first, err := s.Rep.Hubspot.Sync(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "pending", s.Get(t, id).Meeting.Hubspot.State)
	again, err := s.Admin.Hubspot.Sync(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, first, again)
	s.Process(t, func() bool { return s.Get(t, id).Meeting.Hubspot.State == "synced" })
	third, err := s.Rep.Hubspot.Sync(t.Context(), id)
	require.NoError(t, err)
	require.NotEqual(t, first.JobID, third.JobID)
}

func TestAForcedSyncThatLosesItsAnswerNeverMakesASecondNote(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), withCustomer("Jorge", "", "otro@nowhere.example"))
	s.Settled(t, id)
	s.Sandbox.Control("POST", "/hubspot/settings", map[string]int{"indexLagMs": 3000}, nil)
	for _, path := range []string{"/crm/objects/2026-09/notes", "/crm/objects/2026-09/meetings"} {
		s.Sandbox.Fault(sandboxtest.Fault{Vendor: "hubspot", Method: "POST", Path: path + "$", Drop: "after"})
	}
	_, err := s.Rep.Meetings.Update(t.Context(), id, tertulia.UpdateMeetingRequest{HubspotContactID: tertulia.Some("102")})
	require.NoError(t, err)
	_, err = s.Rep.Hubspot.Sync(t.Context(), id)
	require.NoError(t, err)
	s.Hasten(t, "synced", func() bool { return s.Get(t, id).Meeting.Hubspot.State == "synced" })
	_, err = s.Rep.Hubspot.Sync(t.Context(), id) // and once more
	require.NoError(t, err)
	s.Idle(t)
	require.Len(t, s.CRM(t, "notes", id), 1)
	require.Len(t, s.CRM(t, "meetings", id), 1)
}

func TestWhatHubSpotDemandsIsShownByName(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Control("POST", "/hubspot/settings", map[string]any{
		"requiredProperties": map[string][]string{"notes": {"motivo_de_visita"}},
		"properties":         map[string][]string{"notes": {"motivo_de_visita"}},
	}, nil)
	id := s.Scheduled(t, embedtest.Talk())
	d := s.UntilMeeting(t, id, "refused", func(d tertulia.MeetingDetail) bool { return d.Meeting.Hubspot.State == "failed" })
	require.Equal(t, "HUBSPOT_PROPERTY_REFUSED", *d.Meeting.Hubspot.Reason)
	require.Contains(t, *d.Meeting.Hubspot.Message, "motivo_de_visita")
	preview, err := s.Rep.Hubspot.Preview(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, d.Meeting.Hubspot, preview.Hubspot)
	require.Equal(t, 1, s.Sandbox.Calls("hubspot", "POST /crm/objects/2026-09/notes"), "another try would hear the same")

	s.Sandbox.Control("POST", "/hubspot/settings", map[string]any{"requiredProperties": map[string][]string{}}, nil)
	_, err = s.Rep.Hubspot.Sync(t.Context(), id)
	require.NoError(t, err)
	d = s.UntilMeeting(t, id, "synced", func(d tertulia.MeetingDetail) bool { return d.Meeting.Hubspot.State == "synced" })
	require.Nil(t, d.Meeting.Hubspot.Reason)
}

func TestContactsAreSearchedForTheForm(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	found, err := s.Rep.Hubspot.SearchContacts(t.Context(), tertulia.HubspotSearch{Q: " garcía "})
	require.NoError(t, err)
	require.Len(t, found.Data, 1)
	require.Equal(t, "Pedro García", found.Data[0].Name)
	found, err = s.Service.Hubspot.SearchContacts(t.Context(), tertulia.HubspotSearch{Q: "zzz"})
	require.NoError(t, err)
	require.NotNil(t, found.Data)
	require.Empty(t, found.Data)
	_, err = s.Rep.Hubspot.SearchContacts(t.Context(), tertulia.HubspotSearch{Q: " "})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeMissingParam)

	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "hubspot", Status: 429, Body: []byte(`{"policyName":"TEN_SECONDLY_ROLLING"}`)})
	_, err = s.Rep.Hubspot.SearchContacts(t.Context(), tertulia.HubspotSearch{Q: "garcía"})
	requireCode(t, err, http.StatusBadGateway, tertulia.CodeHubspot)
	refusal, _ := errors.AsType[*tertulia.APIError](err)
	require.Equal(t, 10*time.Second, refusal.RetryAfter)
	require.NotContains(t, strings.ToLower(s.Logs.String()), "garcía", "whom people look for is nobody's business")
}

func TestWithoutATokenEveryRouteSaysSo(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutHubSpot())
	id := s.Scheduled(t, embedtest.Talk())
	s.Settled(t, id)
	for name, client := range map[string]*tertulia.Client{"no token": s.Rep, "another workspace": s.Other} {
		errs := map[string]error{}
		_, errs["search"] = client.Hubspot.SearchContacts(t.Context(), tertulia.HubspotSearch{Q: "ana"})
		_, errs["owner"] = client.Hubspot.Owner(t.Context())
		_, errs["owners"] = client.Hubspot.OwnerCandidates(t.Context(), tertulia.HubspotOwnerFilter{})
		_, errs["choose"] = client.Hubspot.ChooseOwner(t.Context(), tertulia.Some("7001"))
		if client == s.Rep {
			_, errs["sync"] = client.Hubspot.Sync(t.Context(), id)
			_, errs["preview"] = client.Hubspot.Preview(t.Context(), id)
			_, errs["candidates"] = client.Hubspot.Candidates(t.Context(), id, tertulia.HubspotSearch{Q: "ana"})
		}
		for what, err := range errs {
			require.Error(t, err, name+" "+what)
			requireCode(t, err, http.StatusServiceUnavailable, tertulia.CodeHubspotNotConfigured)
		}
	}
	require.Equal(t, "HUBSPOT_NOT_CONFIGURED", *s.Get(t, id).Meeting.Hubspot.Reason)
}

func TestOneWorkspacesHubSpotIsNotAnothers(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	_, err := s.Other.Hubspot.SearchContacts(t.Context(), tertulia.HubspotSearch{Q: "pedro"})
	requireCode(t, err, http.StatusServiceUnavailable, tertulia.CodeHubspotNotConfigured)
	_, err = s.Other.Hubspot.OwnerCandidates(t.Context(), tertulia.HubspotOwnerFilter{})
	requireCode(t, err, http.StatusServiceUnavailable, tertulia.CodeHubspotNotConfigured)
	require.Empty(t, s.Sandbox.Ledger("hubspot"))
}
