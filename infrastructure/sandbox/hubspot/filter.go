package hubspot

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// filter is one condition of a search.
type filter struct {
	Property  string   `json:"propertyName"`
	Operator  string   `json:"operator"`
	Value     string   `json:"value"`
	Values    []string `json:"values"`
	HighValue string   `json:"highValue"`
}

const operators = "BETWEEN CONTAINS_TOKEN EQ GT GTE HAS_PROPERTY IN LT LTE NEQ NOT_CONTAINS_TOKEN NOT_HAS_PROPERTY NOT_IN"

func (f filter) known() bool { return listed(operators, f.Operator) }

// matches tells whether a record meets a condition. A property "associations.contact" is a record's joined contacts.
func (p *portal) matches(r *record, f filter) bool {
	if name, isLink := strings.CutPrefix(f.Property, "associations."); isLink {
		return p.linkMatches(r, name, f)
	}
	value := r.properties[f.Property]
	if value == "" {
		return f.Operator == "NOT_HAS_PROPERTY" || f.Operator == "NEQ" || f.Operator == "NOT_IN" || f.Operator == "NOT_CONTAINS_TOKEN"
	}
	among := slices.ContainsFunc(f.Values, func(v string) bool { return compare(value, v) == 0 })
	switch f.Operator {
	case "HAS_PROPERTY":
		return true
	case "EQ":
		return compare(value, f.Value) == 0
	case "NEQ":
		return compare(value, f.Value) != 0
	case "GT":
		return compare(value, f.Value) > 0
	case "GTE":
		return compare(value, f.Value) >= 0
	case "LT":
		return compare(value, f.Value) < 0
	case "LTE":
		return compare(value, f.Value) <= 0
	case "BETWEEN":
		return compare(value, f.Value) >= 0 && compare(value, f.HighValue) <= 0
	case "IN":
		return among
	case "NOT_IN":
		return !among
	case "CONTAINS_TOKEN":
		return containsTokens(value, f.Value)
	case "NOT_CONTAINS_TOKEN":
		return !containsTokens(value, f.Value)
	}
	return false
}

func (p *portal) linkMatches(r *record, name string, f filter) bool {
	to, known := findKind(name)
	linked := p.linked(r.end(), to.name)
	has := slices.ContainsFunc(linked, func(l link) bool { return l.to.id == f.Value || slices.Contains(f.Values, l.to.id) })
	switch f.Operator {
	case "EQ", "IN":
		return known && has
	case "NEQ", "NOT_IN":
		return known && !has
	case "HAS_PROPERTY":
		return len(linked) > 0
	case "NOT_HAS_PROPERTY":
		return len(linked) == 0
	}
	return false
}

// containsTokens tells whether the words of a phrase follow each other in a text; * at a word's end stands for any rest.
func containsTokens(text, phrase string) bool {
	have, want := tokens(text), strings.Fields(strings.ToLower(phrase))
	var need []string
	for _, word := range want {
		parts := tokens(word)
		if strings.HasSuffix(word, "*") && len(parts) > 0 {
			parts[len(parts)-1] += "*"
		}
		need = append(need, parts...)
	}
	if len(need) == 0 {
		return false
	}
	for i := 0; i+len(need) <= len(have); i++ {
		if slices.EqualFunc(have[i:i+len(need)], need, func(token, word string) bool {
			stem, open := strings.CutSuffix(word, "*")
			return token == word || open && strings.HasPrefix(token, stem)
		}) {
			return true
		}
	}
	return false
}

var tag = regexp.MustCompile(`<[^>]*>`)

// tokens are the lower-case words of a text without its HTML tags.
func tokens(text string) []string {
	return strings.FieldsFunc(strings.ToLower(tag.ReplaceAllString(text, " ")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
