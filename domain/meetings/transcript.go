package meetings

import (
	"fmt"
	"strings"
	"unicode"
)

// Millis is a place in a recording, in milliseconds from its beginning.
type Millis int64

// NoTime marks a word whose time the vendor did not tell.
const NoTime Millis = -1

// AtSeconds converts a vendor's seconds; nil and negative values are NoTime.
func AtSeconds(s *float64) Millis {
	if s == nil || *s < 0 {
		return NoTime
	}
	return Millis(*s*1000 + 0.5)
}

// Seconds returns the place in seconds.
func (t Millis) Seconds() float64 { return float64(t) / 1000 }

// Clock returns the place as "mm:ss"; minutes go on counting past an hour.
func (t Millis) Clock() string {
	t = max(t, 0)
	return fmt.Sprintf("%02d:%02d", t/60000, t/1000%60)
}

// Speaker is who the vendor says is speaking. Every field may be missing, IDs are not unique across meetings, and one
// person who rejoins has several. The JSON form is how transcripts are stored.
type Speaker struct {
	ID     string `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
	IsHost bool   `json:"host,omitempty"`
}

// Word is one word with its punctuation and the stretch of time it took.
type Word struct {
	Text  string `json:"t"`
	Start Millis `json:"s"`
	End   Millis `json:"e"`
}

// isTimed reports whether the word has a usable stretch of time.
func (w Word) isTimed() bool { return w.Start >= 0 && w.End >= w.Start }

// isSpoken reports whether the word holds a letter or a digit, and so counts as a word.
func (w Word) isSpoken() bool {
	return strings.ContainsFunc(w.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// Utterance is an uninterrupted run of one speaker's words, as the vendor cut it.
type Utterance struct {
	Speaker  Speaker `json:"speaker"`
	Language string  `json:"language,omitempty"` // ISO 639-1, empty when unknown
	Words    []Word  `json:"words"`
}

// Text returns the words, joined by single spaces.
func (u Utterance) Text() string {
	length := 0
	for _, w := range u.Words {
		length += len(w.Text) + 1
	}
	var b strings.Builder
	b.Grow(length)
	for _, w := range u.Words {
		text := strings.TrimSpace(w.Text)
		if text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(text)
	}
	return b.String()
}

// span returns the first and last known times of the utterance, and false when no word is timed.
func (u Utterance) span() (start, end Millis, ok bool) {
	for _, w := range u.Words {
		if !w.isTimed() {
			continue
		}
		if !ok {
			start, end, ok = w.Start, w.End, true
			continue
		}
		start, end = min(start, w.Start), max(end, w.End)
	}
	return start, end, ok
}

// Transcript is everything that was said, in the vendor's order.
type Transcript struct {
	Utterances []Utterance `json:"utterances"`
}

// IsEmpty reports whether nobody spoke.
func (t Transcript) IsEmpty() bool {
	for _, u := range t.Utterances {
		for _, w := range u.Words {
			if w.isSpoken() {
				return false
			}
		}
	}
	return true
}

// Segment is one utterance as the wire shows it.
type Segment struct {
	Speaker string `json:"speaker"`
	Text    string `json:"text"`
	StartMS Millis `json:"start_ms"`
	EndMS   Millis `json:"end_ms"`
}

// Segments returns the utterances that hold text, with the names that participation uses. An utterance without times
// begins and ends where the one before it ended.
func (t Transcript) Segments() []Segment {
	cast := castOf(t)
	segments := make([]Segment, 0, len(t.Utterances))
	var last Millis
	for i, u := range t.Utterances {
		text := u.Text()
		if text == "" {
			continue
		}
		start, end, ok := u.span()
		if !ok {
			start, end = last, last
		}
		last = max(last, end)
		segments = append(segments, Segment{Speaker: cast.nameOf(i), Text: text, StartMS: start, EndMS: end})
	}
	return segments
}

// Flatten returns one "[mm:ss] Name: text" line per segment: what models and people read, a twenty-fifth of the
// vendor's JSON.
func (t Transcript) Flatten() string {
	var b strings.Builder
	for _, s := range t.Segments() {
		for _, part := range [...]string{"[", s.StartMS.Clock(), "] ", s.Speaker, ": ", s.Text, "\n"} {
			b.WriteString(part)
		}
	}
	return b.String()
}

// FullText returns the words alone, utterances joined by spaces.
func (t Transcript) FullText() string {
	var b strings.Builder
	for _, u := range t.Utterances {
		if text := u.Text(); text != "" {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(text)
		}
	}
	return b.String()
}

// Language returns the language of most words, as the vendor told; when it told none, the one whose commonest words
// occur most: "es", "en" or "pt". It is "" for a transcript that gives no hint.
func (t Transcript) Language() string {
	counts := map[string]int{}
	for _, u := range t.Utterances {
		if code, _, _ := strings.Cut(strings.ToLower(u.Language), "-"); len(code) == 2 {
			counts[code] += len(u.Words)
		}
	}
	best := ""
	for code, n := range counts {
		if n > counts[best] || n == counts[best] && (best == "" || code < best) {
			best = code
		}
	}
	if best != "" {
		return best
	}
	return guessLanguage(t)
}

// spokenWords counts the words that hold a letter or a digit.
func (u Utterance) spokenWords() int {
	n := 0
	for _, w := range u.Words {
		if w.isSpoken() {
			n++
		}
	}
	return n
}
