package meetings

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Corrector applies many corrections in one pass.
type Corrector struct{ known *phraseBook[string] }

// NewCorrector compiles the active corrections; of two for the same words the later wins.
func NewCorrector(corrections []Correction) Corrector {
	known := &phraseBook[string]{}
	for _, c := range corrections {
		wrong := oneSpaced(c.Wrong)
		tokens := tokensOf(wrong)
		if !c.Active || len(tokens) == 0 {
			continue
		}
		keys := make([]string, len(tokens))
		for i, t := range tokens {
			keys[i] = t.key(wrong, i == 0)
		}
		known.add(keys, oneSpaced(c.Right))
	}
	return Corrector{known: known}
}

func oneSpaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// Apply returns the transcript with every whole word, or run of words, put right. Accents tell words apart ("papa" is
// not "papá") and are part of them; case does not, and is kept: an upper-case match stays so, and a capitalised one
// unless the correction spells a name with capitals of its own. The longest correction wins. Words that become more or fewer share the time of those they replace.
func (c Corrector) Apply(t Transcript) Transcript {
	if len(c.known.next) == 0 {
		return t
	}
	out := Transcript{Utterances: make([]Utterance, len(t.Utterances))}
	for i, u := range t.Utterances {
		out.Utterances[i] = c.utterance(u)
	}
	return out
}

// edit replaces text[from:to], which touches the words first..last.
type edit struct {
	from, to, first, last int
	right                 string
}

func (c Corrector) utterance(u Utterance) Utterance {
	text, starts := lineUp(u.Words)
	edits := c.edits(text, starts)
	if len(edits) == 0 {
		return u
	}
	words := make([]Word, 0, len(u.Words))
	next := 0 // the first word not yet taken over
	for i := 0; i < len(edits); {
		first, last := edits[i].first, edits[i].last
		var b strings.Builder
		at := starts[first]
		for ; i < len(edits) && edits[i].first <= last; i++ { // edits that touch the same words go together
			b.WriteString(text[at:edits[i].from])
			b.WriteString(edits[i].right)
			at, last = edits[i].to, edits[i].last
		}
		b.WriteString(text[at : starts[last+1]-1])
		words = append(words, u.Words[next:first]...)
		words = append(words, spread(strings.Fields(b.String()), u.Words[first:last+1])...)
		next = last + 1
	}
	u.Words = append(words, u.Words[next:]...)
	return u
}

// lineUp joins the words with single spaces. starts[i] is where word i begins, starts[len(words)] one past the last
// space that would follow.
func lineUp(words []Word) (text string, starts []int) {
	var b strings.Builder
	starts = make([]int, 0, len(words)+1)
	for _, w := range words {
		starts = append(starts, b.Len())
		b.WriteString(oneSpaced(w.Text))
		b.WriteByte(' ')
	}
	return b.String(), append(starts, b.Len())
}

func (c Corrector) edits(text string, starts []int) []edit {
	tokens := tokensOf(text)
	var edits []edit
	word := 0
	for i := 0; i < len(tokens); {
		n, right := c.match(text, tokens[i:])
		if n == 0 {
			i++
			continue
		}
		e := edit{from: tokens[i].from, to: tokens[i+n-1].to}
		for starts[word+1] <= e.from {
			word++
		}
		e.first = word
		for starts[word+1] < e.to {
			word++
		}
		e.last, e.right = word, inCaseOf(text[e.from:e.to], right)
		edits = append(edits, e)
		i += n
	}
	return edits
}

// match returns how many tokens the longest correction at the beginning takes, and what they should be.
func (c Corrector) match(text string, tokens []token) (n int, right string) {
	return c.known.longest(len(tokens), func(i int) string { return tokens[i].key(text, i == 0) })
}

// token is a run of letters and digits: text[from:to], with what separates it from the token before in text[sep:from].
type token struct{ sep, from, to int }

// key is what tells a correction's tokens: the separator matters between the tokens of a match, not before its first.
func (t token) key(text string, first bool) string {
	from := t.sep
	if first {
		from = t.from
	}
	return strings.ToLower(text[from:t.to])
}

func tokensOf(text string) []token {
	var tokens []token
	const none = -1
	sep, from := 0, none
	for i, r := range text {
		switch isWord := isWordRune(r); {
		case isWord && from == none:
			from = i
		case !isWord && from != none:
			tokens = append(tokens, token{sep: sep, from: from, to: i})
			sep, from = i, none
		}
	}
	if from != none {
		tokens = append(tokens, token{sep: sep, from: from, to: len(text)})
	}
	return tokens
}

// inCaseOf gives right the case of what was heard: upper, capitalised, or as it was written.
func inCaseOf(heard, right string) string {
	first, _ := utf8.DecodeRuneInString(heard)
	switch {
	case utf8.RuneCountInString(heard) > 1 && heard == strings.ToUpper(heard) && heard != strings.ToLower(heard):
		return strings.ToUpper(right)
	case unicode.IsUpper(first) && right == strings.ToLower(right):
		head, n := utf8.DecodeRuneInString(right)
		return string(unicode.ToUpper(head)) + right[n:]
	default:
		return right
	}
}

// spread lays texts over the time of the words they replace: one to one when there are as many, else evenly.
func spread(texts []string, over []Word) []Word {
	words := make([]Word, len(texts))
	start, end, ok := Utterance{Words: over}.span()
	for i, text := range texts {
		words[i] = Word{Text: text, Start: NoTime, End: NoTime}
		switch n := Millis(len(texts)); {
		case len(texts) == len(over):
			words[i].Start, words[i].End = over[i].Start, over[i].End
		case ok:
			words[i].Start = start + (end-start)*Millis(i)/n
			words[i].End = start + (end-start)*Millis(i+1)/n
		}
	}
	return words
}
