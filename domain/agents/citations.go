package agents

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Moment is a stretch of a recording in which somebody speaks, in milliseconds from its beginning.
type Moment struct{ StartMS, EndMS int64 }

// maxStamp is how many bytes "[01:02, 03:04–05:06]" may take before it is taken for something else.
const maxStamp = 48

// Citer lets an answer's text through as it comes and sees to it that every "[mm:ss]" in it is the beginning of something
// that was said. A time within an utterance becomes that utterance's beginning; any other is left out, with the space
// before it. Several times in one pair of brackets become several pairs. What may yet become a citation is held back.
type Citer struct {
	moments []Moment // by StartMS
	held    []byte   // at most one space and the beginning of a citation
	cited   []Citation
}

// NewCiter makes a filter for answers about a recording with these moments.
func NewCiter(moments []Moment) *Citer {
	sorted := slices.Clone(moments)
	slices.SortStableFunc(sorted, func(a, b Moment) int { return int(min(max(a.StartMS-b.StartMS, -1), 1)) })
	return &Citer{moments: sorted}
}

// Feed takes the next piece of the answer and returns what can be shown of it so far.
func (c *Citer) Feed(piece string) string {
	var out strings.Builder
	for i := range len(piece) {
		c.feed(piece[i], &out)
	}
	return out.String()
}

// Rest returns what was held back until the end.
func (c *Citer) Rest() string {
	rest := string(c.held)
	c.held = nil
	return rest
}

// Citations returns the places that were cited, in the order of the answer, each once.
func (c *Citer) Citations() []Citation { return c.cited }

func (c *Citer) feed(b byte, out *strings.Builder) {
	open := len(c.held) > 0 && (c.held[0] == '[' || len(c.held) > 1)
	switch {
	case open && b == ']':
		out.WriteString(c.resolve(append(c.held, b)))
		c.held = c.held[:0]
	case open && isStampByte(b) && len(c.held) < maxStamp:
		c.held = append(c.held, b)
	case b == '[' && string(c.held) == " ":
		c.held = append(c.held, b)
	case b == ' ' || b == '[':
		out.Write(c.held)
		c.held = append(c.held[:0], b)
	default:
		out.Write(c.held)
		c.held = c.held[:0]
		out.WriteByte(b)
	}
}

// isStampByte reports whether the byte occurs in times, lists of them and stretches of them; "–" is three bytes.
func isStampByte(b byte) bool {
	return '0' <= b && b <= '9' || strings.IndexByte(":., -;\xe2\x80\x93\x94", b) >= 0
}

// resolve returns what stands in the answer in place of " [...]".
func (c *Citer) resolve(held []byte) string {
	text := string(held)
	space := text[:strings.IndexByte(text, '[')]
	times, ok := parseStamps(text[len(space)+1 : len(text)-1])
	if !ok {
		return text
	}
	var kept []string
	for _, ms := range times {
		start, found := c.find(ms)
		if !found {
			continue
		}
		kept = append(kept, fmt.Sprintf("[%02d:%02d]", start/60000, start/1000%60))
		if cited := (Citation{StartMS: start}); !slices.Contains(c.cited, cited) {
			c.cited = append(c.cited, cited)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return space + strings.Join(slices.Compact(kept), " ")
}

// find returns the beginning of the utterance that a time, in whole seconds, falls into.
func (c *Citer) find(ms int64) (int64, bool) {
	for _, m := range c.moments {
		if m.StartMS/1000 == ms/1000 {
			return m.StartMS, true
		}
	}
	for _, m := range c.moments {
		if m.StartMS <= ms && ms <= m.EndMS {
			return m.StartMS, true
		}
	}
	return 0, false
}

// parseStamps reads "mm:ss", "h:mm:ss", lists and stretches of them; false when it is something else.
func parseStamps(s string) ([]int64, bool) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;-–—", r) })
	times := make([]int64, len(fields))
	for i, field := range fields {
		whole, _, _ := strings.Cut(field, ".")
		parts := strings.Split(whole, ":")
		if len(parts) < 2 || len(parts) > 3 {
			return nil, false
		}
		for _, part := range parts {
			n, err := strconv.ParseInt(part, 10, 32)
			if err != nil {
				return nil, false
			}
			times[i] = times[i]*60 + n
		}
		times[i] *= 1000
	}
	return times, len(times) > 0
}
