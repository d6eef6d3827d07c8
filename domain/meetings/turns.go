package meetings

import (
	"cmp"
	"slices"
)

// maxBackchannel is the most words of a remark that does not take the floor ("sí, claro, entiendo").
const maxBackchannel = 5

// Turn is a stretch in which one speaker has the floor. Speaker is an index; whose depends on who built the turns.
type Turn struct {
	Speaker    int
	Start, End Millis
	Words      int
}

// Length is the turn's time from first to last word, pauses and absorbed remarks included, in seconds.
func (t Turn) Length() float64 { return (t.End - t.Start).Seconds() }

// turnsOf returns the turns in order of their beginning; speakerOf maps an utterance to its speaker. Utterances
// without times or words are left out.
func turnsOf(t Transcript, speakerOf func(utterance int) int) []Turn {
	var spans []Turn
	for i, u := range t.Utterances {
		start, end, ok := u.span()
		words := u.spokenWords()
		if ok && words > 0 {
			spans = append(spans, Turn{Speaker: speakerOf(i), Start: start, End: end, Words: words})
		}
	}
	slices.SortStableFunc(spans, func(a, b Turn) int { return cmp.Compare(a.Start, b.Start) })
	return joined(spans)
}

// joined makes one turn of neighbours by the same speaker.
func joined(turns []Turn) []Turn {
	var out []Turn
	for _, t := range turns {
		if n := len(out); n > 0 && out[n-1].Speaker == t.Speaker {
			out[n-1] = out[n-1].with(t)
		} else {
			out = append(out, t)
		}
	}
	return out
}

func (t Turn) with(next Turn) Turn {
	t.End = max(t.End, next.End)
	t.Words += next.Words
	return t
}

// Absorbed returns the turns with back-channels taken out: remarks of at most five words between two stretches of a
// speaker who has already said more than that. The speaker's stretches become one turn.
func Absorbed(turns []Turn) []Turn {
	var out []Turn
	for i := 0; i < len(turns); {
		turn, next := turns[i], i+1
		for turn.Words > maxBackchannel {
			back := next
			for back < len(turns) && turns[back].Speaker != turn.Speaker && turns[back].Words <= maxBackchannel {
				back++
			}
			if back == len(turns) || turns[back].Speaker != turn.Speaker {
				break
			}
			turn, next = turn.with(turns[back]), back+1
		}
		out = append(out, turn)
		i = next
	}
	return out
}

// Longest is the length of the longest turn of the speakers asked for, in seconds; 0 when they have none.
func Longest(turns []Turn, of func(speaker int) bool) float64 {
	longest := 0.0
	for _, t := range turns {
		if of(t.Speaker) {
			longest = max(longest, t.Length())
		}
	}
	return longest
}

// Switches is how often the floor goes from one speaker to another.
func Switches(turns []Turn) int { return max(0, len(turns)-1) }

// Patience is the median gap between the end of a customer turn and the start of the rep turn that answers it, in
// seconds, gaps below zero counted as zero (overlap is not patience). It is 0 when no rep turn follows a customer turn.
func Patience(turns []Turn, rep int) float64 {
	var gaps []float64
	for i := 1; i < len(turns); i++ {
		if turns[i].Speaker == rep && turns[i-1].Speaker != rep {
			gaps = append(gaps, max(0, (turns[i].Start-turns[i-1].End).Seconds()))
		}
	}
	return median(gaps)
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}
