package meetings_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

var noon = time.Date(2026, 5, 15, 12, 0, 0, 0, time.UTC)

func event(code string, minute int) meetings.BotEvent {
	return meetings.BotEvent{Code: code, At: noon.Add(time.Duration(minute) * time.Minute)}
}

func step(t *testing.T, e meetings.BotEvent) meetings.Transition {
	t.Helper()
	tr, ok := e.Transition()
	require.True(t, ok, e.Code)
	return tr
}

func TestBotEventsMoveAMeetingThroughItsLife(t *testing.T) {
	t.Parallel()
	m := meetings.Meeting{Status: meetings.Scheduled}
	for _, c := range []struct {
		code string
		want meetings.Status
	}{
		{"joining_call", meetings.Joining},
		{"in_waiting_room", meetings.Joining},
		{"in_call_not_recording", meetings.Joining},
		{"recording_permission_allowed", meetings.Joining},
		{"in_call_recording", meetings.InProgress},
		{"call_ended", meetings.Processing},
		{"done", meetings.Processing},
	} {
		m, _ = m.Apply(step(t, event(c.code, 1)))
		require.Equal(t, c.want, m.Status, c.code)
	}
}

// rank orders the statuses; FAILED may be left only for what proves that the meeting was recorded after all.
func rank(s meetings.Status) int {
	for i, each := range meetings.Statuses() {
		if s == each {
			return i
		}
	}
	return -1
}

func TestShuffledAndRepeatedEventsEndTheSameAndNeverGoBackwards(t *testing.T) {
	t.Parallel()
	steps := []meetings.Transition{
		step(t, event("joining_call", 0)), step(t, event("in_waiting_room", 1)), step(t, event("in_call_recording", 2)),
		step(t, event("call_ended", 30)), step(t, event("done", 31)),
		meetings.TranscriptArrived(noon.Add(32 * time.Minute)), meetings.AnalysisStored(noon.Add(33 * time.Minute)),
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		order := append(append([]meetings.Transition{}, steps...), steps...)
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		m := meetings.Meeting{Status: meetings.Scheduled}
		for _, tr := range order {
			next, _ := m.Apply(tr)
			require.GreaterOrEqual(t, rank(next.Status), rank(m.Status))
			m = next
		}
		require.Equal(t, meetings.Completed, m.Status)
		require.Equal(t, noon.Add(2*time.Minute), *m.StartedAt)
		require.Equal(t, noon.Add(30*time.Minute), *m.EndedAt)
		require.Equal(t, 28*time.Minute, m.Duration())
	}
}

func TestARepeatedEventChangesNothing(t *testing.T) {
	t.Parallel()
	m, changed := meetings.Meeting{Status: meetings.Joining}.Apply(step(t, event("in_call_recording", 1)))
	require.True(t, changed)
	again, changed := m.Apply(step(t, event("in_call_recording", 1)))
	require.False(t, changed)
	require.Equal(t, m, again)
}

func TestAFatalFailsAMeetingOnlyWithoutMedia(t *testing.T) {
	t.Parallel()
	fatal := meetings.BotEvent{Code: "fatal", SubCode: "meeting_password_incorrect", At: noon}
	m, _ := meetings.Meeting{Status: meetings.InProgress}.Apply(step(t, fatal))
	require.Equal(t, meetings.Failed, m.Status)
	require.Equal(t, meetings.MeetingPasswordIncorrect, m.Failure.Code)
	require.Equal(t, "meeting_password_incorrect", m.Failure.Params["subCode"])

	fatal.HasMedia = true
	m, _ = meetings.Meeting{Status: meetings.InProgress}.Apply(step(t, fatal))
	require.Equal(t, meetings.Processing, m.Status)
	require.True(t, m.Failure.IsZero())
}

func TestABotThatIsNeverAdmittedFailsTheMeeting(t *testing.T) {
	t.Parallel()
	left := meetings.BotEvent{Code: "call_ended", SubCode: "timeout_exceeded_waiting_room", At: noon}
	m, _ := meetings.Meeting{Status: meetings.Joining}.Apply(step(t, left))
	require.Equal(t, meetings.Failed, m.Status)
	require.Equal(t, meetings.NotetakerNotAdmitted, m.Failure.Code)

	m, _ = meetings.Meeting{Status: meetings.InProgress}.Apply(step(t, left))
	require.Equal(t, meetings.InProgress, m.Status, "a recorded meeting was admitted")
}

func TestAFailedMeetingRevivesWhenItsTranscriptArrives(t *testing.T) {
	t.Parallel()
	m, _ := meetings.Meeting{Status: meetings.Joining}.Apply(meetings.Fail(noon, meetings.NotetakerFailed))
	m, _ = m.Apply(meetings.TranscriptArrived(noon))
	require.Equal(t, meetings.Processing, m.Status)
	require.True(t, m.Failure.IsZero())
	m, _ = m.Apply(meetings.AnalysisStored(noon))
	require.Equal(t, meetings.Completed, m.Status)
}

func TestACompletedMeetingStaysCompleted(t *testing.T) {
	t.Parallel()
	done := meetings.Meeting{Status: meetings.Completed}
	for _, tr := range []meetings.Transition{
		meetings.Cancel(noon), meetings.TranscriptArrived(noon), meetings.AnalysisStored(noon),
		meetings.Fail(noon, meetings.AnalysisFailed), step(t, event("joining_call", 1)), step(t, event("fatal", 1)),
	} {
		m, _ := done.Apply(tr)
		require.Equal(t, meetings.Completed, m.Status)
	}
}

func TestACancelledMeetingIgnoresEverything(t *testing.T) {
	t.Parallel()
	m, changed := meetings.Meeting{Status: meetings.Scheduled}.Apply(meetings.Cancel(noon))
	require.True(t, changed)
	for _, tr := range []meetings.Transition{
		step(t, event("in_call_recording", 1)), step(t, event("call_ended", 1)), meetings.TranscriptArrived(noon),
	} {
		next, changed := m.Apply(tr)
		require.False(t, changed)
		require.Equal(t, m, next)
	}
	_, changed = meetings.Meeting{Status: meetings.Joining}.Apply(meetings.Cancel(noon))
	require.False(t, changed, "the notetaker is already on its way")
}

func TestUnknownBotCodesLeadNowhere(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "breakout_room_entered", "something_new"} {
		_, ok := event(code, 1).Transition()
		require.False(t, ok, code)
	}
	failed := step(t, meetings.BotEvent{Code: "fatal", SubCode: "zoom_something_new", At: noon})
	require.Equal(t, meetings.NotetakerFailed, failed.Failure.Code)
}
