package meetings_test

import (
	"strings"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// said is an utterance whose words share the time from start to end, in seconds, evenly.
func said(name string, start, end float64, text string) meetings.Utterance {
	u := meetings.Utterance{Speaker: meetings.Speaker{Name: name}}
	words := strings.Fields(text)
	each := (end - start) / float64(len(words))
	for i, w := range words {
		from, to := start+each*float64(i), start+each*float64(i+1)
		u.Words = append(u.Words, meetings.Word{Text: w, Start: meetings.AtSeconds(&from), End: meetings.AtSeconds(&to)})
	}
	return u
}

// n is a text of n words.
func n(words int) string { return strings.TrimSpace(strings.Repeat("palabra ", words)) }

func transcriptOf(utterances ...meetings.Utterance) meetings.Transcript {
	return meetings.Transcript{Utterances: utterances}
}
