package meetings_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// realMeetings lies beside the repository; it is not part of it.
const realMeetings = "../../../shared/data/meetings"

func TestSpeakingSecondsOfRealMeetingsAgreeWithTheTruth(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(realMeetings, "*.truth.json"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("no real meetings in " + realMeetings)
	}
	for _, file := range files {
		truth := readTruth(t, file)
		t.Run(truth.Meeting, func(t *testing.T) {
			t.Parallel()
			transcript := readRecall(t, filepath.Join(realMeetings, truth.Meeting+".recall-transcript.json"))

			measured, metrics := meetings.Measure(transcript, meetings.RepIdentity{Name: "Project Manager"})

			require.True(t, measured.RepIdentified)
			require.Len(t, measured.Participants, len(truth.Speakers))
			for _, p := range measured.Participants {
				want := truth.Speakers[p.Name].SpeakingSeconds
				require.InEpsilon(t, want, p.SpeakingSeconds, 0.005, p.Name)
			}
			require.Positive(t, *metrics.TalkRatio)
			require.Positive(t, *metrics.LongestRepMonologue)
			require.GreaterOrEqual(t, *metrics.LongestCustomerStory, *metrics.LongestGuestMonologue)
		})
	}
}

type truthFile struct {
	Meeting  string
	Speakers map[string]struct {
		SpeakingSeconds float64 `json:"speaking_seconds"`
	}
}

func readTruth(t *testing.T, file string) (truth truthFile) {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &truth))
	return truth
}

// readRecall reads Recall.ai's transcript download.
func readRecall(t testing.TB, file string) meetings.Transcript {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	var parts []struct {
		Participant struct {
			ID     *int    `json:"id"`
			Name   *string `json:"name"`
			Email  *string `json:"email"`
			IsHost *bool   `json:"is_host"`
		} `json:"participant"`
		Language *string `json:"language_code"`
		Words    []struct {
			Text  string `json:"text"`
			Start *struct {
				Relative *float64 `json:"relative"`
			} `json:"start_timestamp"`
			End *struct {
				Relative *float64 `json:"relative"`
			} `json:"end_timestamp"`
		} `json:"words"`
	}
	require.NoError(t, json.Unmarshal(raw, &parts))
	var out meetings.Transcript
	for _, p := range parts {
		u := meetings.Utterance{Language: deref(p.Language), Speaker: meetings.Speaker{
			Name: deref(p.Participant.Name), Email: deref(p.Participant.Email), IsHost: deref(p.Participant.IsHost),
		}}
		if p.Participant.ID != nil {
			u.Speaker.ID = strconv.Itoa(*p.Participant.ID)
		}
		for _, w := range p.Words {
			word := meetings.Word{Text: w.Text, Start: meetings.NoTime, End: meetings.NoTime}
			if w.Start != nil && w.End != nil {
				word.Start, word.End = meetings.AtSeconds(w.Start.Relative), meetings.AtSeconds(w.End.Relative)
			}
			u.Words = append(u.Words, word)
		}
		out.Utterances = append(out.Utterances, u)
	}
	return out
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
