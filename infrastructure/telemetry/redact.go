package telemetry

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// redacted stands where something private was.
const redacted = "[redacted]"

// privateParts make an attribute private when its name, in lower case and without separators, contains one of them.
var privateParts = []string{
	"authorization", "password", "passwd", "secret", "token", "apikey", "cookie", "signature", "credential", "dsn",
	"email", "phone", "databaseurl", "redisurl",
}

// privateNames are private as they stand: what people said or sent.
var privateNames = []string{
	"body", "payload", "content", "text", "transcript", "question", "answer", "prompt", "key", "url",
}

// identifiers are made by us or checked at the door, and looked for in logs: they stay as they are.
var identifiers = []string{"request_id", "trace_id", "span_id", "workspace", "job", "meeting", "event_id", "route", "stack"}

// pattern is something that looks private wherever it stands. Order matters: the more specific comes first.
type pattern struct {
	form *regexp.Regexp
	with string
}

var patterns = []pattern{
	{regexp.MustCompile(`://[^/\s@"']+@`), "://" + redacted + "@"}, // user and password of a URL
	{regexp.MustCompile(`(?i)\b(bearer|basic)\s+[\w.~+/=-]+`), "$1 " + redacted},
	{regexp.MustCompile(`\beyJ[\w-]*\.[\w-]+(\.[\w-]*)?`), redacted},                                     // JSON Web Tokens
	{regexp.MustCompile(`\b(?:sk|pk|rk|whsec|pat|xox[a-z]|sb|gh[a-z]|v1,)[-_]?[\w+/=-]{12,}`), redacted}, // keys by vendors' prefixes
	{regexp.MustCompile(`([?&][\w.%\[\]-]+=)[^&\s"'<>\\]+`), "${1}" + redacted},                          // query values: signed URLs
	{regexp.MustCompile(`(?i)\b(\w*(?:password|secret|token|api[_-]?key)\w*["']?\s*[:=]\s*["']?)[^\s"',;&]+`), "${1}" + redacted},
	{regexp.MustCompile(`[\w.%+-]+@[\w-]+(?:\.[\w-]+)+`), redacted},
}

// numbers finds UUIDs, which stay, and what may be a telephone number: ten digits or more, with or without the signs
// that people put between them.
var numbers = regexp.MustCompile(
	`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b` +
		`|\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?` +
		`|\b0x[0-9a-f]+\b` +
		`|(?:\+\d|\b\d|\(\d)(?:[ ().-]{0,2}\d){9,14}\b`)

func redactText(s string) string {
	for _, p := range patterns {
		s = p.form.ReplaceAllString(s, p.with)
	}
	return numbers.ReplaceAllStringFunc(s, func(found string) string {
		if strings.ContainsAny(found, ":xX") || strings.Count(found, "-") == 4 && len(found) == 36 {
			return found
		}
		return redacted
	})
}

func redactAttr(a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	switch a.Value.Kind() {
	case slog.KindGroup:
		group := make([]slog.Attr, 0, len(a.Value.Group()))
		for _, member := range a.Value.Group() {
			group = append(group, redactAttr(member))
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(group...)}
	case slog.KindString:
		return slog.String(a.Key, redactNamed(a.Key, a.Value.String()))
	case slog.KindAny:
		return slog.Any(a.Key, redactAny(a.Key, a.Value.Any()))
	default: // numbers, times and truths tell nothing about a person
		return a
	}
}

func redactNamed(name, value string) string {
	switch {
	case value == "" || slices.Contains(identifiers, name):
		return value
	case isPrivate(name):
		return redacted
	default:
		return redactText(value)
	}
}

func isPrivate(name string) bool {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-.", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
	return slices.Contains(privateNames, plain) ||
		slices.ContainsFunc(privateParts, func(part string) bool { return strings.Contains(plain, part) })
}

// redactAny redacts a value of any type by what it would be encoded as.
func redactAny(name string, v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case error:
		return redactNamed(name, v.Error())
	case fmt.Stringer:
		return redactNamed(name, v.String())
	}
	if isPrivate(name) {
		return redacted
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		return redactText(fmt.Sprintf("%v", v))
	}
	var plain any
	if err := json.Unmarshal(encoded, &plain); err != nil {
		return redacted
	}
	return redactPlain(name, plain)
}

// redactPlain walks what JSON decodes to.
func redactPlain(name string, v any) any {
	switch v := v.(type) {
	case string:
		return redactNamed(name, v)
	case []any:
		for i := range v {
			v[i] = redactPlain(name, v[i])
		}
	case map[string]any:
		for member, value := range v {
			v[member] = redactPlain(member, value)
		}
	}
	return v
}
