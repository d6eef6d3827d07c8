package meetings

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Speech that was transcribed without punctuation is cut after so many words, and at a silence of its speaker.
const (
	maxSentence = 45
	maxSilence  = Millis(3000)
)

// sentence is what one person said from one full stop to the next, across other people's back-channels.
type sentence struct {
	person   int
	start    Millis
	text     string
	words    []string // folded
	line     string   // the folded words with a space before and after each, to look cues up in
	question bool
	whole    bool // its speaker came to the end of it
}

// has reports whether one of the cues, folded phrases, is in the sentence as whole words.
func (s sentence) has(cues []string) bool { return s.count(cues) > 0 }

// count is how many of the cues are in the sentence.
func (s sentence) count(cues []string) int {
	n := 0
	for _, cue := range cues {
		if strings.Contains(s.line, " "+cue+" ") {
			n++
		}
	}
	return n
}

// draft is a sentence that its speaker has not ended yet.
type draft struct {
	start, end Millis
	texts      []string
}

// sentencesOf cuts a transcript into sentences, in order of their beginning.
func sentencesOf(t Transcript, c cast) []sentence {
	drafts := make([]draft, len(c.people))
	var out []sentence
	end := func(person int) {
		if s, ok := drafts[person].ended(person); ok {
			out = append(out, s)
		}
		drafts[person] = draft{}
	}
	var now Millis
	for i, u := range t.Utterances {
		speaker := c.speaker[i]
		if start, _, ok := u.span(); ok && start-drafts[speaker].end > maxSilence {
			end(speaker)
		}
		if u.spokenWords() > maxBackchannel {
			for other := range drafts {
				if other != speaker {
					end(other)
				}
			}
		}
		for _, w := range u.Words {
			if w.isTimed() {
				now = w.Start
			}
			drafts[speaker].add(w, now)
			if endsSentence(w.Text) || len(drafts[speaker].texts) == maxSentence {
				end(speaker)
			}
		}
	}
	for person := range drafts {
		end(person)
	}
	slices.SortStableFunc(out, func(a, b sentence) int { return cmp.Compare(a.start, b.start) })
	return out
}

func (d *draft) add(w Word, now Millis) {
	if len(d.texts) == 0 {
		d.start = now
	}
	d.end = max(now, w.End)
	d.texts = append(d.texts, w.Text)
}

func endsSentence(text string) bool {
	return strings.ContainsAny(lastRune(text), ".?!…")
}

// lastRune returns the last character that is not a closing quote, "" when there is none.
func lastRune(s string) string {
	s = strings.TrimRight(s, "\"'”») ")
	_, size := utf8.DecodeLastRuneInString(s)
	return s[len(s)-size:]
}

func (d draft) ended(person int) (sentence, bool) {
	text := oneSpaced(strings.Join(d.texts, " "))
	words := foldedWords(text)
	if len(words) == 0 {
		return sentence{}, false
	}
	return sentence{
		person: person, start: d.start, text: text, words: words, line: " " + strings.Join(words, " ") + " ",
		question: lastRune(text) == "?", whole: endsSentence(text),
	}, true
}
