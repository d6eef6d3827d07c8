package hubspot_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound/contracttest"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/hubspot"
)

type sent struct{ request, query, body string }

// fake answers every call with one answer, keeps what was sent, and checks it against HubSpot's document.
func fake(t *testing.T, status int, answer string) (*hubspot.Client, func() sent) {
	t.Helper()
	var last sent
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		last = sent{r.Method + " " + r.URL.Path, r.URL.RawQuery, string(body)}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(srv.Close)
	c, err := hubspot.New(hubspot.Options{
		BaseURL: srv.URL, AccessToken: "sandbox-token", Transport: contracttest.HubSpot(t, srv.URL),
		Now: func() time.Time { return time.Date(2026, 11, 21, 22, 30, 0, 0, time.UTC) },
	})
	require.NoError(t, err)
	return c, func() sent { return last }
}

func at() time.Time {
	return time.Date(2026, 11, 20, 9, 30, 0, 0, time.FixedZone("", -6*3600))
}

func TestANoteIsCreatedOnItsContactInOneCall(t *testing.T) {
	t.Parallel()
	c, last := fake(t, 201, `{"id":"n1"}`)
	id, err := c.CreateNote(t.Context(), hubspot.Note{At: at(), Body: "<p>Hola</p>", OwnerID: "7", ContactID: "51"})
	require.NoError(t, err)
	require.Equal(t, "n1", id)
	require.Equal(t, "POST /crm/objects/2026-09/notes", last().request)
	require.JSONEq(t, `{"properties":{"hs_timestamp":"2026-11-20T15:30:00.000Z","hs_note_body":"<p>Hola</p>","hubspot_owner_id":"7"},
		"associations":[{"to":{"id":"51"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":202}]}]}`, last().body)

	_, err = c.CreateNote(t.Context(), hubspot.Note{At: at(), Body: "x"})
	require.NoError(t, err)
	require.JSONEq(t, `{"properties":{"hs_timestamp":"2026-11-20T15:30:00.000Z","hs_note_body":"x"},"associations":[]}`, last().body)

	require.NoError(t, c.UpdateNote(t.Context(), hubspot.Note{ID: "n1", Body: "y"}))
	require.Equal(t, "PATCH /crm/objects/2026-09/notes/n1", last().request)
	require.JSONEq(t, `{"properties":{"hs_note_body":"y"}}`, last().body)
}

func TestAMeetingIsCreatedOnItsContactInOneCall(t *testing.T) {
	t.Parallel()
	c, last := fake(t, 201, `{"id":"m1"}`)
	id, err := c.CreateMeeting(t.Context(), hubspot.Meeting{
		Start: at(), End: at().Add(time.Hour), Title: "Demo", Body: "<p>b</p>", Outcome: "COMPLETED", ExternalURL: "https://x", OwnerID: "7", ContactID: "51",
	})
	require.NoError(t, err)
	require.Equal(t, "m1", id)
	require.Equal(t, "POST /crm/objects/2026-09/meetings", last().request)
	require.JSONEq(t, `{"properties":{"hs_timestamp":"2026-11-20T15:30:00.000Z","hs_meeting_start_time":"2026-11-20T15:30:00.000Z",
		"hs_meeting_end_time":"2026-11-20T16:30:00.000Z","hs_meeting_title":"Demo","hs_meeting_body":"<p>b</p>","hs_meeting_outcome":"COMPLETED",
		"hs_meeting_external_url":"https://x","hubspot_owner_id":"7"},
		"associations":[{"to":{"id":"51"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":200}]}]}`, last().body)
	require.NoError(t, c.UpdateMeeting(t.Context(), hubspot.Meeting{ID: "m1", Title: "Otra"}))
	require.Equal(t, "PATCH /crm/objects/2026-09/meetings/m1", last().request)
}

func TestSearchesSendEveryFieldThatTheDocumentRequires(t *testing.T) {
	t.Parallel()
	c, last := fake(t, 200, `{"total":2,"results":[{"id":"1","properties":{"email":"other@x.mx"}},{"id":"2","properties":{"email":"Ana@X.mx","phone":null}}]}`)
	contact, found, err := c.FindContactByEmail(t.Context(), "ana@x.MX")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, hubspot.Contact{ID: "2", Email: "Ana@X.mx"}, contact)
	require.Equal(t, "POST /crm/objects/2026-09/contacts/search", last().request)
	require.JSONEq(t, `{"filterGroups":[{"filters":[{"propertyName":"email","operator":"EQ","value":"ana@x.mx"}]},
		{"filters":[{"propertyName":"hs_additional_emails","operator":"CONTAINS_TOKEN","value":"ana@x.mx"}]}],
		"properties":["email","firstname","lastname","company","phone"],"sorts":[],"limit":2,"after":"0"}`, last().body)

	list, err := c.SearchContacts(t.Context(), "ana", 1000)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.JSONEq(t, `{"query":"ana","filterGroups":[],"properties":["email","firstname","lastname","company","phone"],"sorts":[],"limit":200,"after":"0"}`, last().body)
}

func TestASearchByMarkerKeepsOnlyWhatHasIt(t *testing.T) {
	t.Parallel()
	c, last := fake(t, 200, `{"total":2,"results":[
		{"id":"1","properties":{"hs_note_body":"<p>0193-aa and more</p>","hs_timestamp":"2026-11-20T15:30:00Z"}},
		{"id":"2","properties":{"hs_note_body":"0193 aa"}}]}`)
	notes, err := c.SearchNotes(t.Context(), "0193-aa")
	require.NoError(t, err)
	require.Equal(t, []hubspot.Note{{ID: "1", Body: "<p>0193-aa and more</p>", At: at().UTC()}}, notes)
	require.JSONEq(t, `{"filterGroups":[{"filters":[{"propertyName":"hs_note_body","operator":"CONTAINS_TOKEN","value":"0193-aa"}]}],
		"properties":["hs_note_body","hs_timestamp","hubspot_owner_id"],"sorts":[],"limit":100,"after":"0"}`, last().body)
	meetings, err := c.SearchMeetings(t.Context(), "0193-aa")
	require.NoError(t, err)
	require.Empty(t, meetings)
}

func TestReadsGoToTheirPaths(t *testing.T) {
	t.Parallel()
	c, last := fake(t, 200, `{"id":"51","properties":{"firstname":"Ana"},"email":"rep@x.mx","results":[{"id":"7","email":"rep@x.mx"}]}`)
	contact, err := c.GetContact(t.Context(), "51")
	require.NoError(t, err)
	require.Equal(t, "Ana", contact.FirstName)
	require.Equal(t, "GET /crm/objects/2026-09/contacts/51", last().request)

	owner, found, err := c.FindOwnerByEmail(t.Context(), "Rep@x.mx")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, "7", owner.ID)
	require.Equal(t, sent{"GET /crm/owners/2026-09", "email=Rep%40x.mx&limit=10", ""}, last())
	_, found, err = c.FindOwnerByEmail(t.Context(), "else@x.mx")
	require.NoError(t, err)
	require.False(t, found)

	_, err = c.GetOwner(t.Context(), "7")
	require.NoError(t, err)
	require.Equal(t, "GET /crm/owners/2026-09/7", last().request)

	require.NoError(t, c.Associate(t.Context(), "notes", "1", "deals", "2"))
	require.Equal(t, "PUT /crm/objects/2026-09/notes/1/associations/default/deals/2", last().request)
}

func TestAnIdentifierCannotReachAnotherEndpoint(t *testing.T) {
	t.Parallel()
	c, last := fake(t, 200, `{}`)
	for _, id := range []string{"", ".", ".."} {
		_ = c.Associate(t.Context(), "notes", id, "deals", "2")
		require.Empty(t, last().request, id)
	}
}

func TestARateLimitTellsHowLongToWait(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]time.Duration{
		"TEN_SECONDLY_ROLLING": 10 * time.Second, "SECONDLY": time.Second, "DAILY": 90 * time.Minute,
	} {
		c, _ := fake(t, 429, `{"status":"error","message":"canary","errorType":"RATE_LIMIT","policyName":"`+policy+`"}`)
		_, err := c.GetContact(t.Context(), "1")
		e, ok := errors.AsType[*outbound.Error](err)
		require.True(t, ok)
		require.Equal(t, want, e.RetryAfter)
		require.Equal(t, policy, e.Code)
		require.Equal(t, outbound.Refused, e.Outcome)
		require.NotContains(t, err.Error(), "canary")
	}
}

func TestARefusalCarriesItsCategoryAndItsSentenceForTheTenant(t *testing.T) {
	t.Parallel()
	c, _ := fake(t, 400, `{"status":"error","message":"Property x is required","category":"VALIDATION_ERROR","correlationId":"c"}`)
	_, err := c.CreateNote(t.Context(), hubspot.Note{At: at(), Body: "x"})
	e, ok := errors.AsType[*outbound.Error](err)
	require.True(t, ok)
	require.Equal(t, "VALIDATION_ERROR", e.Code)
	require.Equal(t, "Property x is required", e.Message)
	require.False(t, e.Retryable())
}

func TestARefusedWriteNamesTheProperties(t *testing.T) {
	t.Parallel()
	c, _ := fake(t, 400, `{"category":"VALIDATION_ERROR","message":"no","errors":[
		{"code":"REQUIRED_PROPERTY_MISSING","context":{"properties":["hubspot_owner_id","deal_stage"]}},
		{"code":"INVALID_OPTION","context":{"propertyName":["deal_stage","a value: ana@x.mx"]}}]}`)
	_, err := c.CreateNote(t.Context(), hubspot.Note{At: at(), Body: "x"})
	require.Equal(t, []string{"deal_stage", "hubspot_owner_id"}, hubspot.RefusedProperties(err))
	require.Empty(t, hubspot.RefusedProperties(errors.New("another")))
}

func TestASearchThatMeetsTheLimitOfASecondIsSentAgain(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t, sandboxtest.Key)
	ids := seed(s)
	s.Fault(sandboxtest.Fault{Vendor: "hubspot", Times: 2, Status: 429, Body: []byte(`{"policyName":"SECONDLY"}`)})
	contact, found, err := c.FindContactByEmail(t.Context(), "pedro@acme.test")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, ids["contacts"][0], contact.ID)

	s.Fault(sandboxtest.Fault{Vendor: "hubspot", Status: 429, Body: []byte(`{"policyName":"DAILY"}`)})
	_, _, err = c.FindContactByEmail(t.Context(), "pedro@acme.test")
	require.Error(t, err, "which seconds do not help")
}

func TestSearchesAtFullSpeedStayBelowTheLimit(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t, sandboxtest.Key)
	seed(s)
	for range 12 {
		_, err := c.SearchContacts(t.Context(), "pedro", 5)
		require.NoError(t, err)
	}
	for _, request := range s.Ledger("hubspot") {
		require.NotEqual(t, http.StatusTooManyRequests, request.Status)
	}
}
