package meetings

import (
	"html"
	"strings"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// SearchQuery is what somebody looks for in what was said: a moment is an utterance that holds every clause, and none of
// the excluded ones.
type SearchQuery struct{ Clauses []SearchClause }

// SearchClause is one word, or several in a row, in the form of IndexWords.
type SearchClause struct {
	Words    []string
	Prefix   bool // the last word may go on
	Excluded bool
}

// Bounds of a search and of what is indexed, in characters.
const (
	maxSearch      = 200
	maxIndexedWord = 100
	leastPrefix    = 2
)

// ParseSearch reads what a person types into a search box: words, "words in a row", -excluded, and the begin* of a word.
// What is written together belongs together: post-venta is looked for as two words in a row.
func ParseSearch(raw string) SearchQuery {
	raw = strings.NewReplacer("“", `"`, "”", `"`, "«", `"`, "»", `"`).Replace(raw)
	var q SearchQuery
	for raw = strings.TrimSpace(raw); raw != ""; raw = strings.TrimSpace(raw) {
		var c SearchClause
		if rest, ok := strings.CutPrefix(raw, "-"); ok {
			c.Excluded, raw = true, rest
		}
		var text string
		if rest, ok := strings.CutPrefix(raw, `"`); ok {
			text, raw, _ = strings.Cut(rest, `"`)
			if rest, ok := strings.CutPrefix(raw, "*"); ok {
				text, raw = text+"*", rest
			}
		} else {
			end := strings.IndexAny(raw+" ", " \t\r\n\"")
			text, raw = raw[:end], raw[end:]
		}
		c.Words = IndexWords(text)
		if len(c.Words) == 0 {
			continue
		}
		c.Prefix = strings.HasSuffix(text, "*") && utf8.RuneCountInString(c.Words[len(c.Words)-1]) >= leastPrefix
		q.Clauses = append(q.Clauses, c)
	}
	return q
}

// CheckSearch notes what is wrong with a search, before it is read: there must be something to look for.
func CheckSearch(raw, field string, f *fault.Fields) {
	f.Require(utf8.RuneCountInString(raw) <= maxSearch, field, fault.TooLong, "max", "200")
	for _, c := range ParseSearch(raw).Clauses {
		if !c.Excluded {
			return
		}
	}
	f.Add(field, fault.Required)
}

// indexWord is a word as the index knows it, and text[from:to], where it stands.
type indexWord struct {
	text     string
	from, to int
}

// IndexWords returns the words of a text as the index knows them, in order: without case, accents and plural.
func IndexWords(text string) []string {
	words := indexWordsOf(text)
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return texts
}

func indexWordsOf(text string) []indexWord {
	var words []indexWord
	for _, t := range tokensOf(text) {
		w := fold(text[t.from:t.to])
		if utf8.RuneCountInString(w) > maxIndexedWord {
			w = string([]rune(w)[:maxIndexedWord])
		}
		if w != "" {
			words = append(words, indexWord{text: stem(w), from: t.from, to: t.to})
		}
	}
	return words
}

// stem takes off what makes a plural in Spanish, Portuguese and English, from a folded word: a final s, and the e
// before it. The e goes from words without s too, so that "cliente" and "clientes", "plan" and "planes" meet. It does
// no more than that: what it leaves need not be a word, and irregular plurals stay apart.
func stem(w string) string {
	if len(w) <= 3 || strings.HasSuffix(w, "ss") {
		return w
	}
	w = strings.TrimSuffix(w, "s")
	if len(w) > 3 {
		w = strings.TrimSuffix(w, "e")
	}
	return w
}

// span is text[from:to].
type span struct{ from, to int }

// hits returns where the clauses that are looked for stand, in order and apart from each other.
func (q SearchQuery) hits(text string) []span {
	words := indexWordsOf(text)
	var found []span
	for i := 0; i < len(words); {
		n := 0
		for _, c := range q.Clauses {
			if !c.Excluded && c.standsAt(words[i:]) {
				n = max(n, len(c.Words))
			}
		}
		if n > 0 {
			found = append(found, span{words[i].from, words[i+n-1].to})
		}
		i += max(n, 1)
	}
	return found
}

func (c SearchClause) standsAt(words []indexWord) bool {
	if len(words) < len(c.Words) {
		return false
	}
	last := len(c.Words) - 1
	for i, w := range c.Words {
		isSame := words[i].text == w || c.Prefix && i == last && strings.HasPrefix(words[i].text, w)
		if !isSame {
			return false
		}
	}
	return true
}

// Excerpt is a piece of what was said around what was looked for.
type Excerpt struct {
	Text        string // as it was said, "…" where it is cut
	Highlighted string // the same as HTML, what was found in <mark>
}

// Excerpt returns the part of a text that shows what was found in it.
func (q SearchQuery) Excerpt(text string) Excerpt { return excerptOf(text, q.hits(text)) }

// Size of an excerpt, and how much of it comes before the first hit, in bytes.
const (
	excerptSize  = 320
	excerptAhead = 100
)

// excerptOf cuts a text at spaces around its first hit, and marks every hit that is whole inside.
func excerptOf(text string, hits []span) Excerpt {
	cut := span{0, len(text)}
	if len(text) > excerptSize {
		if len(hits) > 0 && hits[0].to > excerptSize-excerptAhead {
			cut.from = spaceAfter(text, hits[0].from-excerptAhead, hits[0].from)
		}
		if end := cut.from + excerptSize; end < len(text) {
			cut.to = spaceBefore(text, end, cut.from)
		}
	}
	var b strings.Builder
	at := cut.from
	for _, h := range hits {
		if h.from < at || h.to > cut.to {
			continue
		}
		b.WriteString(html.EscapeString(text[at:h.from]) + "<mark>" + html.EscapeString(text[h.from:h.to]) + "</mark>")
		at = h.to
	}
	b.WriteString(html.EscapeString(text[at:cut.to]))
	plain, marked := text[cut.from:cut.to], b.String()
	if cut.from > 0 {
		plain, marked = "…"+plain, "…"+marked
	}
	if cut.to < len(text) {
		plain, marked = plain+"…", marked+"…"
	}
	return Excerpt{Text: plain, Highlighted: marked}
}

// spaceAfter returns where the first word after a place begins, at most limit.
func spaceAfter(text string, at, limit int) int {
	if i := strings.IndexByte(text[at:limit], ' '); i >= 0 {
		return at + i + 1
	}
	return limit
}

// spaceBefore returns where the last word before a place ends; where there is no space, the place itself, between runes.
func spaceBefore(text string, at, limit int) int {
	if i := strings.LastIndexByte(text[limit:at+1], ' '); i > 0 {
		return limit + i
	}
	for !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
