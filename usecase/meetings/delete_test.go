package meetingsuc_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// held is a meeting that was held, with its recordings stored.
func (s *system) held(t *testing.T) meetings.Meeting {
	t.Helper()
	m := s.scheduled(t)
	for _, about := range []meetingsuc.Subject{meetingsuc.AboutRecording, meetingsuc.AboutVideo, meetingsuc.AboutAudio, meetingsuc.AboutTranscript} {
		s.tell(t, m, about, "done")
	}
	s.runJobs(t)
	require.Len(t, s.out.keys(), 2)
	return s.get(t, m.ID)
}

// requireNoTrace holds that nothing of ours knows the meeting, but that it was deleted.
func (s *system) requireNoTrace(t *testing.T, id meetings.ID) {
	t.Helper()
	require.Zero(t, s.count(t, "meetings where id = $1", id))
	require.Zero(t, s.count(t, "transcripts where meeting_id = $1", id))
	require.Zero(t, s.count(t, "analyses where meeting_id = $1", id))
	require.Equal(t, 1, s.count(t, "events where stream = $1", "meeting/"+id.String()))
	require.Equal(t, 1, s.events(t, id, meetingsuc.EventDeleted))
	require.Zero(t, s.count(t, "jobs where kind <> 'erase_meeting' and strpos(payload::text, $1) > 0", id.String()))
	require.Empty(t, s.out.keys())
}

func TestADeletedMeetingLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.held(t)
	d, err := s.Delete.Execute(t.Context(), s.admin, m.ID)
	require.NoError(t, err)
	require.Equal(t, meetingsuc.PartOutcome{Status: meetingsuc.PartDeleted}, d.Recall)
	require.Equal(t, meetingsuc.PartOutcome{Status: meetingsuc.PartDeleted}, d.Storage)
	require.NotEmpty(t, d.Job)
	require.Equal(t, []meetings.BotID{m.Bot.ID}, s.out.erased)
	s.requireNoTrace(t, m.ID)

	other := s.scheduled(t)
	s.live(t, time.Hour, time.Minute)
	s.requireNoTrace(t, m.ID)
	require.Equal(t, 1, s.jobs(t, "erase_meeting", queue.StateDone))
	require.NotEmpty(t, s.get(t, other.ID).Bot.ID, "nobody else's")
	require.NotContains(t, s.out.erased, other.Bot.ID)
}

func TestOnlyAnAdministratorDeletes(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	for _, actor := range []kernel.Principal{s.ana, s.beto} {
		_, err := s.Delete.Execute(t.Context(), actor, m.ID)
		require.Equal(t, fault.Forbidden, fault.KindOf(err))
	}
	_, err := s.Delete.Execute(t.Context(), s.other, m.ID)
	require.Equal(t, meetings.MeetingNotFound, fault.CodeOf(err))
	require.Equal(t, m.ID, s.get(t, m.ID).ID)
}

func TestAMeetingWhoseChatsCannotBeForgottenStays(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.out.once("forget chats", errors.New("no such luck"))
	_, err := s.Delete.Execute(t.Context(), s.admin, m.ID)
	require.Error(t, err)
	require.Equal(t, m.ID, s.get(t, m.ID).ID, "nobody would know of their conversations any more")
	_, err = s.Delete.Execute(t.Context(), s.admin, m.ID)
	require.NoError(t, err)
	s.requireNoTrace(t, m.ID)
}

func TestAPartThatFailsIsToldAndTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		place           string
		err             error
		recall, storage meetingsuc.PartOutcome
	}{
		"vendor": {
			place: "release", err: upstream(meetings.RecallError),
			recall:  meetingsuc.PartOutcome{Status: meetingsuc.PartPending, Reason: meetings.RecallError},
			storage: meetingsuc.PartOutcome{Status: meetingsuc.PartDeleted},
		},
		"still in the call": {
			place: "erase", err: fault.New(fault.Unavailable, meetings.NotetakerInCall),
			recall:  meetingsuc.PartOutcome{Status: meetingsuc.PartPending, Reason: meetings.NotetakerInCall},
			storage: meetingsuc.PartOutcome{Status: meetingsuc.PartDeleted},
		},
		"storage": {
			place: "", err: upstream("BUCKET_BUSY"),
			recall:  meetingsuc.PartOutcome{Status: meetingsuc.PartDeleted},
			storage: meetingsuc.PartOutcome{Status: meetingsuc.PartPending, Reason: meetings.StorageError},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			m := s.held(t)
			if c.place == "" {
				c.place = "delete " + meetingsuc.MediaKey(s.ws, m.ID, meetingsuc.Video)
			}
			s.out.on(c.place, func(n int) error {
				if n <= 3 {
					return c.err
				}
				return nil
			})
			d, err := s.Delete.Execute(t.Context(), s.admin, m.ID)
			require.NoError(t, err)
			require.Equal(t, c.recall, d.Recall)
			require.Equal(t, c.storage, d.Storage)

			s.live(t, time.Hour, time.Minute)
			s.requireNoTrace(t, m.ID)
			require.Contains(t, s.out.erased, m.Bot.ID)
			require.Equal(t, 1, s.jobs(t, "erase_meeting", queue.StateDone))
		})
	}
}

func TestAProcessThatDiesAfterDeletingTheRowsLeavesTheRestToTheJob(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.held(t)
	s.out.on("release", crash(t))
	require.Panics(t, func() { _, _ = s.Delete.Execute(t.Context(), s.admin, m.ID) })
	require.Len(t, s.out.keys(), 2)

	s.live(t, time.Hour, time.Minute)
	s.requireNoTrace(t, m.ID)
	require.Contains(t, s.out.erased, m.Bot.ID)
}

func TestANotetakerThatWasBeingSentWhileItsMeetingWasDeletedIsCalledOff(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.on("send", func(int) error {
		var id meetings.ID
		require.NoError(t, s.db.SystemPool().QueryRow(t.Context(), "select id::text from meetings").Scan(&id))
		d, err := s.Delete.Execute(t.Context(), s.admin, id)
		require.NoError(t, err)
		require.Equal(t, meetingsuc.PartNone, d.Recall.Status)
		return nil
	})
	_, err := s.Schedule.Execute(t.Context(), s.booking(s.ana))
	require.Equal(t, meetings.MeetingNotFound, fault.CodeOf(err))
	require.Empty(t, s.out.released)

	s.live(t, time.Hour, time.Minute)
	require.Len(t, s.out.requests, 1, "nobody is sent again")
	require.Equal(t, []meetings.BotID{"bot-1"}, s.out.released)
	require.Equal(t, []meetings.BotID{"bot-1"}, s.out.erased)
	require.Zero(t, s.count(t, "meetings"))
}

func TestWhatRunsWhileItsMeetingIsDeletedBringsNothingBack(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"put", "open", "transcript", "analyze", "note", "engagement saved"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			m := s.scheduled(t)
			s.out.on(place, func(n int) error {
				if n == 1 {
					_, err := s.Delete.Execute(t.Context(), s.admin, m.ID)
					require.NoError(t, err)
				}
				return nil
			})
			for _, about := range []meetingsuc.Subject{meetingsuc.AboutRecording, meetingsuc.AboutVideo, meetingsuc.AboutTranscript} {
				s.tell(t, m, about, "done")
			}
			s.live(t, 30*time.Minute, time.Minute)
			s.requireNoTrace(t, m.ID)
			require.Zero(t, s.count(t, "jobs where state = 'dead'"))
		})
	}
}

func TestADownloadThatOutlastsItsMeetingLeavesNoFile(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.tell(t, m, meetingsuc.AboutVideo, "done")
	s.out.on("put", func(int) error { // an hour's file, so that the job that makes sure has been there before
		_, err := s.Delete.Execute(t.Context(), s.admin, m.ID)
		require.NoError(t, err)
		require.NoError(t, s.Erase.Execute(t.Context(), s.ws, meetingsuc.EraseMeeting{Meeting: m.ID, Bot: m.Bot.ID}))
		return nil
	})
	err := s.Download.Execute(t.Context(), s.ws, m.ID, meetingsuc.Video, false)
	require.Equal(t, meetings.MeetingNotFound, fault.CodeOf(err))
	require.Empty(t, s.out.keys())

	key := meetingsuc.MediaKey(s.ws, m.ID, meetingsuc.Video) // stored by a process that died then
	s.out.files[key] = []byte("video")
	s.out.once("delete "+key, upstream("BUCKET_BUSY"))
	require.Error(t, s.Download.Execute(t.Context(), s.ws, m.ID, meetingsuc.Video, false))
	s.out.on("delete "+key, func(int) error { return nil })
	err = s.Download.Execute(t.Context(), s.ws, m.ID, meetingsuc.Video, false)
	require.Equal(t, meetings.MeetingNotFound, fault.CodeOf(err))
	require.Empty(t, s.out.keys())
}
