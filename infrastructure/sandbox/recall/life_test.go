package recall_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

func TestANotetakerLivesThroughACallInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot, _ := w.lived(sandboxtest.Script{Faults: sandboxtest.Faults{WaitingRoom: true}})
	require.Equal(t, []string{
		"joining_call", "in_waiting_room", "in_call_not_recording", "recording_permission_allowed",
		"in_call_recording", "call_ended", "done",
	}, w.codes(bot))

	w.await(19)
	require.Equal(t, []string{
		"bot.joining_call", "bot.in_waiting_room", "bot.in_call_not_recording", "bot.recording_permission_allowed",
		"bot.in_call_recording", "recording.processing",
		"participant_events.processing", "meeting_metadata.processing", "transcript.processing",
		"audio_mixed.processing", "video_mixed.processing",
		"bot.call_ended",
		"participant_events.done", "meeting_metadata.done", "transcript.done", "audio_mixed.done", "video_mixed.done",
		"recording.done", "bot.done",
	}, w.receiver.events())
}

func TestAtFullSpeedARecordingLastsItsTimeAndHasJustEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := time.Now()
	bot, _ := w.lived(sandboxtest.Script{DurationSeconds: 2400})
	rec := w.get(bot)["recordings"].([]any)[0].(object)
	started, err := time.Parse(time.RFC3339, rec["started_at"].(string))
	require.NoError(t, err)
	ended, err := time.Parse(time.RFC3339, rec["completed_at"].(string))
	require.NoError(t, err)
	require.InDelta(t, 2400, ended.Sub(started).Seconds(), 0.001)
	require.False(t, ended.After(time.Now()))
	require.WithinDuration(t, before, ended, time.Minute)
	require.Equal(t, "done", rec["status"].(object)["code"])
}

func TestFatalAndRefusedNotetakersRecordNothing(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		faults sandboxtest.Faults
		last   string
		sub    string
	}{
		"fatal":          {sandboxtest.Faults{Fatal: "meeting_not_found"}, "fatal", "meeting_not_found"},
		"never admitted": {sandboxtest.Faults{NeverAdmitted: true}, "done", "timeout_exceeded_waiting_room"},
		"may not record": {sandboxtest.Faults{PermissionDenied: "zoom_host_not_present"}, "done", "timeout_exceeded_recording_permission_denied"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Script(sandboxtest.Script{Faults: c.faults})
			bot := w.bot(nil)
			w.until(bot, c.last)
			b := w.get(bot)
			require.Empty(t, b["recordings"])
			var subs []any
			for _, change := range b["status_changes"].([]any) {
				subs = append(subs, change.(object)["sub_code"])
			}
			require.Contains(t, subs, c.sub)
		})
	}
}

func TestAFatalErrorAfterTheRecordingLeavesItsMedia(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Script(sandboxtest.Script{Faults: sandboxtest.Faults{FatalAfterRecording: "bot_errored"}})
	bot := w.bot(nil)
	require.Eventually(t, func() bool {
		recordings := w.get(bot)["recordings"].([]any)
		return len(recordings) == 1 && recordings[0].(object)["status"].(object)["code"] == "done"
	}, patient, 5*time.Millisecond)
	require.Equal(t, "fatal", w.codes(bot)[len(w.codes(bot))-1])
	require.Equal(t, 200, w.send("GET", link(w.shortcuts(bot), "transcript"), nil).status)
}

func TestAScheduledNotetakerJoinsWhenTheClockReachesItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot := w.bot(object{"join_at": w.Now().Add(time.Hour).Format(time.RFC3339)})
	w.AdvanceClock(59 * time.Minute)
	require.Empty(t, w.codes(bot))
	require.NotNil(t, w.get(bot)["join_at"])
	require.Equal(t, 400, w.call("POST", "/bot/"+bot+"/leave_call/", nil).status)

	w.AdvanceClock(2 * time.Minute)
	w.until(bot, "done")
	require.Nil(t, w.get(bot)["join_at"])
}

func TestARescheduledNotetakerJoinsAtItsNewTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot := w.bot(object{"join_at": w.Now().Add(3 * time.Hour).Format(time.RFC3339)})
	a := w.call("PATCH", "/bot/"+bot+"/", object{"join_at": w.Now().Add(time.Hour).Format(time.RFC3339)})
	require.Equal(t, 200, a.status, "%s", a.raw)
	require.Equal(t, "m1", a.body["metadata"].(object)["meeting_id"], "what a patch does not name stays")
	w.AdvanceClock(61 * time.Minute)
	w.until(bot, "done")
}

func TestASlowLifeMovesWithTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Script(sandboxtest.Script{Speed: 1, DurationSeconds: 600})
	bot := w.bot(nil)
	w.until(bot, "joining_call")
	w.AdvanceClock(10 * time.Second)
	w.until(bot, "in_call_recording")
	require.Nil(t, w.shortcuts(bot)["transcript"].(object)["data"].(object)["download_url"], "no link before it is done")
	w.AdvanceClock(11 * time.Minute)
	w.until(bot, "done")
}

func TestLeavingIsAnsweredAtOnceAndEndsTheCallLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Script(sandboxtest.Script{Speed: 1, DurationSeconds: 600})
	bot := w.bot(nil)
	w.AdvanceClock(67 * time.Second)
	w.until(bot, "in_call_recording")
	require.Equal(t, 200, w.call("POST", "/bot/"+bot+"/leave_call/", nil).status)
	w.until(bot, "call_ended")
	require.Equal(t, 400, w.call("POST", "/bot/"+bot+"/leave_call/", nil).status)
	w.AdvanceClock(time.Minute)
	w.until(bot, "done")

	rec := w.get(bot)["recordings"].([]any)[0].(object)
	started, err := time.Parse(time.RFC3339, rec["started_at"].(string))
	require.NoError(t, err)
	ended, err := time.Parse(time.RFC3339, rec["completed_at"].(string))
	require.NoError(t, err)
	require.InDelta(t, 60, ended.Sub(started).Seconds(), 3)
}

func TestARecordingCanBePausedAndResumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Script(sandboxtest.Script{Speed: 1, DurationSeconds: 600})
	bot := w.bot(nil)
	w.AdvanceClock(10 * time.Second)
	w.until(bot, "in_call_recording")
	require.Equal(t, 200, w.call("POST", "/bot/"+bot+"/pause_recording/", nil).status)
	w.until(bot, "in_call_not_recording")
	require.Equal(t, 200, w.call("POST", "/bot/"+bot+"/resume_recording/", nil).status)
	w.until(bot, "in_call_recording")
	require.Len(t, w.get(bot)["recordings"], 1)
}

func TestResetEndsLivesAndForgetsNotetakers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Script(sandboxtest.Script{Speed: 1, DurationSeconds: 600})
	bot := w.bot(nil)
	w.until(bot, "joining_call")
	w.Reset()
	require.Equal(t, 404, w.call("GET", "/bot/"+bot+"/", nil).status)
	require.Equal(t, 1, w.Calls("recall", "GET /api/v1/bot/*"), "the ledger began anew")
}
