package openai

import (
	"slices"
	"strconv"
	"strings"
)

// talk is the conversation that the double finds in what it reads: the lines of the form "[mm:ss] Name: text".
type talk struct {
	lines []line
	words phrases
	// prompt is everything that was read, in lower case, and mark a number that is its own.
	prompt string
	mark   uint32
	// said is what all lines say, in lower case, each with a line break behind it, and ends where each of them ends there.
	said string
	ends []int
	// found caches how many of a list of cues each line has, by list.
	found map[string][]int
}

// line is one utterance.
type line struct {
	n       int
	startMs int
	speaker string
	text    string
	low     string // the text in lower case
	size    int    // in words
	mark    uint32
}

// listen reads a prompt.
func listen(prompt string) *talk {
	t := &talk{prompt: strings.ToLower(prompt), mark: sum(prompt), found: map[string][]int{}}
	var said strings.Builder
	for row := range strings.Lines(prompt) {
		l, ok := parseLine(strings.TrimSpace(row))
		if !ok {
			continue
		}
		l.n, l.size, l.low, l.mark = len(t.lines), len(strings.Fields(l.text)), strings.ToLower(l.text), sum(l.text)
		t.lines = append(t.lines, l)
		said.WriteString(l.low + "\n")
		t.ends = append(t.ends, said.Len())
	}
	t.said, t.words = said.String(), phrasesOf(t.prompt)
	return t
}

// parseLine reads "[mm:ss] Name: text", where the stamp may have hours before and a fraction after.
func parseLine(row string) (line, bool) {
	stamp, rest, closed := strings.Cut(row, "]")
	speaker, text, named := strings.Cut(rest, ":")
	l := line{speaker: strings.TrimSpace(speaker), text: strings.TrimSpace(text)}
	if !closed || !named || !strings.HasPrefix(stamp, "[") || l.speaker == "" || l.text == "" || len(l.speaker) > 80 {
		return line{}, false
	}
	whole, _, _ := strings.Cut(stamp[1:], ".")
	parts := strings.Split(whole, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return line{}, false
	}
	for _, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return line{}, false
		}
		l.startMs = l.startMs*60 + n*1000
	}
	return l, true
}

// about picks at most n lines, in the order of time: those with most of the cues, then the longest, never one that says
// nothing. Among equals, spread tells which come first, so that two fields do not quote the same lines.
func (t *talk) about(cues string, n int, spread string) []line {
	counts, salt := t.hits(cues), sum(spread)
	ranks := make([]int, len(t.lines)) // 0 for a line that is not picked
	for i, l := range t.lines {
		if l.size >= 3 {
			ranks[i] = 40*counts[i] + min(l.size, 30) + int((l.mark^salt)*16777619>>29)
		}
	}
	var picked []line
	for range min(n, len(ranks)) {
		best := 0
		for i, rank := range ranks {
			if rank > ranks[best] {
				best = i
			}
		}
		if ranks[best] > 0 {
			picked = append(picked, t.lines[best])
			ranks[best] = 0
		}
	}
	slices.SortFunc(picked, func(a, b line) int { return a.n - b.n })
	return picked
}

// hits counts, for each line, how many of the cues it has.
func (t *talk) hits(cues string) []int {
	if counts, known := t.found[cues]; known {
		return counts
	}
	counts := make([]int, len(t.lines))
	if cues != "" {
		for cue := range strings.SplitSeq(cues, "|") {
			t.count(cue, counts)
		}
	}
	t.found[cues] = counts
	return counts
}

// count adds one to each line that has the cue: looked for in all of them at once, which takes a fraction of looking into
// each.
func (t *talk) count(cue string, counts []int) {
	for from := 0; ; {
		at := strings.Index(t.said[from:], cue)
		if at < 0 {
			return
		}
		n, _ := slices.BinarySearch(t.ends, from+at+1) // the first that ends behind it
		counts[n]++
		from = t.ends[n]
	}
}

// withCue counts the lines that have one of the cues.
func (t *talk) withCue(cues string) int {
	n := 0
	for _, count := range t.hits(cues) {
		n += min(count, 1)
	}
	return n
}

// reaction is the first line after l by somebody else.
func (t *talk) reaction(l line) (line, bool) {
	for _, next := range t.lines[min(l.n+1, len(t.lines)):] {
		if next.speaker != l.speaker && next.size > 2 {
			return next, true
		}
	}
	return line{}, false
}

// speakers are the names that speak, in the order in which they first do.
func (t *talk) speakers() []string {
	var names []string
	for _, l := range t.lines {
		if !slices.Contains(names, l.speaker) {
			names = append(names, l.speaker)
		}
	}
	return names
}

// minutes is how long the conversation is, at least 1.
func (t *talk) minutes() int {
	if len(t.lines) == 0 {
		return 1
	}
	return max(1, (t.lines[len(t.lines)-1].startMs+30_000)/60_000)
}

// sum is a small stable number for a text (FNV-1a).
func sum(text string) uint32 {
	h := uint32(2166136261)
	for i := range len(text) {
		h = (h ^ uint32(text[i])) * 16777619
	}
	return h ^ h>>15
}
