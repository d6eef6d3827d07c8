package openai

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
)

// maxDepth stops schemas that refer to themselves.
const maxDepth = 12

// filler writes a value that fits a schema, out of what was heard.
type filler struct {
	*talk
	root *schema
}

// spot is the place of a value in the answer.
type spot struct {
	// path are the names from the root down; a list's elements have their list's path.
	path []string
	// focus is the utterance that the object around is about, nil when there is none.
	focus *line
	// index is the place in the list around.
	index int
	depth int
}

func (at spot) below(name string) spot {
	at.path, at.depth = append(slices.Clip(at.path), name), at.depth+1
	return at
}

// name is the lower-case name of the field.
func (at spot) name() string {
	if len(at.path) == 0 {
		return ""
	}
	return strings.ToLower(at.path[len(at.path)-1])
}

// says tells whether the field's name has one of the words in it.
func (at spot) says(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(at.name(), w) })
}

// fill writes JSON that is valid against the schema.
func (t *talk) fill(root *schema) string {
	f := filler{talk: t, root: root}
	answer := f.value(root, spot{})
	balance(answer)
	whole, _ := json.Marshal(answer) // made of strings, numbers, lists and raw values that were decoded before
	return string(whole)
}

func (f filler) value(s *schema, at spot) any {
	s = s.resolve(f.root)
	switch {
	case len(s.Const) > 0:
		return s.Const
	case len(s.Enum) > 0:
		return f.choose(s.Enum)
	case s.nullable() && (at.depth > maxDepth || f.silent(at)):
		return nil
	case len(s.AnyOf) > 0:
		return f.value(f.branch(s), at)
	}
	switch s.kind() {
	case "object":
		return f.object(s, at)
	case "array":
		return f.elements(s, at)
	case "integer", "number":
		return f.number(s, at)
	case "boolean":
		return f.truth(at)
	case "null":
		return nil
	}
	return fit(s, f.text(at))
}

// branch is the first alternative that says something.
func (f filler) branch(s *schema) *schema {
	for _, option := range s.AnyOf {
		if option.resolve(f.root).kind() != "null" {
			return option
		}
	}
	return s.AnyOf[0]
}

// silent tells whether nothing was said for a field that may be null.
func (f filler) silent(at spot) bool {
	return at.says("due", "deadline", "date", "fecha") && f.due(at) == ""
}

func (f filler) object(s *schema, at spot) any {
	if at.focus == nil && slices.ContainsFunc(s.Properties, func(p property) bool {
		return p.name == "quote" || strings.HasPrefix(p.name, "start")
	}) {
		if best := f.about("", 1, strings.Join(at.path, ".")); len(best) > 0 {
			at.focus = &best[0]
		}
	}
	members := object{}
	for _, p := range s.Properties {
		members = append(members, member{p.name, f.value(p.schema, at.below(p.name))})
	}
	return members
}

// elements lists what the field's name asks for: as many as were said, within the schema's bounds.
func (f filler) elements(s *schema, at spot) any {
	want := 3
	if at.says("quote", "cita", "evidence") {
		want = 2
	}
	if s.MaxItems != nil {
		want = min(want, *s.MaxItems)
	}
	cues := cuesFor(at)
	said := f.about(cues, want, strings.Join(at.path, "."))
	if cues != "" {
		said = slices.DeleteFunc(said, func(l line) bool { return f.hits(cues)[l.n] == 0 })
	}
	if at.depth > maxDepth {
		said = nil
	}
	list := []any{}
	for i := range max(len(said), s.MinItems) {
		item := at
		item.index, item.focus, item.depth = i, nil, at.depth+1
		if i < len(said) {
			item.focus = &said[i]
		}
		element := s.Items
		if element == nil {
			element = &schema{}
		}
		list = append(list, f.value(element, item))
	}
	return list
}

// choose takes the alternative that the conversation is about, else the one that the prompt names most, else the first.
func (f filler) choose(options []json.RawMessage) json.RawMessage {
	best, most := options[0], -1
	for _, option := range options {
		var word string
		if json.Unmarshal(option, &word) != nil {
			continue
		}
		weight := 0
		switch stem := cut(strings.ToLower(word), 6); stem {
		case "negoci":
			weight = f.withCue(cuesDeal) * 2
		case "demost", "demo":
			weight = f.withCue(cuesDemo) * 2
		case "califi", "qualif":
			weight = f.withCue(cuesQuestion)
		default:
			weight = strings.Count(f.prompt, strings.ToLower(word))
		}
		if weight > most {
			best, most = option, weight
		}
	}
	return best
}

func (f filler) truth(at spot) bool {
	if at.focus == nil || !at.says("handled", "resolved", "answered", "resuelt", "manejad") {
		return false
	}
	_, answered := f.reaction(*at.focus)
	return answered
}

func (f filler) number(s *schema, at spot) any {
	low, high := s.bounds()
	span := high - low
	if math.IsInf(high, 1) {
		span = 100
	}
	var value float64
	switch {
	case at.says("start", "timestamp") && at.focus != nil:
		value = inUnit(at, at.focus.startMs)
	case at.says("end") && at.focus != nil:
		value = inUnit(at, f.endMs(*at.focus))
	case at.says("prob", "likelihood"):
		yes, no := f.withCue(cuesCommit), f.withCue(cuesObjection)
		value = low + span*(30+50*float64(yes+1)/float64(yes+no+2))/100
	default:
		value = low + span*float64(50+(sum(strings.Join(at.path, "."))^f.mark)%40)/100
	}
	value = min(max(value, low), high)
	step := 0.01
	if s.kind() == "integer" {
		step = 1
	}
	if s.MultipleOf != nil {
		step = *s.MultipleOf
	}
	if value = math.Floor(value/step) * step; value < low {
		value += step
	}
	if step == 0.01 {
		return math.Round(value*100) / 100
	}
	return value
}

// bounds are the least and the greatest value of a number: from 0 without end where the schema leaves them open.
func (s *schema) bounds() (low, high float64) {
	step := 1.0
	if s.kind() == "number" {
		step = 0.01
	}
	switch {
	case s.Minimum != nil:
		low = *s.Minimum
	case s.ExclusiveMinimum != nil:
		low = *s.ExclusiveMinimum + step
	}
	high = math.Inf(1)
	switch {
	case s.Maximum != nil:
		high = *s.Maximum
	case s.ExclusiveMaximum != nil:
		high = *s.ExclusiveMaximum - step
	}
	if s.Minimum == nil && s.ExclusiveMinimum == nil {
		low = min(low, high)
	}
	return low, high
}

// inUnit gives a moment in the unit that the field's name tells: milliseconds, else seconds.
func inUnit(at spot, ms int) float64 {
	if at.says("ms", "milli") {
		return float64(ms)
	}
	return float64(ms) / 1000
}

func (t *talk) endMs(l line) int {
	if l.n+1 < len(t.lines) {
		return max(l.startMs, t.lines[l.n+1].startMs)
	}
	return l.startMs + 5_000
}

// object keeps its members in order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order, those of objects within objects too: encoding/json goes over what each
// MarshalJSON returns once more.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := write(&b, o)
	return b.Bytes(), err
}

func write(b *bytes.Buffer, value any) error {
	switch v := value.(type) {
	case object:
		b.WriteByte('{')
		for i, m := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := write(b, m.name); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := write(b, m.value); err != nil {
				return err
			}
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, element := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := write(b, element); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	default:
		plain, err := json.Marshal(v)
		b.Write(plain)
		return err
	}
	return nil
}

// balance makes every total score the sum of the partial ones, as a model is told to.
func balance(answer any) {
	total, found := 0.0, false
	walk(answer, func(m *member) {
		if parts, ok := m.value.(object); ok && m.name == "scores" {
			total, found = addUp(parts), true
		}
	})
	if !found {
		return
	}
	walk(answer, func(m *member) {
		if _, number := m.value.(float64); number && slices.Contains([]string{"sales_rep_score", "total_score", "overall_score", "total"}, m.name) {
			m.value = total
		}
	})
}

// addUp adds the scores of an object: numbers, or objects with a score each.
func addUp(parts object) float64 {
	sum := 0.0
	for _, p := range parts {
		switch v := p.value.(type) {
		case float64:
			sum += v
		case object:
			for _, inner := range v {
				if score, ok := inner.value.(float64); ok && inner.name == "score" {
					sum += score
				}
			}
		}
	}
	return sum
}

func walk(value any, visit func(*member)) {
	switch v := value.(type) {
	case object:
		for i := range v {
			visit(&v[i])
			walk(v[i].value, visit)
		}
	case []any:
		for _, element := range v {
			walk(element, visit)
		}
	}
}
