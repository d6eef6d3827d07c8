package recall_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

// said is a transcript as a client reads it.
type said []struct {
	Participant struct {
		ID    *int
		Name  *string
		Email *string
	}
	Words []struct {
		Text  string
		Start struct{ Relative float64 } `json:"start_timestamp"`
		End   struct{ Relative float64 } `json:"end_timestamp"`
	}
}

func (w *world) transcript(shortcuts object) said {
	w.t.Helper()
	a := w.send("GET", link(shortcuts, "transcript"), nil)
	require.Equal(w.t, 200, a.status)
	var s said
	require.NoError(w.t, json.Unmarshal(a.raw, &s))
	return s
}

func (s said) end() float64 {
	end := 0.0
	for _, u := range s {
		for _, word := range u.Words {
			end = max(end, word.End.Relative)
		}
	}
	return end
}

const twoTurns = `[
	{"participant":{"id":1,"name":"Ana"},"words":[{"text":"Hola","start_timestamp":{"relative":0.5},"end_timestamp":{"relative":1}}]},
	{"participant":{"id":2,"name":"Luis"},"words":[{"text":"Sí","start_timestamp":{"relative":9},"end_timestamp":{"relative":10.25}}]},
	{"participant":{"id":1,"name":"Ana"},"words":[{"text":"Adiós","start_timestamp":{"relative":11},"end_timestamp":{"relative":12}}]}
]`

func TestAScriptedTranscriptIsServedAsItWasGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot, shortcuts := w.lived(sandboxtest.Script{Transcript: json.RawMessage(twoTurns)})
	require.JSONEq(t, twoTurns, string(w.send("GET", link(shortcuts, "transcript"), nil).raw))
	rec := w.get(bot)["recordings"].([]any)[0].(object)
	started, err := time.Parse(time.RFC3339, rec["started_at"].(string))
	require.NoError(t, err)
	ended, err := time.Parse(time.RFC3339, rec["completed_at"].(string))
	require.NoError(t, err)
	require.Equal(t, 12*time.Second, ended.Sub(started), "it lasts until the last word")
}

func TestARealMeetingIsServedWhole(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "meetings", "ES2004a.recall-transcript.json")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the folder of real meetings is not next to the repository: " + err.Error())
	}
	w := newWorld(t)
	_, shortcuts := w.lived(sandboxtest.Script{Transcript: raw, Shuffle: true, Duplicates: 2})
	require.JSONEq(t, string(raw), string(w.send("GET", link(shortcuts, "transcript"), nil).raw))
}

func TestScriptsAreLivedInTheOrderTheyWereGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Script(sandboxtest.Script{Title: "one"})
	w.Script(sandboxtest.Script{Title: "two"})
	for _, title := range []any{"one", "two", "Llamada de prueba"} {
		bot := w.bot(nil)
		w.until(bot, "done")
		require.Equal(t, title, w.shortcuts(bot)["meeting_metadata"].(object)["data"].(object)["title"])
	}
}

func TestTheBuiltInConversationHasTwoSpeakersAndAnOverlap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, shortcuts := w.lived(sandboxtest.Script{})
	s := w.transcript(shortcuts)
	names := map[string]bool{}
	overlap := false
	for i, u := range s {
		names[*u.Participant.Name] = true
		overlap = overlap || (i > 0 && u.Words[0].Start.Relative < s[i-1].Words[len(s[i-1].Words)-1].End.Relative)
	}
	require.Len(t, names, 2)
	require.True(t, overlap)
	require.InDelta(t, 60, s.end(), 30)
}

func TestTranscriptsSufferTheFaultsTheyAreGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	suffer := func(f sandboxtest.Faults) said {
		_, shortcuts := w.lived(sandboxtest.Script{Transcript: json.RawMessage(twoTurns), Faults: f})
		return w.transcript(shortcuts)
	}
	require.Empty(t, suffer(sandboxtest.Faults{EmptyTranscript: true}))
	require.Nil(t, suffer(sandboxtest.Faults{NullSpeaker: true})[0].Participant.Name)
	same := suffer(sandboxtest.Faults{SameNames: true})
	require.Equal(t, "Ana", *same[1].Participant.Name)
	require.Equal(t, 2, *same[1].Participant.ID)
	again := suffer(sandboxtest.Faults{Rejoin: true})
	require.Equal(t, "Ana", *again[2].Participant.Name)
	require.Equal(t, 3, *again[2].Participant.ID)
	require.InDelta(t, 3600, suffer(sandboxtest.Faults{TranscriptHours: 1}).end(), 13)
}

func TestATranscriptOfThreeHoursIsAboutFiveMegabytes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, shortcuts := w.lived(sandboxtest.Script{Faults: sandboxtest.Faults{TranscriptHours: 3}})
	a := w.send("GET", link(shortcuts, "transcript"), nil)
	require.InDelta(t, 4_000_000, len(a.raw), 2_000_000)
}

func TestParticipantsLendTheirDetailsToSpeakersAndMayBeSilent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var script sandboxtest.Script
	require.NoError(t, json.Unmarshal([]byte(`{"transcript":`+twoTurns+
		`,"participants":[{"name":"Ana","email":"ana@example.com"},{"name":"Oyente"}]}`), &script))
	_, shortcuts := w.lived(script)
	s := w.transcript(shortcuts)
	require.Equal(t, "ana@example.com", *s[0].Participant.Email)
	require.Equal(t, "ana@example.com", *s[2].Participant.Email)

	links := shortcuts["participant_events"].(object)["data"].(object)
	var there []object
	require.NoError(t, json.Unmarshal(w.send("GET", links["participants_download_url"].(string), nil).raw, &there))
	require.Len(t, there, 3)
	require.Equal(t, "Oyente", there[2]["name"])

	var events []object
	require.NoError(t, json.Unmarshal(w.send("GET", links["participant_events_download_url"].(string), nil).raw, &events))
	actions := map[string]int{}
	for _, e := range events {
		actions[e["action"].(string)]++
	}
	require.Equal(t, map[string]int{"join": 3, "speech_on": 3, "speech_off": 3, "leave": 3}, actions)

	var turns []object
	require.NoError(t, json.Unmarshal(w.send("GET", links["speaker_timeline_download_url"].(string), nil).raw, &turns))
	require.Len(t, turns, 3)
	require.EqualValues(t, 9, turns[1]["start_timestamp"].(object)["relative"])
}

func TestACallStoppedInTheMiddleHasTwoRecordingsThatCountAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot, first := w.lived(sandboxtest.Script{
		Transcript: json.RawMessage(twoTurns), Faults: sandboxtest.Faults{TwoRecordings: true},
	})
	recordings := w.get(bot)["recordings"].([]any)
	require.Len(t, recordings, 2)
	require.Len(t, w.transcript(first), 1)
	second := w.transcript(recordings[1].(object)["media_shortcuts"].(object))
	require.Len(t, second, 2)
	require.InDelta(t, 3, second[0].Words[0].Start.Relative, 1e-9)
}

func TestAnAsynchronousTranscriptComesLaterWithItsMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot, _ := w.lived(sandboxtest.Script{})
	recording := w.get(bot)["recordings"].([]any)[0].(object)["id"].(string)
	path := "/recording/" + recording + "/create_transcript/"
	body := object{"provider": object{"recallai_async": object{}}, "metadata": object{"purpose": "second"}}
	a := w.call("POST", path, body)
	require.Equal(t, 200, a.status, "%s", a.raw)
	require.Equal(t, "processing", a.body["status"].(object)["code"])
	require.Eventually(t, func() bool {
		for _, h := range w.receiver.hooks() {
			about, _ := h.data["transcript"].(object)
			if h.event == "transcript.done" && about["id"] == a.body["id"] {
				return about["metadata"].(object)["purpose"] == "second"
			}
		}
		return false
	}, patient, 5*time.Millisecond)

	require.Equal(t, 400, w.call("POST", path, object{"provider": object{"deepgram_streaming": object{}}}).status)
	for range 3 {
		require.Equal(t, 200, w.call("POST", path, body).status)
	}
	require.Equal(t, 429, w.call("POST", path, body).status, "five a minute")
	w.AdvanceClock(time.Minute)
	for range 5 {
		require.Equal(t, 200, w.call("POST", path, body).status)
	}
	w.AdvanceClock(time.Minute)
	require.Equal(t, 400, w.call("POST", path, body).status, "ten a recording, with the first one")
}

func TestATranscriptCanFailBesideGoodMedia(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, shortcuts := w.lived(sandboxtest.Script{Faults: sandboxtest.Faults{TranscriptFailed: "provider_error"}})
	require.Equal(t, "failed", shortcuts["transcript"].(object)["status"].(object)["code"])
	require.Equal(t, "provider_error", shortcuts["transcript"].(object)["status"].(object)["sub_code"])
	require.Equal(t, "done", shortcuts["video_mixed"].(object)["status"].(object)["code"])
}
