package openai

import (
	"cmp"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// cuesFor are the cues of what a field's name asks for, or the nearest name above it that asks for anything.
func cuesFor(at spot) string {
	for i := range at.path {
		name := strings.ToLower(at.path[len(at.path)-1-i])
		if cues := cuesNamed(func(words ...string) bool {
			return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
		}); cues != "" {
			return cues
		}
	}
	return ""
}

func cuesNamed(says func(words ...string) bool) string {
	switch {
	case says("objection", "objecion", "risk", "riesgo"):
		return cuesObjection
	case says("action", "task", "tarea", "next", "commit", "compromis", "cierre", "closing"):
		return cuesCommit
	case says("decision", "acuerdo"):
		return cuesDecision
	case says("opportunit", "oportunidad", "need", "propuesta_valor", "value"):
		return cuesOpportunity
	case says("question", "pregunta", "descubrimiento", "discovery"):
		return cuesQuestion
	}
	return ""
}

// text is what a string field says, by its name and by the utterance around it.
func (f filler) text(at spot) string {
	switch {
	case at.says("summary", "resumen"):
		return f.summary()
	case at.says("next_step", "nextstep", "proximo"):
		return f.plans()
	case at.says("language", "idioma"):
		return f.words.code
	case at.says("topic", "tema", "keyword"):
		if topics := f.topics(at.index + 1); len(topics) > at.index {
			return topics[at.index]
		}
	case at.says("due", "deadline", "date", "fecha"):
		return f.due(at)
	}
	if at.focus == nil {
		return f.finding(at)
	}
	switch {
	case at.says("owner", "speaker", "author", "assignee", "encargad", "name", "who"):
		return at.focus.speaker
	case at.says("time", "minute"):
		return clockText(at.focus.startMs)
	case at.says("response", "answer", "respuesta"):
		if reply, found := f.reaction(*at.focus); found {
			return reply.text
		}
		return ""
	}
	return at.focus.text
}

// finding is a sentence that rests on an utterance of its own.
func (f filler) finding(at spot) string {
	said := f.about(cuesFor(at), 1, strings.Join(at.path, "."))
	switch {
	case len(said) == 0:
		return f.words.nothing
	case at.says("quote", "verbatim", "cita"):
		return said[0].text
	case at.says("owner", "speaker", "name"):
		return said[0].speaker
	}
	return fmt.Sprintf(f.words.basis, said[0].speaker, clockText(said[0].startMs), shorten(said[0].text, 160))
}

// plans tells what was promised.
func (f filler) plans() string {
	var parts []string
	for _, l := range f.about(cuesCommit, 2, "plans") {
		if f.hits(cuesCommit)[l.n] > 0 {
			parts = append(parts, fmt.Sprintf(f.words.said, l.speaker, shorten(l.text, 160)))
		}
	}
	if len(parts) == 0 {
		return f.words.nothing
	}
	return strings.Join(parts, " ")
}

// due is the moment that the utterance names, or "".
func (f filler) due(at spot) string {
	if at.focus == nil {
		return ""
	}
	for cue := range strings.SplitSeq(cuesDue, "|") {
		if strings.Contains(at.focus.low, cue) {
			return cue
		}
	}
	return ""
}

// fit makes a text obey the format, the pattern and the length of its schema.
func fit(s *schema, text string) string {
	if text, known := example(s.Format); known {
		return text
	}
	if s.Pattern != "" {
		if tree, err := syntax.Parse(s.Pattern, syntax.Perl); err == nil {
			return shortest(tree.Simplify())
		}
	}
	if s.MaxLength != nil && utf8.RuneCountInString(text) > *s.MaxLength {
		text = string([]rune(text)[:*s.MaxLength])
	}
	if missing := s.MinLength - utf8.RuneCountInString(text); missing > 0 {
		text += strings.Repeat(".", missing)
	}
	return text
}

// example is a string of one of the formats that structured output takes.
func example(format string) (text string, known bool) {
	switch format {
	case "date-time":
		return "2026-11-21T10:00:00Z", true
	case "date":
		return "2026-11-21", true
	case "time":
		return "10:00:00Z", true
	case "duration":
		return "PT1H", true
	case "email":
		return "ana@example.com", true
	case "hostname":
		return "example.com", true
	case "ipv4":
		return "192.0.2.1", true
	case "ipv6":
		return "2001:db8::1", true
	case "uuid":
		return "0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f", true
	}
	return "", false
}

// shortest is a short string that matches a regular expression.
func shortest(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		if len(re.Rune) > 1 {
			return string(max(re.Rune[0], min(re.Rune[1], ' ')))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpCapture, syntax.OpPlus, syntax.OpAlternate:
		return shortest(re.Sub[0])
	case syntax.OpRepeat:
		return strings.Repeat(shortest(re.Sub[0]), re.Min)
	case syntax.OpConcat:
		var b strings.Builder
		for _, part := range re.Sub {
			b.WriteString(shortest(part))
		}
		return b.String()
	}
	return ""
}

// sortBy orders words by a number, least first.
func sortBy(words []string, key func(string) int) {
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(key(a), key(b)) })
}
