package meetingsuc_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func tomorrow(in *meetingsuc.ScheduleMeetingInput) { in.ScheduledAt = "2026-11-24T15:00:00Z" }

func TestEventsInAnyOrderAndNumberLeadToTheSameEnd(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	type told struct {
		about meetingsuc.Subject
		code  string
	}
	story := []told{
		{meetingsuc.AboutBot, "joining_call"},
		{meetingsuc.AboutBot, "in_call_recording"},
		{meetingsuc.AboutBot, "call_ended"},
		{meetingsuc.AboutBot, "done"},
		{meetingsuc.AboutRecording, "done"},
		{meetingsuc.AboutTranscript, "done"},
		{meetingsuc.AboutVideo, "done"},
		{meetingsuc.AboutAudio, "done"},
		{"calendar", "update"},
	}
	story = append(story, story...)
	s.out.progress.HasRecording = true
	for round := range 6 {
		m := s.scheduled(t)
		rng := rand.New(rand.NewPCG(uint64(round), 1))
		rng.Shuffle(len(story), func(i, j int) { story[i], story[j] = story[j], story[i] })
		for i, e := range story {
			s.tell(t, m, e.about, e.code)
			if i == len(story)/2 {
				s.runJobs(t)
			}
		}
		s.runJobs(t)
		m = s.get(t, m.ID)
		require.Equal(t, meetings.Completed, m.Status, "round %d", round)
		require.Equal(t, meetings.MediaReady, m.Video.State)
		require.Equal(t, meetings.MediaReady, m.Audio.State)
		require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventCompleted))
		require.Zero(t, s.events(t, m.ID, meetingsuc.EventFailed))
		require.Equal(t, round+1, s.out.called("analyze"), "one analysis a meeting")
		require.Equal(t, 2*(round+1), s.out.called("put"), "each file is copied once")
	}
}

func TestATranscriptEventThatRepeatsWhileItIsAnalysedStartsNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.tell(t, m, meetingsuc.AboutTranscript, "done")
	s.out.on("transcript", func(int) error { // between the start of the analysis and the transcript's arrival
		return s.ApplyEvent.Execute(context.WithoutCancel(t.Context()), s.ws, s.event(m, meetingsuc.AboutTranscript, "done"))
	})

	s.runJobs(t)

	require.Equal(t, 1, s.out.called("analyze"))
	require.Equal(t, 1, s.count(t, "jobs where kind = 'analyze_transcript'"))
	require.Zero(t, s.events(t, m.ID, meetingsuc.EventReanalyzed))
}

func TestAnEventThatTellsNothingNewWritesNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	s.tell(t, m, meetingsuc.AboutRecording, "done")
	before := s.get(t, m.ID)
	s.clock.forward(time.Minute)
	s.tell(t, m, meetingsuc.AboutRecording, "done")
	require.Equal(t, before, s.get(t, m.ID))
	s.tell(t, m, meetingsuc.AboutTranscript, "done")
	require.Greater(t, s.get(t, m.ID).Version, before.Version)
}

func TestAFailedTranscriptDoesNotUndoOneThatIsThere(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)

	s.tell(t, m, meetingsuc.AboutTranscript, "failed")
	require.Equal(t, meetings.TranscriptFailed, s.get(t, m.ID).Failure.Code)
	s.tell(t, m, meetingsuc.AboutTranscript, "done")
	s.tell(t, m, meetingsuc.AboutTranscript, "failed")

	require.Equal(t, meetings.Processing, s.get(t, m.ID).Status)
	require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventFailed))
}

func TestAFatalIsBelievedOnlyWhenNothingWasRecorded(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	spared, lost := s.scheduled(t), s.scheduled(t)

	s.out.progress.HasRecording = true
	s.tell(t, spared, meetingsuc.AboutBot, "fatal")
	require.Equal(t, meetings.Processing, s.get(t, spared.ID).Status)

	s.out.always("progress", upstream(meetings.RecallError))
	err := s.ApplyEvent.Execute(t.Context(), s.ws, s.event(lost, meetingsuc.AboutBot, "fatal"))
	require.Error(t, err, "while the vendor cannot be asked, nothing is believed")
	require.Equal(t, meetings.Joining, s.get(t, lost.ID).Status)

	s.out.always("progress", nil)
	s.out.progress.HasRecording = false
	s.tell(t, lost, meetingsuc.AboutBot, "fatal")
	require.Equal(t, meetings.Failed, s.get(t, lost.ID).Status)
}

func TestAnEventOfAStrangeNotetakerChangesNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	before := s.get(t, m.ID)

	unknown := s.event(m, meetingsuc.AboutBot, "fatal")
	unknown.Meeting, unknown.Bot = "", "somebody-elses"
	require.NoError(t, s.ApplyEvent.Execute(t.Context(), s.ws, unknown))
	unknown.Bot = ""
	require.NoError(t, s.ApplyEvent.Execute(t.Context(), s.ws, unknown))
	second := s.event(m, meetingsuc.AboutBot, "fatal")
	second.Bot = "a-second-one"
	require.NoError(t, s.ApplyEvent.Execute(t.Context(), s.ws, second))
	elsewhere := s.event(m, meetingsuc.AboutBot, "fatal")
	require.Equal(t, meetings.MeetingNotFound, fault.CodeOf(s.ApplyEvent.Execute(t.Context(), s.other.Workspace, elsewhere)))

	after := s.get(t, m.ID)
	require.Equal(t, before.Status, after.Status)
	require.Equal(t, before.Bot, after.Bot)
}

func TestAnEventTellsOfANotetakerWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.once("sent", fmt.Errorf("%w: timeout", meetingsuc.ErrOutcomeUnknown))
	m := s.scheduled(t)
	m.Bot.ID = s.out.of[m.ID]

	e := s.event(m, meetingsuc.AboutBot, "in_call_recording")
	e.Report.At = time.Time{} // nor does it say when
	require.NoError(t, s.ApplyEvent.Execute(t.Context(), s.ws, e))
	s.runJobs(t)

	stored := s.get(t, m.ID)
	require.Equal(t, m.Bot.ID, stored.Bot.ID)
	require.Equal(t, meetings.InProgress, stored.Status)
	require.Equal(t, s.clock.Now(), stored.StartedAt.UTC())
	require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventScheduled), "told once, whoever came first")
}

func TestAWebhookIsStoredOnceAndWorkedOnOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	body := fmt.Appendf(nil, `{"event":"bot.in_call_recording","data":{"data":{"code":"in_call_recording","sub_code":null,
		"updated_at":"2026-11-23T15:00:10.5+00:00"},"bot":{"id":%q,"metadata":{"meeting_id":%q}}}}`, m.Bot.ID, m.ID)

	for range 3 {
		require.NoError(t, s.Receive.Execute(t.Context(), meetingsuc.InboundEvent{ID: "msg_1", Body: body}))
	}
	s.runJobs(t)
	require.NoError(t, s.Receive.Execute(t.Context(), meetingsuc.InboundEvent{ID: "msg_1", Body: body}))

	require.Equal(t, meetings.InProgress, s.get(t, m.ID).Status)
	require.Equal(t, 1, s.count(t, "jobs where kind = 'recall_event'"))
	require.NoError(t, s.Receive.Execute(t.Context(), meetingsuc.InboundEvent{ID: "msg_2", Body: []byte("no json")}))
	s.runJobs(t)
	require.Equal(t, 1, s.jobs(t, "recall_event", queue.StateDead), "what cannot be read is kept for people to see")
}

func TestCancellingCallsTheNotetakerOff(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t, tomorrow)

	for actor, code := range map[string]fault.Code{"beto": fault.ForbiddenCode, "eva": meetings.MeetingNotFound} {
		p := s.beto
		if actor == "eva" {
			p = s.other
		}
		_, err := s.Cancel.Execute(t.Context(), p, m.ID)
		require.Equal(t, code, fault.CodeOf(err), actor)
	}
	s.out.once("release", upstream(meetings.RecallError))
	cancelled, err := s.Cancel.Execute(t.Context(), s.ana, m.ID)
	require.NoError(t, err)
	require.Equal(t, meetings.Cancelled, cancelled.Status)
	s.live(t, time.Minute, 10*time.Second)
	require.Equal(t, []meetings.BotID{m.Bot.ID}, s.out.released, "an outage is outlasted, and it is done once")
	require.Equal(t, meetings.BotGone, s.get(t, m.ID).Bot.State)

	_, err = s.Cancel.Execute(t.Context(), s.ana, m.ID)
	require.Equal(t, meetings.InvalidState, fault.CodeOf(err))
	now := s.scheduled(t)
	_, err = s.Cancel.Execute(t.Context(), s.admin, now.ID)
	require.Equal(t, meetings.InvalidState, fault.CodeOf(err))

	s.tell(t, m, meetingsuc.AboutRecording, "done")
	s.tell(t, m, meetingsuc.AboutTranscript, "done")
	s.runJobs(t)
	require.Zero(t, s.out.called("open"), "what a cancelled meeting's notetaker still recorded is not fetched")
	require.Zero(t, s.out.called("transcript"))
}

func TestANotetakerThatAppearsWhileItIsCalledOffIsCalledOff(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]string{"before it is looked for": "find", "just after": "found"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.out.always("send", upstream(meetings.RecallError))
			m := s.scheduled(t, tomorrow)
			_, err := s.Cancel.Execute(t.Context(), s.ana, m.ID)
			require.NoError(t, err)
			s.out.on(place, func(n int) error {
				if n != 1 {
					return nil
				}
				s.out.mu.Lock()
				s.out.of[m.ID] = "late"
				s.out.mu.Unlock()
				e := s.event(m, meetingsuc.AboutBot, "ready")
				e.Bot = "late"
				return s.ApplyEvent.Execute(context.WithoutCancel(t.Context()), s.ws, e)
			})

			s.live(t, 5*time.Minute, 20*time.Second)

			require.Contains(t, s.out.released, meetings.BotID("late"))
			require.Equal(t, meetings.BotGone, s.get(t, m.ID).Bot.State)
		})
	}
}

func TestLostWebhooksAreMadeUpFor(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	at := s.clock.Now()
	s.out.progress = meetingsuc.Progress{
		Events: []meetings.BotEvent{
			{Code: "joining_call", At: at},
			{Code: "in_call_recording", At: at.Add(time.Second)},
			{Code: "call_ended", At: at.Add(time.Minute)},
			{Code: "done", At: at.Add(2 * time.Minute)},
		},
		IsOver: true, HasRecording: true, Transcript: "tr-1", VideoReady: true, AudioReady: true,
	}

	s.live(t, 2*watchInterval, time.Minute)

	m = s.get(t, m.ID)
	require.Equal(t, meetings.Completed, m.Status)
	require.Equal(t, meetings.MediaReady, m.Video.State)
	require.Equal(t, meetings.MediaReady, m.Audio.State)
	require.Equal(t, time.Minute-time.Second, m.EndedAt.Sub(*m.StartedAt))
	require.Equal(t, 1, s.out.called("analyze"))
	require.Zero(t, s.jobs(t, "watch_meeting", queue.StatePending), "nobody looks after a meeting that is over")
}

func TestWhatTheVendorSaysOfAMeetingThatCameToNothing(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 15, 0, 1, 0, time.UTC)
	for name, c := range map[string]struct {
		progress meetingsuc.Progress
		err      error
		code     fault.Code
	}{
		"no such notetaker":      {err: fault.New(fault.NotFound, meetings.RecallError), code: meetings.NotetakerFailed},
		"over, no recording":     {progress: meetingsuc.Progress{IsOver: true}, code: meetings.NoRecording},
		"no transcript":          {progress: meetingsuc.Progress{IsOver: true, HasRecording: true, TranscriptFailed: true}, code: meetings.TranscriptFailed},
		"no transcript made":     {progress: meetingsuc.Progress{IsOver: true, HasRecording: true}, code: meetings.TranscriptMissing},
		"a transcript for hours": {progress: meetingsuc.Progress{IsOver: true, HasRecording: true, IsTranscribing: true}, code: meetings.TranscriptMissing},
		"not let in":             {progress: meetingsuc.Progress{Events: []meetings.BotEvent{{Code: "call_ended", SubCode: "timeout_exceeded_waiting_room", At: at}}}, code: meetings.NotetakerNotAdmitted},
		"silent for 24 hours":    {code: meetings.NotetakerFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			m := s.scheduled(t)
			s.out.progress = c.progress
			s.out.always("progress", c.err)

			s.live(t, 25*time.Hour, 10*time.Minute)

			m = s.get(t, m.ID)
			require.Equal(t, meetings.Failed, m.Status)
			require.Equal(t, c.code, m.Failure.Code)
			require.Zero(t, s.jobs(t, "watch_meeting", queue.StatePending))
			require.Less(t, s.out.called("progress"), 80, "ever more rarely")
		})
	}
}

func TestATranscriptIsWaitedForAsLongAsItMayComeAndTakenWhenItComesLate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		isTranscribing bool
		waits, fails   time.Duration
	}{
		"that nobody makes":  {false, 10 * time.Minute, time.Hour},
		"that is being made": {true, 2*time.Hour + 50*time.Minute, 4 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			m := s.scheduled(t, func(in *meetingsuc.ScheduleMeetingInput) { in.Booking = meetingsuc.ByInvite })
			s.out.progress = meetingsuc.Progress{
				Events: []meetings.BotEvent{{Code: "in_call_recording", At: s.clock.Now()}, {Code: "done", At: s.clock.Now().Add(time.Minute)}},
				IsOver: true, HasRecording: true, IsTranscribing: c.isTranscribing, AudioReady: true,
			}
			s.live(t, c.waits, 5*time.Minute)
			require.Equal(t, meetings.Processing, s.get(t, m.ID).Status)

			s.live(t, c.fails-c.waits, 5*time.Minute)
			failed := s.get(t, m.ID)
			require.Equal(t, meetings.Failed, failed.Status)
			require.Equal(t, meetings.TranscriptMissing, failed.Failure.Code)
			require.Equal(t, meetings.MediaReady, failed.Audio.State, "what was recorded can be heard")

			s.tell(t, m, meetingsuc.AboutTranscript, "done")
			s.runJobs(t)
			require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
		})
	}
}

func TestAMeetingThatIsAheadIsNotAskedAbout(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t, tomorrow)

	s.live(t, 20*time.Hour, time.Hour)
	require.Zero(t, s.out.called("progress"))
	require.LessOrEqual(t, s.count(t, "jobs where kind = 'watch_meeting'"), 2)
	s.live(t, 5*time.Hour, 10*time.Minute)
	require.NotZero(t, s.out.called("progress"))

	s.out.always("progress", errors.New("down"))
	_, failed := s.runJobs(t)
	require.Zero(t, failed)
	require.Equal(t, meetings.Scheduled, s.get(t, m.ID).Status)
}
