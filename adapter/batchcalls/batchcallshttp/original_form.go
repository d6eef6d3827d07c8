package batchcallshttp

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// Limits of forms, those of the original's parser (body-parser on qs).
const (
	maxParameters = 1000
	maxBrackets   = 32
)

// node is a value of a form: a text, several, or what is below it in brackets.
type node struct {
	texts []string
	keys  []string // of below, in order of appearance
	below map[string]*node
}

func (n *node) child(key string) *node {
	if n.below == nil {
		n.below = map[string]*node{}
	}
	if key == "" { // a[]=x: the next one
		key = strconv.Itoa(len(n.keys))
	}
	c := n.below[key]
	if c == nil {
		c = &node{}
		n.below[key], n.keys = c, append(n.keys, key)
	}
	return c
}

// formAsJSON writes a form (application/x-www-form-urlencoded, with brackets for what nests, as the qs package reads them) as
// a JSON object. All its values are texts.
func formAsJSON(form string) ([]byte, error) {
	pairs := strings.Split(form, "&")
	if len(pairs) > maxParameters {
		return nil, errMany
	}
	var root node
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if name == "" {
			continue
		}
		at := &root
		for _, key := range keysOf(unescaped(name)) {
			at = at.child(key)
		}
		at.texts = append(at.texts, unescaped(value))
	}
	if len(root.keys) == 0 {
		return nil, nil
	}
	return root.object(nil), nil
}

// keysOf splits a[b][0] into a, b and 0. What nests deeper than maxBrackets is one key.
func keysOf(name string) []string {
	first, rest, found := strings.Cut(name, "[")
	if !found || first == "" {
		return []string{name}
	}
	keys := []string{first}
	for len(keys) <= maxBrackets {
		key, after, closed := strings.Cut(rest, "]")
		if !closed {
			return append(keys, "["+rest)
		}
		keys = append(keys, key)
		if !strings.HasPrefix(after, "[") {
			return keys
		}
		rest = after[1:]
	}
	return append(keys, "["+rest)
}

// unescaped decodes a name or a value; one whose escapes are broken stays as it is.
func unescaped(s string) string {
	decoded, err := url.QueryUnescape(s)
	if err != nil {
		return strings.ReplaceAll(s, "+", " ")
	}
	return strings.ToValidUTF8(decoded, "\uFFFD")
}

func (n *node) write(b []byte) []byte {
	switch {
	case n.isList():
		return n.list(b)
	case len(n.keys) > 0:
		return n.object(b)
	case len(n.texts) == 1:
		return gjson.AppendJSONString(b, n.texts[0])
	}
	b = append(b, '[')
	for i, text := range n.texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = gjson.AppendJSONString(b, text)
	}
	return append(b, ']')
}

func (n *node) object(b []byte) []byte {
	b = append(b, '{')
	for i, key := range n.keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(gjson.AppendJSONString(b, key), ':')
		b = n.below[key].write(b)
	}
	return append(b, '}')
}

// isList reports whether all keys are positions.
func (n *node) isList() bool {
	for _, key := range n.keys {
		if at, err := strconv.Atoi(key); err != nil || at < 0 || at > maxParameters {
			return false
		}
	}
	return len(n.keys) > 0
}

// list writes what there is in order of position; gaps close.
func (n *node) list(b []byte) []byte {
	keys := slices.Clone(n.keys)
	slices.SortStableFunc(keys, func(a, b string) int {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return x - y
	})
	b = append(b, '[')
	for i, key := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = n.below[key].write(b)
	}
	return append(b, ']')
}
