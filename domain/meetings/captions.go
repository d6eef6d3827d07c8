package meetings

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a caption: two lines of 42 characters that stay for up to seven seconds are what subtitlers' guides agree on
// (Netflix Timed Text Style Guide, "Duration" and "Line length"). A silence ends a caption, and so does a sentence that
// has filled a line.
const (
	captionLines          = 2
	captionWidth          = 42 // characters a line
	longestCaption Millis = 7000
	leastCaption   Millis = 1000 // for words that go by too fast to be read
	captionSilence Millis = 1500
)

// Caption is a piece of a transcript that is shown at once.
type Caption struct {
	Speaker    string
	Opens      bool // the first of a turn: readers want to know who speaks
	Lines      []string
	Start, End Millis
}

// Captions cuts the transcript into captions, in order of their beginning. None crosses an utterance.
func (t Transcript) Captions() []Caption {
	cast := castOf(t)
	var captions []Caption
	speaker, last := nobody, Millis(0)
	for i, u := range t.Utterances {
		words := u.shown(last)
		if len(words) == 0 {
			continue
		}
		last = words[len(words)-1].End
		first := len(captions)
		captions = append(captions, captionsOf(words, cast.nameOf(i), cast.speaker[i] != speaker)...)
		for at := range captions[first:] {
			captions[first+at].Speaker = cast.nameOf(i)
		}
		speaker = cast.speaker[i]
	}
	slices.SortStableFunc(captions, func(a, b Caption) int { return cmp.Compare(a.Start, b.Start) })
	stretch(captions)
	return captions
}

// shown returns the words that hold text, each with a time: one without is where the word before it ended.
func (u Utterance) shown(last Millis) []Word {
	if start, _, ok := u.span(); ok {
		last = start
	}
	var words []Word
	for _, w := range u.Words {
		w.Text = oneSpaced(w.Text)
		if w.Text == "" {
			continue
		}
		if !w.isTimed() {
			w.Start, w.End = last, last
		}
		last = w.End
		words = append(words, w)
	}
	return words
}

func captionsOf(words []Word, name string, opens bool) []Caption {
	var captions []Caption
	for len(words) > 0 {
		p := screen{}
		if opens {
			p.width = min(utf8.RuneCountInString(name+": "), captionWidth) // a format may write the name there
		}
		n := 0
		for n < len(words) && !endsBefore(words, n, p) && p.takes(words[n].Text) {
			n++
		}
		captions = append(captions, Caption{Opens: opens, Lines: p.lines, Start: words[0].Start, End: endOf(words[:n])})
		words, opens = words[n:], false
	}
	return captions
}

// endsBefore reports whether a caption that holds the words before n should not take word n.
func endsBefore(words []Word, n int, p screen) bool {
	if n == 0 {
		return false
	}
	before, next := words[n-1], words[n]
	return next.Start-before.End > captionSilence || next.End-words[0].Start > longestCaption ||
		strings.ContainsAny(before.Text[len(before.Text)-1:], ".?!") && (len(p.lines) > 1 || p.width > captionWidth/2)
}

func endOf(words []Word) Millis {
	end := words[0].End
	for _, w := range words {
		end = max(end, w.End)
	}
	return min(end, words[0].Start+longestCaption)
}

// screen fills lines with words.
type screen struct {
	lines []string
	width int // of the last line, in characters
}

// takes adds a word, and reports whether there was room for it. The first word always finds some.
func (p *screen) takes(word string) bool {
	n := utf8.RuneCountInString(word)
	switch {
	case len(p.lines) == 0 && (p.width == 0 || p.width+n <= captionWidth):
		p.lines, p.width = []string{word}, p.width+n
	case len(p.lines) == 0: // beside the name there is no room
		p.lines, p.width = []string{"", word}, n
	case p.width+1+n <= captionWidth:
		p.lines[len(p.lines)-1] += " " + word
		p.width += 1 + n
	case len(p.lines) < captionLines:
		p.lines, p.width = append(p.lines, word), n
	default:
		return false
	}
	return true
}

// stretch lets short captions stand until they can be read, or the next one comes. Every one ends after it begins.
func stretch(captions []Caption) {
	for i := range captions {
		c := &captions[i]
		least := c.Start + leastCaption
		if i+1 < len(captions) {
			least = min(least, captions[i+1].Start)
		}
		c.End = max(c.End, least, c.Start+1)
	}
}
