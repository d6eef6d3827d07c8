package meetings_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

var held = meetings.Meeting{Title: "Demo *Peñón* & Cía", StartedAt: new(time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC))}

func TestACaptionIsShortEnoughToBeReadAndComesInOrder(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(
		said("Ana", 0, 60, n(150)),
		said("Pedro", 30, 31, "sí"), // while Ana speaks
		said("Pedro", 62, 62.1, "claro"),
		said("Ana", 70, 71, strings.Repeat("x", 100)),
		said("Ana", 80, 110, "larguísima"),
	)
	captions := tr.Captions()
	require.Greater(t, len(captions), 12)
	words := 0
	for i, c := range captions {
		require.LessOrEqual(t, len(c.Lines), 2)
		require.Greater(t, c.End, c.Start)
		require.LessOrEqual(t, c.End-c.Start, meetings.Millis(7000))
		if i > 0 {
			require.GreaterOrEqual(t, c.Start, captions[i-1].Start)
		}
		for _, line := range c.Lines {
			require.True(t, utf8.RuneCountInString(line) <= 42 || strings.Contains(line, "xxx"), line)
		}
		words += len(strings.Fields(strings.Join(c.Lines, " ")))
	}
	require.Equal(t, 154, words, "nothing is lost")
	require.Equal(t, meetings.Millis(1000), captions[len(captions)-3].End-captions[len(captions)-3].Start, "a quick word stays a second")
}

func TestACaptionEndsAtASilenceAndAfterASentence(t *testing.T) {
	t.Parallel()
	u := said("Ana", 0, 2, "Hola a todos y buenas tardes.")
	u.Words = append(u.Words, said("Ana", 2, 3, "Empezamos ya").Words...)
	u.Words = append(u.Words, said("Ana", 6, 7, "después").Words...)
	var texts []string
	for _, c := range transcriptOf(u).Captions() {
		texts = append(texts, strings.Join(c.Lines, "|"))
	}
	require.Equal(t, []string{"Hola a todos y buenas tardes.", "Empezamos ya", "después"}, texts)
}

func TestWebVTTEscapesWhatItWouldTakeForMarkup(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(said("R&D <Ana>", 0, 2, "a --> b <i>& c"), said("Pedro", 3661.5, 3663, "una\nlínea"))
	require.Equal(t, `WEBVTT

1
00:00:00.000 --> 00:00:02.000
<v R&amp;D &lt;Ana&gt;>a --&gt; b &lt;i&gt;&amp; c

2
01:01:01.500 --> 01:01:03.000
<v Pedro>una línea
`, meetings.TranscriptFile(held, tr, meetings.WebVTT, time.UTC))
	require.Equal(t, "WEBVTT\n", meetings.TranscriptFile(held, meetings.Transcript{}, meetings.WebVTT, time.UTC))
}

func TestSubRipNamesTheSpeakerWhereATurnBegins(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(said("Ana", 0, 2, "a --> b"), said("Ana", 4, 5, "sigo"), said(strings.Repeat("L", 50), 6, 7, "yo"))
	require.Equal(t, "1\n00:00:00,000 --> 00:00:02,000\nAna: a → b\n\n"+
		"2\n00:00:04,000 --> 00:00:05,000\nsigo\n\n"+
		"3\n00:00:06,000 --> 00:00:07,000\n"+strings.Repeat("L", 50)+":\nyo\n\n",
		meetings.TranscriptFile(held, tr, meetings.SubRip, time.UTC))
}

func TestTextAndMarkdownSayWhoSaidWhatWhen(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(said("Ana", 65, 66, "¿qué tal?"), said("Pedro", 67, 68, "*bien* [1]"))
	require.Equal(t, "[01:05] Ana: ¿qué tal?\n[01:07] Pedro: *bien* [1]\n", meetings.TranscriptFile(held, tr, meetings.Text, time.UTC))
	zone, err := time.LoadLocation("America/Mexico_City")
	require.NoError(t, err)
	require.Equal(t, "# Demo \\*Peñón\\* \\& Cía\n\n20 nov 2026, 21:00\n\n**[01:05] Ana:** ¿qué tal?\n\n**[01:07] Pedro:** \\*bien\\* \\[1\\]\n",
		meetings.TranscriptFile(held, tr, meetings.Markdown, zone))
}

func TestAFileIsNamedInLettersThatEverySystemTakes(t *testing.T) {
	t.Parallel()
	require.Equal(t, "demo-penon-cia-2026-11-21.srt", meetings.TranscriptFileName(held, meetings.SubRip, time.UTC))
	for title, want := range map[string]string{"": "acme-luis", "日本 ../..": "transcript", strings.Repeat("largo ", 40): "largo-largo"} {
		m := held
		m.Title, m.Customer = title, meetings.Customer{Company: "Acme", ContactName: "Luis"}
		name := meetings.TranscriptFileName(m, meetings.Text, time.UTC)
		require.True(t, strings.HasPrefix(name, want), name)
		require.LessOrEqual(t, len(name), 80)
	}
}
