package embed_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// requireForgotten holds that nothing here knows the meeting or its customer any more.
func requireForgotten(t *testing.T, s *embedtest.System, id string) {
	t.Helper()
	_, err := s.Admin.Meetings.Get(t.Context(), id)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeMeetingNotFound)
	all := s.Dump(t)
	for _, private := range []string{"Zoraida Quijano", "Ferretera Quijano", "zoraida@quijano.example", "Visita a Zoraida"} {
		require.NotContains(t, all, private)
	}
	require.Empty(t, filesBelow(t, s.Config.Stores.DataDir), "no recording in the storage")
}

// calm waits until the meeting is settled, its rep has been told of both that it is ready and that the CRM knows no such
// customer, and no job is about: one that runs at the deletion leaves its payload until the job that makes sure.
func calm(t *testing.T, s *embedtest.System, id string) {
	t.Helper()
	s.Settled(t, id)
	s.WaitFor(t, "two notifications", func() bool {
		list, err := s.Rep.Notifications.List(t.Context())
		require.NoError(t, err)
		return len(list.Data) == 2
	})
	s.Idle(t)
}

func forZoraida(r *tertulia.ScheduleRequest) {
	r.Title = "Visita a Zoraida"
	r.CustomerInfo = tertulia.CustomerInfo{ContactName: "Zoraida Quijano", Company: "Ferretera Quijano", Email: "zoraida@quijano.example"}
}

func TestAMeetingIsDeletedWithEverythingThatAnybodyHoldsOfIt(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), forZoraida)
	calm(t, s, id)
	require.Contains(t, s.Dump(t), "Zoraida Quijano")
	require.NotEmpty(t, filesBelow(t, s.Config.Stores.DataDir))
	bot := s.Notetakers(t, id)[0].ID

	answer, err := s.Admin.Meetings.Delete(t.Context(), id)
	require.NoError(t, err)
	done := tertulia.DeletedPart{Status: "deleted"}
	require.Equal(t, tertulia.DeletedParts{Database: done, Recall: done, Storage: done}, answer.Deleted)
	require.True(t, answer.OK)
	require.Equal(t, id, answer.MeetingID)
	require.Equal(t, 1, s.Sandbox.Calls("recall", "POST /api/v1/bot/"+bot+"/delete_media"))
	requireForgotten(t, s, id)
	list, err := s.Rep.Notifications.List(t.Context())
	require.NoError(t, err)
	require.Empty(t, list.Data, "nobody is pointed to it")

	_, err = s.Admin.Meetings.Delete(t.Context(), id)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeMeetingNotFound)
	s.Hasten(t, "the job has made sure", func() bool { return s.Jobs(t, "erase_meeting")[0].State == tertulia.JobDone })
	requireForgotten(t, s, id)
}

func TestAMeetingThatIsGoingOnIsDeletedOnceItsNotetakerHasLeft(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	long := embedtest.Talk()
	long.Speed = 1 // an hour takes an hour
	id := s.Scheduled(t, long, forZoraida)
	s.Hasten(t, "in the call", func() bool { return s.Get(t, id).Meeting.Status == tertulia.InProgress })

	answer, err := s.Admin.Meetings.Delete(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "pending", answer.Deleted.Recall.Status)
	require.Equal(t, "NOTETAKER_IN_CALL", *answer.Deleted.Recall.Reason)
	require.NotEmpty(t, *answer.Deleted.Recall.Message)
	requireForgotten(t, s, id)

	s.Hasten(t, "the job has made sure", func() bool { return s.Jobs(t, "erase_meeting")[0].State == tertulia.JobDone })
	s.Idle(t)
	requireForgotten(t, s, id)
	changes := s.Notetakers(t, id)[0].StatusChanges
	require.Equal(t, "done", changes[len(changes)-1].Code)
	page, err := s.Admin.Meetings.List(t.Context(), tertulia.MeetingFilter{})
	require.NoError(t, err)
	require.Zero(t, page.Total, "its events bring nothing back")
}

func TestAVendorsOutageKeepsNoMeetingFromBeingDeleted(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), forZoraida)
	calm(t, s, id)
	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "recall", Path: "/api/v1/bot/", Times: 3, Status: 503})
	answer, err := s.Admin.Meetings.Delete(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "RECALL_ERROR", *answer.Deleted.Recall.Reason)
	require.Equal(t, "deleted", answer.Deleted.Storage.Status)
	requireForgotten(t, s, id)
	s.Hasten(t, "the job has made sure", func() bool { return s.Jobs(t, "erase_meeting")[0].State == tertulia.JobDone })
	require.NotZero(t, s.Sandbox.Calls("recall", "POST /api/v1/bot/*/delete_media"))
}

func TestAScheduledMeetingIsDeletedWithItsNotetaker(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	id := s.Scheduled(t, embedtest.Talk(), forZoraida, later(s, 24*time.Hour))
	require.Len(t, s.Notetakers(t, id), 1)
	answer, err := s.Admin.Meetings.Delete(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "deleted", answer.Deleted.Recall.Status)
	require.Empty(t, s.Notetakers(t, id))
	requireForgotten(t, s, id)
}
