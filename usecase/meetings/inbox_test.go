package meetingsuc_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func (s *system) receive(t *testing.T, m meetings.Meeting, id, event, code string) {
	t.Helper()
	body := fmt.Appendf(nil, `{"event":%q,"data":{"data":{"code":%q,"sub_code":null,"updated_at":"2026-11-23T15:00:10+00:00"},
		"transcript":{"id":"tr-1","metadata":{}},"bot":{"id":%q,"metadata":{"meeting_id":%q}}}}`, event, code, m.Bot.ID, m.ID)
	require.NoError(t, s.Receive.Execute(t.Context(), meetingsuc.InboundEvent{ID: id, Body: body}))
}

func TestAnEventThatChangesNothingIsKeptOnceWithoutAJob(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)

	for range 2 {
		s.receive(t, m, "msg_1", "transcript.processing", "processing")
		s.receive(t, m, "msg_2", "participant_events.done", "done")
		s.receive(t, m, "msg_3", "something.new", "new")
	}

	require.Equal(t, 3, s.count(t, "inbound_events"))
	require.Zero(t, s.count(t, "jobs where kind like 'recall%'"))
}

func TestATranscriptTakesAlongWhatWaits(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)

	s.receive(t, m, "msg_1", "bot.in_call_recording", "in_call_recording")
	s.receive(t, m, "msg_2", "transcript.done", "done")
	s.receive(t, m, "msg_3", "bot.done", "done")
	s.runJobs(t)

	require.Equal(t, 1, s.jobs(t, "recall_transcript", queue.StateDone))
	require.Equal(t, 1, s.jobs(t, "recall_event", queue.StateDone))
	require.Equal(t, 3, s.count(t, "inbound_events where taken_at is not null"))
	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
	require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventOf(meetings.InProgress)), "a status that was passed has its event")
}

func TestEventsThatComeTogetherAreOneJobAndLoseNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t, tomorrow)
	for i, code := range []string{"joining_call", "in_waiting_room", "in_call_not_recording", "in_call_recording", "call_ended", "done"} {
		for range 2 {
			s.receive(t, m, fmt.Sprint("msg_", i), "bot."+code, code)
		}
	}

	s.runJobs(t)

	require.Equal(t, 1, s.jobs(t, "recall_event", queue.StateDone))
	require.Equal(t, meetings.Processing, s.get(t, m.ID).Status)
	require.Equal(t, meetings.BotGone, s.get(t, m.ID).Bot.State)
	for _, passed := range []meetings.Status{meetings.Joining, meetings.InProgress, meetings.Processing} {
		require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventOf(passed)), passed)
	}
}

// A crash finds a meeting, its events and their job all before it or all behind it, and a busy machine waits for the disk once.
func TestWhatEventsChangeAndTheEndOfTheirJobAreOneCommit(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t, tomorrow)
	s.receive(t, m, "msg_1", "bot.joining_call", "joining_call")
	s.receive(t, m, "msg_2", "bot.in_call_recording", "in_call_recording")

	s.runJobs(t)

	require.Equal(t, meetings.InProgress, s.get(t, m.ID).Status)
	require.Equal(t, 1, s.count(t, `(select m.xmin::text from meetings m
		union select xmin::text from jobs where kind = 'recall_event'
		union select xmin::text from inbound_events) commits`))
	require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventOf(meetings.InProgress)))
}

func TestAnEventThatComesWhileOthersAreWorkedOnIsNotLost(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.receive(t, m, "msg_1", "bot.fatal", "fatal") // the vendor is asked before it is believed
	s.out.on("progress", func(n int) error {
		if n == 1 {
			s.receive(t, m, "msg_2", "transcript.done", "done")
		}
		return nil
	})

	s.runJobs(t)

	require.Zero(t, s.count(t, "inbound_events where taken_at is null"))
	require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventFailed))
	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
	require.Equal(t, 1, s.out.called("analyze"))
}

func TestAWorkerThatDiesOverEventsLeavesThemToTheNext(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]bool{"before it has stored anything": false, "just after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			m := s.scheduled(t)
			s.receive(t, m, "msg_1", "bot.in_call_recording", "in_call_recording")
			s.receive(t, m, "msg_2", "bot.call_ended", "call_ended")
			s.tx.crashAt(1, after)

			s.live(t, time.Minute, 5*time.Second)

			require.Equal(t, meetings.Processing, s.get(t, m.ID).Status)
			for _, passed := range []meetings.Status{meetings.InProgress, meetings.Processing} {
				require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventOf(passed)), passed)
			}
		})
	}
}

func TestARecordingProvesThatAFailedNotetakerWasInTheCall(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.receive(t, m, "msg_1", "bot.fatal", "fatal")
	s.receive(t, m, "msg_2", "transcript.done", "done")

	s.runJobs(t)

	require.Zero(t, s.out.called("progress"), "the vendor need not be asked")
	require.Zero(t, s.events(t, m.ID, meetingsuc.EventFailed))
	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
}
