package embed_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestARepsOwnerIsFoundByEMailAndKept(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	link, err := s.Rep.Hubspot.Owner(t.Context())
	require.NoError(t, err)
	bruno := tertulia.HubspotOwner{ID: "7002", Email: embedtest.RepEmail, Name: "Bruno Díaz"}
	require.Equal(t, tertulia.HubspotOwnerLink{HubspotOwnerID: &bruno.ID, Source: tertulia.OwnerAuto, Owner: &bruno}, link)
	again, err := s.Service.Hubspot.Owner(t.Context())
	require.NoError(t, err)
	require.Equal(t, link, again)
	require.Equal(t, 1, s.Sandbox.Calls("hubspot", "GET /crm/owners/2026-09"), "looked up once")

	none, err := s.OtherRep.Hubspot.Owner(t.Context())
	require.NoError(t, err)
	require.Equal(t, tertulia.HubspotOwnerLink{Source: tertulia.OwnerNone}, none)
	s.Sandbox.Control("POST", "/hubspot/seed", map[string]any{"owners": []map[string]any{
		{"id": "7003", "email": embedtest.OtherRepEmail, "firstName": "Nueva"}, {"id": "7002", "email": embedtest.RepEmail, "archived": true},
	}}, nil)
	found, err := s.OtherRep.Hubspot.Owner(t.Context())
	require.NoError(t, err)
	require.Equal(t, "7003", *found.HubspotOwnerID, "who was not there is looked for again")
	gone, err := s.Rep.Hubspot.Owner(t.Context())
	require.NoError(t, err)
	require.Equal(t, tertulia.OwnerNone, gone.Source, "who has left is forgotten")
}

func TestAnOwnerIsChosenAndTheChoiceTakenBack(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	all, err := s.Rep.Hubspot.OwnerCandidates(t.Context(), tertulia.HubspotOwnerFilter{})
	require.NoError(t, err)
	require.Len(t, all.Data, 2)
	found, err := s.Rep.Hubspot.OwnerCandidates(t.Context(), tertulia.HubspotOwnerFilter{Q: "ríos MARIANA", Limit: 1})
	require.NoError(t, err)
	require.Len(t, found.Data, 1)

	link, err := s.Rep.Hubspot.ChooseOwner(t.Context(), tertulia.Some(found.Data[0].ID))
	require.NoError(t, err)
	require.Equal(t, tertulia.HubspotOwnerLink{HubspotOwnerID: &found.Data[0].ID, Source: tertulia.OwnerOverride, Owner: &found.Data[0]}, link)
	id := s.Scheduled(t, embedtest.Talk())
	s.Settled(t, id)
	for _, kind := range []string{"notes", "meetings"} {
		require.Equal(t, "7001", s.CRM(t, kind, id)[0].Properties["hubspot_owner_id"], "written in the chosen one's name")
	}

	for _, nobody := range []string{"424242", "no es un id", "../../contacts/1"} {
		_, err = s.Rep.Hubspot.ChooseOwner(t.Context(), tertulia.Some(nobody))
		requireCode(t, err, http.StatusBadRequest, tertulia.CodeHubspotOwnerNotFound)
	}
	_, err = s.Rep.Hubspot.ChooseOwner(t.Context(), tertulia.Nullable[string]{Set: true, Value: " "})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	_, err = s.Rep.Hubspot.ChooseOwner(t.Context(), tertulia.Nullable[string]{})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	kept, err := s.Rep.Hubspot.Owner(t.Context())
	require.NoError(t, err)
	require.Equal(t, link, kept, "what was refused changed nothing")

	back, err := s.Rep.Hubspot.ChooseOwner(t.Context(), tertulia.Null[string]())
	require.NoError(t, err)
	require.Equal(t, tertulia.OwnerAuto, back.Source)
	require.Equal(t, "7002", *back.HubspotOwnerID)
}

func TestAnAdministratorAssignsAnothersOwner(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	me, err := s.OtherRep.Me.Get(t.Context())
	require.NoError(t, err)
	link, err := s.Admin.Hubspot.AssignOwner(t.Context(), me.ID, tertulia.Some("7002"))
	require.NoError(t, err)
	require.Equal(t, tertulia.OwnerOverride, link.Source)
	theirs, err := s.OtherRep.Hubspot.Owner(t.Context())
	require.NoError(t, err)
	require.Equal(t, link, theirs)
	link, err = s.Admin.Hubspot.AssignOwner(t.Context(), me.ID, tertulia.Null[string]())
	require.NoError(t, err)
	require.Equal(t, tertulia.OwnerNone, link.Source)

	_, err = s.OtherRep.Hubspot.AssignOwner(t.Context(), me.ID, tertulia.Some("7002"))
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Admin.Hubspot.AssignOwner(t.Context(), "8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6", tertulia.Some("7002"))
	requireCode(t, err, http.StatusNotFound, tertulia.CodeSalesRepNotFound)
	_, err = s.Admin.Hubspot.AssignOwner(t.Context(), me.ID, tertulia.Some("1"))
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeHubspotOwnerNotFound)
}
