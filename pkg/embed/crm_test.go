package embed_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestACompletedMeetingIsInTheCRMOnceWithItsContactDealAndOwner(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	d := s.Settled(t, id)
	require.Equal(t, "synced", d.Meeting.Hubspot.State)
	require.Equal(t, embedtest.CustomerContactID, *d.Meeting.Hubspot.ContactID)
	for kind, want := range map[string]*string{"notes": d.Meeting.Hubspot.NoteID, "meetings": d.Meeting.Hubspot.EngagementID} {
		records := s.CRM(t, kind, id)
		require.Len(t, records, 1)
		require.Equal(t, *want, records[0].ID)
		require.Equal(t, "7002", records[0].Properties["hubspot_owner_id"], "the rep's owner, by e-mail")
		require.Contains(t, string(records[0].Associations), embedtest.CustomerContactID)
		require.Contains(t, string(records[0].Associations), embedtest.CustomerDealID)
	}
}

func TestACRMsLostAnswerNeverMakesASecondNote(t *testing.T) {
	t.Parallel()
	for name, lag := range map[string]int{"found at once": 0, "found with a delay": 4000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := embedtest.New(t)
			s.Sandbox.Control("POST", "/hubspot/settings", map[string]int{"indexLagMs": lag}, nil)
			for _, path := range []string{"/crm/objects/2026-09/notes", "/crm/objects/2026-09/meetings"} {
				s.Sandbox.Fault(sandboxtest.Fault{Vendor: "hubspot", Method: "POST", Path: path + "$", Drop: "after"})
			}
			s.Sandbox.Fault(sandboxtest.Fault{Vendor: "hubspot", Method: "PUT", Status: 500})
			id := s.Scheduled(t, embedtest.Talk())
			s.Hasten(t, "synced", func() bool { return s.Get(t, id).Meeting.Hubspot.State == "synced" })
			require.Len(t, s.CRM(t, "notes", id), 1)
			require.Len(t, s.CRM(t, "meetings", id), 1)
		})
	}
}

func TestAMeetingWhoseCustomerTheCRMDoesNotKnowSaysSoAndTellsTheRep(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), func(r *tertulia.ScheduleRequest) { r.CustomerInfo.Email = "nadie@nowhere.example" })
	d := s.Settled(t, id)
	require.Equal(t, "skipped", d.Meeting.Hubspot.State)
	require.Equal(t, "HUBSPOT_NO_CONTACT", *d.Meeting.Hubspot.Reason)
	require.Empty(t, s.CRM(t, "notes", id))

	var list tertulia.NotificationList
	s.WaitFor(t, "two notifications", func() bool {
		var err error
		list, err = s.Rep.Notifications.List(t.Context())
		require.NoError(t, err)
		return len(list.Data) == 2
	})
	require.Equal(t, 2, list.UnreadCount)
	for _, n := range list.Data {
		require.Equal(t, id, *n.MeetingID)
		require.NotEmpty(t, n.Title)
	}
	others, err := s.OtherRep.Notifications.List(t.Context())
	require.NoError(t, err)
	require.Empty(t, others.Data, "nobody else's business")
}

func TestWithoutACRMTheSyncIsSkippedWithAReason(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutHubSpot())
	id := s.Scheduled(t, embedtest.Talk())
	d := s.Settled(t, id)
	require.Equal(t, "skipped", d.Meeting.Hubspot.State)
	require.Equal(t, "HUBSPOT_NOT_CONFIGURED", *d.Meeting.Hubspot.Reason)
	require.Empty(t, s.Sandbox.Ledger("hubspot"))
}

func TestASecondSyncUpdatesWhatTheFirstWrote(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	first := s.Settled(t, id)
	_, err := s.Rep.Meetings.Update(t.Context(), id, tertulia.UpdateMeetingRequest{Title: tertulia.Some("Con otro nombre")})
	require.NoError(t, err)
	_, err = s.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{})
	require.NoError(t, err)
	s.WaitFor(t, "the CRM knows the new title", func() bool {
		records := s.CRM(t, "meetings", id)
		require.Len(t, records, 1)
		return records[0].Properties["hs_meeting_title"] != "" && s.Get(t, id).Analyses[0].ID != first.Analyses[0].ID &&
			s.Sandbox.Calls("hubspot", "PATCH /crm/objects/2026-09/notes/*") >= 1 && s.Get(t, id).Meeting.Hubspot.State == "synced"
	})
	second := s.Get(t, id)
	require.Equal(t, first.Meeting.Hubspot.NoteID, second.Meeting.Hubspot.NoteID)
	require.Contains(t, s.CRM(t, "meetings", id)[0].Properties["hs_meeting_title"], "Con otro nombre")
	require.Len(t, s.CRM(t, "notes", id), 1)
}

func TestACRMsOutageIsOutlasted(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "hubspot", Times: 3, Status: 502})
	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "hubspot", Times: 2, Status: 429, Body: []byte(`{"policyName":"SECONDLY"}`)})
	id := s.Scheduled(t, embedtest.Talk())
	require.Equal(t, tertulia.Completed, s.Until(t, id, tertulia.Completed).Meeting.Status, "whatever the CRM does")
	s.Hasten(t, "synced", func() bool { return s.Get(t, id).Meeting.Hubspot.State == "synced" })
	require.Len(t, s.CRM(t, "notes", id), 1)
}
