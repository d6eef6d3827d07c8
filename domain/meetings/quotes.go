package meetings

import (
	"slices"
	"strings"
)

// quoteIndex finds quotes in a transcript, whatever their case, accents and punctuation.
type quoteIndex struct {
	line   string   // every word of the transcript, folded, each with a space before and one after the last
	at     []int    // where in line each word begins
	starts []Millis // when each word began, or the last known time before it
}

func newQuoteIndex(t Transcript) quoteIndex {
	var b strings.Builder
	var q quoteIndex
	var now Millis
	var parts []string
	for _, u := range t.Utterances {
		for _, w := range u.Words {
			if w.isTimed() {
				now = w.Start
			}
			parts = appendFoldedWords(parts[:0], w.Text)
			for _, part := range parts {
				b.WriteByte(' ')
				q.at = append(q.at, b.Len())
				q.starts = append(q.starts, now)
				b.WriteString(part)
			}
		}
	}
	b.WriteByte(' ')
	q.line = b.String()
	return q
}

// find returns when the quote was said, and false when it was not. A quote with "…" or "..." in it is said when all its
// parts are, in their order.
func (q quoteIndex) find(quote string) (Millis, bool) {
	var start Millis
	from, found := 0, false
	for part := range strings.SplitSeq(strings.ReplaceAll(quote, "...", "…"), "…") {
		words := foldedWords(part)
		if len(words) == 0 {
			continue
		}
		needle := " " + strings.Join(words, " ") + " "
		i := strings.Index(q.line[from:], needle)
		if i < 0 {
			return 0, false
		}
		if !found {
			word, _ := slices.BinarySearch(q.at, from+i+1)
			start, found = q.starts[word], true
		}
		from += i + len(needle) - 1
	}
	return start, found
}
