package hubspot_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/meetings/hubspot"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	client "github.com/tertulia-dev/tertulia/infrastructure/vendors/hubspot"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type account struct {
	*hubspot.CRM
	*sandboxtest.Running

	contact string
	deals   []string
}

// newAccount has one contact with so many open deals.
func newAccount(t *testing.T, deals int) account {
	t.Helper()
	s := sandboxtest.Start(t)
	c, err := client.New(client.Options{BaseURL: s.URL("hubspot"), AccessToken: sandboxtest.Key})
	require.NoError(t, err)
	seed := map[string]any{
		"owners":   []map[string]string{{"id": "77", "email": "rep@tertulia.test", "firstName": "Rosa"}},
		"contacts": []map[string]string{{"email": "pedro@acme.test", "firstname": "Pedro"}},
	}
	var open []map[string]string
	for range deals {
		open = append(open, map[string]string{"dealname": "Acme", "contactEmail": "pedro@acme.test"})
	}
	seed["deals"] = open
	var ids map[string][]string
	s.Control("POST", "/hubspot/seed", seed, &ids)
	return account{CRM: hubspot.NewCRM(c), Running: s, contact: ids["contacts"][0], deals: ids["deals"]}
}

func (a account) entry() meetingsuc.CRMEntry {
	const id = "0193d2a4-7c1e-7000-8000-000000000001"
	at := time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC)
	return meetingsuc.CRMEntry{
		Meeting: id, Title: "Demo", Body: "<p>Resumen</p><p>" + id + "</p>", StartsAt: at, EndsAt: at.Add(time.Hour),
		OwnerID: "77", ContactID: a.contact, DealID: a.deals[0],
	}
}

// saved are the two things that are saved in the same way.
func (a account) saved() map[string]func(t *testing.T, e meetingsuc.CRMEntry) (string, error) {
	return map[string]func(*testing.T, meetingsuc.CRMEntry) (string, error){
		"notes": func(t *testing.T, e meetingsuc.CRMEntry) (string, error) {
			t.Helper()
			return a.SaveNote(t.Context(), e)
		},
		"meetings": func(t *testing.T, e meetingsuc.CRMEntry) (string, error) {
			t.Helper()
			return a.SaveEngagement(t.Context(), e)
		},
	}
}

func TestSavingAgainUpdatesWhetherTheIDIsKnownOrLost(t *testing.T) {
	t.Parallel()
	a := newAccount(t, 1)
	for kind, save := range a.saved() {
		e := a.entry()
		first, err := save(t, e)
		require.NoError(t, err, kind)
		e.EarlierID = first
		again, err := save(t, e)
		require.NoError(t, err)
		require.Equal(t, first, again)
		e.EarlierID = ""
		found, err := save(t, e)
		require.NoError(t, err)
		require.Equal(t, first, found, "by the meeting's ID in its text")
		e.EarlierID = "999999"
		replaced, err := save(t, e)
		require.NoError(t, err)
		require.Equal(t, first, replaced, "somebody deleted the one that was known")
		require.Equal(t, 1, a.Calls("hubspot", "POST /crm/objects/2026-09/"+kind), kind)
	}
}

func TestALostAnswerMakesNoSecondEntry(t *testing.T) {
	t.Parallel()
	a := newAccount(t, 1)
	for kind, save := range a.saved() {
		a.Fault(sandboxtest.Fault{Vendor: "hubspot", Method: http.MethodPost, Path: "/crm/objects/2026-09/" + kind + "$", Drop: "after"})
		_, err := save(t, a.entry())
		require.Equal(t, fault.Upstream, fault.KindOf(err), kind)
		id, err := save(t, a.entry())
		require.NoError(t, err)
		require.NotEmpty(t, id)
		require.Equal(t, 1, a.Calls("hubspot", "POST /crm/objects/2026-09/"+kind), kind)
	}
}

func TestAnEntryThatWasFoundButNotTiedIsKnown(t *testing.T) {
	t.Parallel()
	a := newAccount(t, 1)
	e := a.entry()
	first, err := a.SaveNote(t.Context(), e)
	require.NoError(t, err)
	a.Fault(sandboxtest.Fault{Vendor: "hubspot", Method: http.MethodPut, Status: 502})

	id, err := a.SaveNote(t.Context(), e)

	require.Error(t, err)
	require.Equal(t, first, id)
}

func TestOfSeveralOpenDealsNoneIsChosen(t *testing.T) {
	t.Parallel()
	for deals, want := range map[int]bool{0: false, 1: true, 2: false} {
		a := newAccount(t, deals)
		id, found, err := a.OpenDeal(t.Context(), a.contact)
		require.NoError(t, err)
		require.Equal(t, want, found, deals)
		if want {
			require.Equal(t, a.deals[0], id)
		}
	}
}

func TestPeopleAreFoundByTheirAddress(t *testing.T) {
	t.Parallel()
	a := newAccount(t, 1)
	id, found, err := a.FindContact(t.Context(), "Pedro@acme.test")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, a.contact, id)
	for _, email := range []string{"", "nobody@acme.test"} {
		_, found, err = a.FindContact(t.Context(), email)
		require.NoError(t, err)
		require.False(t, found)
	}
}

func TestARefusedPropertyIsNamed(t *testing.T) {
	t.Parallel()
	a := newAccount(t, 1)
	a.Control("POST", "/hubspot/settings", map[string]any{
		"requiredProperties": map[string][]string{"notes": {"motivo"}}, "properties": map[string][]string{"notes": {"motivo"}},
	}, nil)
	_, err := a.SaveNote(t.Context(), a.entry())
	refusal, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok)
	require.Equal(t, fault.Invalid, refusal.Kind)
	require.Equal(t, meetings.HubspotPropertyRefused, refusal.Code)
	require.Equal(t, "motivo", refusal.Params["properties"])
}

func TestAPreviewIsWhatIsSent(t *testing.T) {
	t.Parallel()
	a := newAccount(t, 1)
	e := a.entry()
	preview := a.Preview(e, e)
	for kind, want := range map[string]map[string]string{"notes": preview.Note, "meetings": preview.Engagement} {
		_, err := a.saved()[kind](t, e)
		require.NoError(t, err)
		sent := a.Matching("hubspot", "POST /crm/objects/2026-09/"+kind)
		require.Len(t, sent, 1)
		var body struct{ Properties map[string]string }
		require.NoError(t, json.Unmarshal([]byte(sent[0].Body), &body))
		require.Equal(t, want, body.Properties)
	}
}

func TestAContactThatIsGoneIsARefusalAndNotAnAbsenceOfOurs(t *testing.T) {
	t.Parallel()
	a := newAccount(t, 1)
	e := a.entry()
	e.ContactID = "424242"
	_, err := a.SaveNote(t.Context(), e)
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.Equal(t, meetings.HubspotRefused, fault.CodeOf(err))
}

func TestWithoutAClientEverythingIsNotConfigured(t *testing.T) {
	t.Parallel()
	crm := hubspot.NewCRM(nil)
	_, _, contact := crm.FindContact(t.Context(), "a@example.com")
	_, search := crm.SearchContacts(t.Context(), "ana", 5)
	_, _, deal := crm.OpenDeal(t.Context(), "1")
	_, note := crm.SaveNote(t.Context(), meetingsuc.CRMEntry{})
	_, engagement := crm.SaveEngagement(t.Context(), meetingsuc.CRMEntry{})
	for _, err := range []error{crm.Ready(), contact, search, deal, note, engagement} {
		require.Equal(t, meetings.HubspotNotConfigured, fault.CodeOf(err))
		require.Equal(t, fault.Unavailable, fault.KindOf(err))
	}
}

func TestTheFirstEntryOfAllIsMadeInOneCall(t *testing.T) {
	t.Parallel()
	a := newAccount(t, 1)
	for kind, save := range a.saved() {
		e := a.entry()
		e.IsFirst = true
		before := len(a.Ledger("hubspot"))
		_, err := save(t, e)
		require.NoError(t, err)
		require.Len(t, a.Ledger("hubspot"), before+1, kind)
		var stored struct {
			Results []struct{ Associations json.RawMessage }
		}
		a.Control("GET", "/hubspot/objects?type="+kind, nil, &stored)
		require.Len(t, stored.Results, 1)
		require.Contains(t, string(stored.Results[0].Associations), a.contact)
		require.Contains(t, string(stored.Results[0].Associations), a.deals[0])
	}
}
