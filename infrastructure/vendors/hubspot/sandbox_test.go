package hubspot_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound/contracttest"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/hubspot"
)

func sandboxed(t *testing.T, token string) (*hubspot.Client, *sandboxtest.Running) {
	t.Helper()
	s := sandboxtest.Start(t)
	c, err := hubspot.New(hubspot.Options{
		BaseURL: s.URL("hubspot"), AccessToken: token, Transport: contracttest.HubSpot(t, s.URL("hubspot")),
	})
	require.NoError(t, err)
	return c, s
}

func seed(s *sandboxtest.Running) map[string][]string {
	var ids map[string][]string
	s.Control("POST", "/hubspot/seed", map[string]any{
		"owners":   []map[string]string{{"id": "77", "email": "rep@tertulia.test", "firstName": "Rosa"}},
		"contacts": []map[string]string{{"email": "pedro@acme.test", "firstname": "Pedro", "company": "Acme"}},
		"deals":    []map[string]string{{"dealname": "Acme 2026", "contactEmail": "pedro@acme.test"}},
	}, &ids)
	return ids
}

func TestAWholeSyncWorksAgainstTheSandbox(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t, sandboxtest.Key)
	ids := seed(s)
	ctx := t.Context()

	contact, found, err := c.FindContactByEmail(ctx, "Pedro@acme.test")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, ids["contacts"][0], contact.ID)
	owner, found, err := c.FindOwnerByEmail(ctx, "rep@tertulia.test")
	require.NoError(t, err)
	require.True(t, found)
	owners, err := c.ListOwners(ctx)
	require.NoError(t, err)
	require.Contains(t, owners, owner)

	deals, err := c.ContactDeals(ctx, contact.ID)
	require.NoError(t, err)
	require.Len(t, deals, 1)
	require.Equal(t, "Acme 2026", deals[0].Name)

	const marker = "0193d2a4-7c1e-7000-8000-000000000001"
	note, err := c.CreateNote(ctx, hubspot.Note{At: at(), Body: "<p>Resumen</p><p>" + marker + "</p>", OwnerID: owner.ID, ContactID: contact.ID})
	require.NoError(t, err)
	require.NoError(t, c.Associate(ctx, "notes", note, "deals", deals[0].ID))
	meeting, err := c.CreateMeeting(ctx, hubspot.Meeting{Start: at(), End: at().AddDate(0, 0, 1), Title: "Demo", Body: marker, Outcome: "COMPLETED", ContactID: contact.ID})
	require.NoError(t, err)

	notes, err := c.SearchNotes(ctx, marker)
	require.NoError(t, err)
	require.Len(t, notes, 1)
	require.Equal(t, note, notes[0].ID)
	require.NoError(t, c.UpdateNote(ctx, hubspot.Note{ID: note, Body: "<p>Otro " + marker + "</p>"}))
	meetings, err := c.SearchMeetings(ctx, marker)
	require.NoError(t, err)
	require.Len(t, meetings, 1)
	require.Equal(t, meeting, meetings[0].ID)
}

func TestWhoIsUnknownInTheSandboxIsNotFound(t *testing.T) {
	t.Parallel()
	c, _ := sandboxed(t, sandboxtest.Key)
	_, err := c.GetOwner(t.Context(), "999")
	require.True(t, hubspot.IsNotFound(err), err)
	_, err = c.GetContact(t.Context(), "999")
	require.True(t, hubspot.IsNotFound(err), err)
	_, found, err := c.FindContactByEmail(t.Context(), "nobody@acme.test")
	require.NoError(t, err)
	require.False(t, found)
	deals, err := c.ContactDeals(t.Context(), "999")
	require.NoError(t, err)
	require.Empty(t, deals)
}

func TestAWrongTokenIsRefusedByTheSandbox(t *testing.T) {
	t.Parallel()
	c, _ := sandboxed(t, "wrong")
	_, err := c.ListOwners(t.Context())
	require.Equal(t, http.StatusUnauthorized, outbound.StatusOf(err))
}
