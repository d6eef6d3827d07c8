package meetingsuc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

func TestACompletedSaleIsWrittenToTheContactAndItsDeal(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)

	require.Len(t, s.out.entries, 2)
	for _, e := range s.out.entries {
		require.Equal(t, m.ID, e.Meeting)
		require.Equal(t, "501", e.ContactID)
		require.Equal(t, "900", e.DealID)
		require.Equal(t, "77", e.OwnerID)
		require.Contains(t, e.Body, m.ID.String(), "by which a later try finds it")
	}
	require.Equal(t, meetings.SyncSynced, m.CRM.State)
	require.Equal(t, s.out.notes[m.ID], m.CRM.NoteID)
	require.Equal(t, s.out.meetings[m.ID], m.CRM.EngagementID)

	require.NoError(t, s.SyncCRM.Execute(t.Context(), syncOf(s.ws, m.ID, "a", false)))
	require.Len(t, s.out.notes, 1)
	require.True(t, s.out.entries[0].IsFirst, "there is nothing to look for")
	require.False(t, s.out.entries[2].IsFirst)
	require.Equal(t, m.CRM.NoteID, s.out.entries[2].EarlierID)
	require.Equal(t, m.CRM.EngagementID, s.out.entries[3].EarlierID)
}

func TestAContactThatWasNamedIsNotLookedFor(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.completed(t, func(in *meetingsuc.ScheduleMeetingInput) { in.Customer.HubspotContactID = "42" })

	require.Zero(t, s.out.called("contact"))
	require.Equal(t, "42", s.out.entries[0].ContactID)
}

func TestASyncThatDiesOrFailsHalfWayWritesNothingTwice(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"contact", "owner", "deal", "note", "note saved", "engagement", "engagement saved"} {
		for how, hook := range map[string]func(int) error{
			"dies": crash(t),
			"fails": func(n int) error {
				if n == 1 {
					return upstream(meetings.HubspotRefused)
				}
				return nil
			},
		} {
			t.Run(place+" "+how, func(t *testing.T) {
				t.Parallel()
				s := newSystem(t)
				s.out.on(place, hook)
				m := s.scheduled(t)
				s.tell(t, m, meetingsuc.AboutTranscript, "done")
				s.live(t, time.Minute, 10*time.Second)

				require.Equal(t, meetings.SyncSynced, s.get(t, m.ID).CRM.State)
				require.Len(t, s.out.notes, 1)
				require.Len(t, s.out.meetings, 1)
				last := s.out.entries[len(s.out.entries)-2:]
				require.False(t, last[0].IsFirst, "something may have been written before")
				require.False(t, last[1].IsFirst)
				if how == "fails" && place == "engagement" {
					require.Equal(t, s.out.notes[m.ID], last[0].EarlierID, "what was written is known")
				}
			})
		}
	}
}

func TestWhyASyncDidNotTakePlaceIsShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		place  string
		err    error
		nobody bool
		state  meetings.SyncState
		reason fault.Code
		job    queue.State
		events int
	}{
		"no crm":          {place: "contact", err: fault.New(fault.Unavailable, meetings.HubspotNotConfigured), state: meetings.SyncSkipped, reason: meetings.HubspotNotConfigured, job: queue.StateDone},
		"no such contact": {nobody: true, state: meetings.SyncSkipped, reason: meetings.HubspotNoContact, job: queue.StateDone, events: 1},
		"refused":         {place: "note", err: fault.New(fault.Invalid, meetings.HubspotRefused), state: meetings.SyncFailed, reason: meetings.HubspotRefused, job: queue.StateDead},
		"down for a day":  {place: "deal", err: upstream(meetings.HubspotRefused), state: meetings.SyncFailed, reason: meetings.HubspotRefused, job: queue.StateDead},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			if c.nobody {
				s.out.contact = ""
			}
			s.out.always(c.place, c.err)
			m := s.completed(t)
			s.live(t, 4*time.Hour, 15*time.Minute)

			m = s.get(t, m.ID)
			require.Equal(t, meetings.Completed, m.Status)
			require.Equal(t, c.state, m.CRM.State)
			require.Equal(t, c.reason, m.CRM.Reason)
			require.Equal(t, 1, s.jobs(t, "sync_hubspot", c.job))
			require.Equal(t, c.events, s.events(t, m.ID, meetingsuc.EventCRMUnmatched))
		})
	}
}

func TestAMeetingWithoutAnAnalysisIsNotSynced(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)

	require.NoError(t, s.SyncCRM.Execute(t.Context(), syncOf(s.ws, m.ID, "a", true)))

	require.Empty(t, s.out.entries)
	require.Equal(t, meetings.MeetingNotFound, fault.CodeOf(s.SyncCRM.Execute(t.Context(), syncOf(s.other.Workspace, m.ID, "a", true))))
}

func syncOf(ws kernel.WorkspaceID, id meetings.ID, job port.JobID, last bool) meetingsuc.SyncCRMInput {
	return meetingsuc.SyncCRMInput{Workspace: ws, Meeting: id, Job: job, Last: last}
}

func TestASecondSyncWaitsForTheFirst(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t, func(*meetingsuc.ScheduleMeetingInput) {})
	before := s.out.called("note")
	s.out.on("note", func(n int) error {
		if n == before+1 { // while the first is writing
			err := s.SyncCRM.Execute(t.Context(), syncOf(s.ws, m.ID, "b", true))
			require.Equal(t, fault.Unavailable, fault.KindOf(err))
		}
		return nil
	})

	require.NoError(t, s.SyncCRM.Execute(t.Context(), syncOf(s.ws, m.ID, "a", false)))
	require.Equal(t, before+1, s.out.called("note"))
	require.Equal(t, meetings.SyncSynced, s.get(t, m.ID).CRM.State)
	require.NoError(t, s.SyncCRM.Execute(t.Context(), syncOf(s.ws, m.ID, "b", true)), "the first has given its place back")
}

func TestPeopleHearOnceThatTheCRMDoesNotKnowACustomer(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.contact = ""
	m := s.completed(t)
	unmatched := func() int { return s.events(t, m.ID, meetingsuc.EventCRMUnmatched) }
	require.Equal(t, 1, unmatched())

	_, err := s.Reanalyze.Execute(t.Context(), meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: m.ID})
	require.NoError(t, err)
	s.runJobs(t)
	_, err = s.Sync.Execute(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	s.runJobs(t)
	require.Equal(t, meetings.HubspotNoContact, s.get(t, m.ID).CRM.Reason)
	require.Equal(t, 1, unmatched())

	_, err = s.Edit.Execute(t.Context(), meetingsuc.EditMeetingInput{
		Actor: s.ana, Meeting: m.ID, Customer: meetings.CustomerPatch{Email: meetings.ChangeTo("otra@acme.example")},
	})
	require.NoError(t, err)
	_, err = s.Sync.Execute(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	s.runJobs(t)
	require.Equal(t, 2, unmatched(), "it is somebody else now")
}

func TestWhoMayHaveAMeetingSynced(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	general := s.scheduled(t, func(in *meetingsuc.ScheduleMeetingInput) {
		in.Booking, in.Type = meetingsuc.ByInvite, meetings.General
	})
	_, err := s.Sync.Execute(t.Context(), s.beto, m.ID)
	require.Equal(t, fault.Forbidden, fault.KindOf(err))
	_, err = s.Sync.Execute(t.Context(), s.other, m.ID)
	require.Equal(t, meetings.MeetingNotFound, fault.CodeOf(err))
	_, err = s.Sync.Execute(t.Context(), s.ana, general.ID)
	require.Equal(t, meetings.NotASalesMeeting, fault.CodeOf(err))
	for _, actor := range []kernel.Principal{s.ana, s.admin} {
		_, err = s.Sync.Execute(t.Context(), actor, m.ID)
		require.NoError(t, err)
	}
}
