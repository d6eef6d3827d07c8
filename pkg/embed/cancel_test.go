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

// later books for a time from now, with an offset that is not UTC's.
func later(s *embedtest.System, d time.Duration) func(*tertulia.ScheduleRequest) {
	return func(r *tertulia.ScheduleRequest) {
		r.ScheduledAt = s.Clock.Now().Add(d).In(time.FixedZone("", -6*3600)).Format(time.RFC3339)
	}
}

func TestAScheduledMeetingTakesPlaceAtItsTime(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	request := embedtest.Booking()
	later(s, 2*time.Hour)(&request)
	booked, err := s.Service.Meetings.Schedule(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, tertulia.Scheduled, booked.Status)
	require.Equal(t, request.ScheduledAt, *booked.ScheduledAt, "as given")
	bots := s.Notetakers(t, booked.MeetingID)
	require.Len(t, bots, 1)
	require.NotNil(t, bots[0].JoinAt)

	s.Clock.Advance(time.Hour)
	s.Idle(t)
	require.Equal(t, tertulia.Scheduled, s.Get(t, booked.MeetingID).Meeting.Status)
	s.Clock.Advance(time.Hour)
	s.Until(t, booked.MeetingID, tertulia.Completed)
}

func TestACancelledMeetingsNotetakerIsDeletedAtTheVendor(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), later(s, 2*time.Hour))
	answer, err := s.Service.Meetings.Cancel(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, tertulia.CancelAnswer{OK: true, Status: tertulia.Cancelled}, answer)
	s.WaitFor(t, "the notetaker is gone", func() bool { return len(s.Notetakers(t, id)) == 0 })

	_, err = s.Service.Meetings.Cancel(t.Context(), id)
	requireCode(t, err, http.StatusConflict, tertulia.CodeInvalidState)
}

func TestANotetakerThatIsCancelledThroughAnOutageIsDeletedAfterIt(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), later(s, 24*time.Hour))
	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "recall", Method: "DELETE", Times: 3, Status: 503})
	_, err := s.Service.Meetings.Cancel(t.Context(), id)
	require.NoError(t, err)
	s.Hasten(t, "the notetaker is gone", func() bool { return len(s.Notetakers(t, id)) == 0 })
}

func TestANotetakerThatIsAlreadyOnItsWayIsCalledOutOfTheCall(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker()) // so that nobody tells us that it has been dispatched
	script := embedtest.Talk()
	script.Speed = 1
	id := s.Scheduled(t, script, later(s, time.Hour))
	s.Clock.Advance(time.Hour)
	s.WaitFor(t, "the notetaker joins", func() bool { return len(s.Notetakers(t, id)[0].StatusChanges) > 0 })
	_, err := s.Service.Meetings.Cancel(t.Context(), id)
	require.NoError(t, err)

	s.Work(t)
	s.WaitFor(t, "the notetaker leaves", func() bool {
		changes := s.Notetakers(t, id)[0].StatusChanges
		for _, change := range changes {
			if change.SubCode == "bot_received_leave_call" {
				return true
			}
		}
		return false
	})
	s.Idle(t)
	require.Equal(t, tertulia.Cancelled, s.Get(t, id).Meeting.Status)
}

func TestACancellationThatRacesWithTheNotetakersCreationWins(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandboxtest.Fault{
		"slow": {DelayMs: 400}, "slow and the answer lost": {DelayMs: 400, Drop: "after"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := embedtest.New(t)
			s.Sandbox.Fault(onCreate(fault))
			booked := make(chan error, 1)
			go func() {
				request := embedtest.Booking()
				later(s, 24*time.Hour)(&request)
				_, err := s.Service.Meetings.Schedule(t.Context(), request)
				booked <- err
			}()
			s.WaitFor(t, "the vendor is being asked", func() bool { return s.Sandbox.Calls("recall", createBot) == 1 })
			page, err := s.Admin.Meetings.List(t.Context(), tertulia.MeetingFilter{})
			require.NoError(t, err)
			id := page.Data[0].ID
			_, err = s.Admin.Meetings.Cancel(t.Context(), id)
			require.NoError(t, err)
			require.NoError(t, <-booked)

			// The vendor has made it all the same, and the worker may have called it off by now.
			s.Hasten(t, "the notetaker is gone", func() bool {
				return len(s.Notetakers(t, id)) == 0 && len(s.Sandbox.Matching("recall", "DELETE /api/v1/bot/*")) > 0
			})
			require.Equal(t, tertulia.Cancelled, s.Get(t, id).Meeting.Status)
		})
	}
}
