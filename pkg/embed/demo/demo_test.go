package demo_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
)

type utterance struct {
	Participant struct {
		ID     int     `json:"id"`
		Name   string  `json:"name"`
		Email  *string `json:"email"`
		IsHost bool    `json:"is_host"`
	} `json:"participant"`
	Language string `json:"language_code"`
	Words    []struct {
		Text  string `json:"text"`
		Start stamp  `json:"start_timestamp"`
		End   stamp  `json:"end_timestamp"`
	} `json:"words"`
}

type stamp struct {
	Relative float64 `json:"relative"`
	Absolute string  `json:"absolute"`
}

func decode(t *testing.T) []utterance {
	t.Helper()
	var utterances []utterance
	require.NoError(t, json.Unmarshal(demo.Transcript(), &utterances))
	return utterances
}

func TestTheDemoLastsTenMinutesAndHasFourSpeakers(t *testing.T) {
	t.Parallel()
	speakers, end := map[string]bool{}, 0.0
	for _, u := range decode(t) {
		speakers[u.Participant.Name] = true
		end = max(end, u.Words[len(u.Words)-1].End.Relative)
		require.Equal(t, demo.Language, u.Language)
	}

	require.Len(t, speakers, 4)
	require.Contains(t, speakers, demo.RepName)
	require.Contains(t, speakers, demo.ContactName)
	require.InDelta(t, 600, end, 30)
}

func TestTheDemoIsSpokenAtAHumanPace(t *testing.T) {
	t.Parallel()
	words, last := 0, 0.0
	for _, u := range decode(t) {
		at := u.Words[0].Start.Relative
		for _, w := range u.Words {
			require.GreaterOrEqual(t, w.Start.Relative, at)
			require.Greater(t, w.End.Relative, w.Start.Relative)
			require.Less(t, w.End.Relative-w.Start.Relative, 2.0, w.Text)
			at = w.End.Relative
			words++
		}
		last = max(last, at)
	}

	pace := float64(words) / last * 60
	require.Greater(t, pace, 130.0)
	require.Less(t, pace, 190.0)
}

func TestTheDemoHasOverlapsAndBackChannels(t *testing.T) {
	t.Parallel()
	utterances := decode(t)
	overlaps, backChannels := 0, 0
	for i := 1; i < len(utterances); i++ {
		before, u := utterances[i-1], utterances[i]
		require.GreaterOrEqual(t, u.Words[0].Start.Relative, before.Words[0].Start.Relative, "utterances are in order")
		if u.Words[0].Start.Relative < before.Words[len(before.Words)-1].End.Relative {
			overlaps++
		}
		if i+1 < len(utterances) && len(u.Words) <= 5 && utterances[i+1].Participant.ID == before.Participant.ID {
			backChannels++
		}
	}

	require.Greater(t, overlaps, 5)
	require.Greater(t, backChannels, 5)
}

func TestTheDemoIdentifiesTheRepByAddress(t *testing.T) {
	t.Parallel()
	for _, u := range decode(t) {
		if u.Participant.Name == demo.RepName {
			require.Equal(t, demo.RepEmail, *u.Participant.Email)
			require.True(t, u.Participant.IsHost)
		}
	}
	require.Less(t, len(demo.Transcript()), 400_000)
	require.True(t, strings.HasSuffix(demo.ContactEmail, ".example"), "no real address")
}
