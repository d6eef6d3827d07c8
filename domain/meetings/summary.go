package meetings

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Summary sentences: how many, and how long one may be in words.
const (
	summarySentences = 6
	minSummaryWords  = 7
	maxSummaryWords  = 40
)

// outline is a transcript's sentences with what each is worth.
type outline struct {
	language  string
	sentences []sentence
	frequency map[string]int // content word → sentences that hold it
	content   [][]string     // by sentence, its distinct content words
}

func outlineOf(language string, sentences []sentence) outline {
	o := outline{language: language, sentences: sentences, frequency: map[string]int{}}
	for _, s := range sentences {
		words := contentWords(language, s.words)
		o.content = append(o.content, words)
		for _, w := range words {
			o.frequency[w]++
		}
	}
	return o
}

// contentWords returns the distinct words that carry meaning, in the singular, sorted.
func contentWords(language string, words []string) []string {
	content := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return len(w) < 3 || isStopWord(language, w) })
	for i, w := range content {
		content[i] = singular(w)
	}
	slices.Sort(content)
	return slices.Compact(content)
}

// singular takes the plural ending that Spanish, English and Portuguese share.
func singular(word string) string {
	if len(word) > 4 {
		return strings.TrimSuffix(word, "s")
	}
	return word
}

// salient returns the indices of the n sentences that say most, in the order they were said. It is SumBasic
// (Nenkova and Vanderwende, 2005) with log frequencies: the best sentence is taken, and the weight of its words falls,
// so that the next one says something else. Prefer gives points for what a sentence does.
func (o outline) salient(n int, prefer func(sentence) float64) []int {
	weight := make(map[string]float64, len(o.frequency))
	for w, f := range o.frequency {
		if f > 1 {
			weight[w] = math.Log(float64(f))
		}
	}
	var chosen []int
	for len(chosen) < n {
		best, bestScore := -1, 0.0
		for i, s := range o.sentences {
			if slices.Contains(chosen, i) || s.question || !s.whole || len(s.words) < minSummaryWords || len(s.words) > maxSummaryWords {
				continue
			}
			if score := o.score(i, weight) * (1 + prefer(s)); score > bestScore {
				best, bestScore = i, score
			}
		}
		if best < 0 {
			break
		}
		chosen = append(chosen, best)
		for _, w := range o.content[best] {
			weight[w] /= 4
		}
	}
	slices.Sort(chosen)
	return chosen
}

func (o outline) score(i int, weight map[string]float64) float64 {
	sum := 0.0
	for _, w := range o.content[i] {
		sum += weight[w]
	}
	return sum / math.Sqrt(float64(len(o.sentences[i].words)))
}

// topics returns the n content words in most sentences, as they were last written, most frequent first.
func (o outline) topics(n int) []string {
	words := make([]string, 0, len(o.frequency))
	for w, f := range o.frequency {
		if f > 1 && len(w) > 3 {
			words = append(words, w)
		}
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(o.frequency[b], o.frequency[a]), cmp.Compare(a, b))
	})
	words = words[:min(n, len(words))]
	written := map[string]string{}
	for _, s := range o.sentences {
		for part := range strings.FieldsFuncSeq(s.text, func(r rune) bool { return !isWordRune(r) }) {
			written[singular(fold(part))] = strings.ToLower(part)
		}
	}
	for i, w := range words {
		words[i] = written[w]
	}
	return words
}

// headline says in the transcript's language who met and for how long.
func headline(language string, names []string, minutes int) string {
	format, and, alone := "Reunión de %d min entre %s.", " y ", "Reunión de %d min con %s."
	switch language {
	case "en":
		format, and, alone = "A %d-minute meeting between %s.", " and ", "A %d-minute meeting with %s."
	case "pt":
		format, and, alone = "Reunião de %d min entre %s.", " e ", "Reunião de %d min com %s."
	}
	switch last := len(names) - 1; {
	case last > 0:
		return fmt.Sprintf(format, minutes, strings.Join(names[:last], ", ")+and+names[last])
	case last == 0:
		return fmt.Sprintf(alone, minutes, names[0])
	default:
		return "—"
	}
}
