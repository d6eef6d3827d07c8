package meetingsuc_test

import (
	"fmt"
	"testing"

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

func TestATranscriptDoesNotStandInLineWithTheOtherEvents(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)

	s.receive(t, m, "msg_1", "transcript.done", "done")
	s.receive(t, m, "msg_2", "bot.done", "done")
	s.runJobs(t)

	require.Equal(t, 1, s.jobs(t, "recall_transcript", queue.StateDone))
	require.Equal(t, 1, s.jobs(t, "recall_event", queue.StateDone))
	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
}
