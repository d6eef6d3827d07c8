package meetings_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func TestATranscriptFlattensToOneLineAnUtterance(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(
		said("Ana", 1.2, 3.2, "Hola, Pedro."),
		said("", 3.5, 4, "Hola."),
		said("Ana", 3725, 3727, "¿Seguimos  aquí?"),
	)
	require.Equal(t, "[00:01] Ana: Hola, Pedro.\n[00:03] Orador 2: Hola.\n[62:05] Ana: ¿Seguimos aquí?\n", tr.Flatten())
	require.Equal(t, "Hola, Pedro. Hola. ¿Seguimos aquí?", tr.FullText())
	require.Equal(t, meetings.Segment{Speaker: "Ana", Text: "Hola, Pedro.", StartMS: 1200, EndMS: 3200}, tr.Segments()[0])
}

func TestMissingSpeakersAndTimesAreTolerated(t *testing.T) {
	t.Parallel()
	untimed := meetings.Utterance{Words: []meetings.Word{
		{Text: "Buenas", Start: meetings.NoTime, End: meetings.NoTime}, {Text: " ", Start: 5, End: 6},
	}}
	tr := transcriptOf(untimed, said("Ana", 2, 3, "Hola."), untimed, meetings.Utterance{})
	segments := tr.Segments()
	require.Len(t, segments, 3)
	require.Equal(t, "Orador 1", segments[0].Speaker)
	require.Equal(t, segments[0].Speaker, segments[2].Speaker)

	p, m := meetings.Measure(tr, meetings.RepIdentity{Name: "Ana"})
	require.Equal(t, 2, len(p.Participants))
	require.InDelta(t, 1, p.Participants[0].SpeakingSeconds, 0.001)
	require.NotNil(t, m.TalkRatio)
}

func TestATranscriptWithoutWordsIsEmpty(t *testing.T) {
	t.Parallel()
	require.True(t, meetings.Transcript{}.IsEmpty())
	require.True(t, transcriptOf(said("Ana", 0, 1, "… -")).IsEmpty())
	require.False(t, transcriptOf(said("Ana", 0, 1, "… sí")).IsEmpty())
	p, m := meetings.Measure(meetings.Transcript{}, meetings.RepIdentity{Name: "Ana"})
	require.Empty(t, p.Participants)
	require.False(t, p.RepIdentified)
	require.Nil(t, m.TalkRatio)
	require.Zero(t, m.Interactivity)
}

func TestTheLanguageIsTheOneOfMostWordsOrGuessed(t *testing.T) {
	t.Parallel()
	en, es := said("Ana", 0, 1, "yes"), said("Ana", 1, 3, "claro que sí, con gusto")
	en.Language, es.Language = "en", "es-MX"
	require.Equal(t, "es", transcriptOf(en, es).Language())

	require.Equal(t, "es", transcriptOf(said("A", 0, 9, "pues yo creo que con esto ya está todo para que ustedes lo vean")).Language())
	require.Equal(t, "en", transcriptOf(said("A", 0, 9, "I think that we should do this with them because it is what they want")).Language())
	require.Equal(t, "pt", transcriptOf(said("A", 0, 9, "eu acho que isso não é para você, mas a gente vai fazer com eles")).Language())
	require.Empty(t, meetings.Transcript{}.Language())
}

func TestAStoredTranscriptReadsBackTheSame(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(said("Ana", 0.5, 2, "Hola, Pedro."), meetings.Utterance{
		Speaker: meetings.Speaker{ID: "7", Email: "p@acme.com", IsHost: true}, Language: "es",
		Words: []meetings.Word{{Text: "Sí.", Start: meetings.NoTime, End: meetings.NoTime}},
	})
	raw, err := json.Marshal(tr)
	require.NoError(t, err)
	var back meetings.Transcript
	require.NoError(t, json.Unmarshal(raw, &back))
	require.Equal(t, tr, back)
}

func TestSecondsBecomeMilliseconds(t *testing.T) {
	t.Parallel()
	require.Equal(t, meetings.Millis(1414), meetings.AtSeconds(new(1.4136)))
	require.Equal(t, meetings.Millis(0), meetings.AtSeconds(new(0.0)))
	require.Equal(t, meetings.NoTime, meetings.AtSeconds(nil))
	require.Equal(t, meetings.NoTime, meetings.AtSeconds(new(-3.0)))
	require.Equal(t, "125:09", meetings.Millis((125*60+9)*1000).Clock())
}
