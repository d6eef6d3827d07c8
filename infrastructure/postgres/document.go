package postgres

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Document returns the JSON of what is stored as a whole with Exec or Later. What others said and wrote may hold NULs, which
// jsonb refuses; and bun, which knows that, takes the six letters \u0000 for one.
func Document(v any) (json.RawMessage, error) {
	body, err := json.Marshal(v)
	if err != nil || !bytes.Contains(body, []byte(`\u0000`)) {
		return body, err
	}
	clean := strings.NewReplacer(`\\u0000`, `\u005cu0000`, `\\`, `\\`, `\u0000`, ``)
	return json.RawMessage(clean.Replace(string(body))), nil
}

// Text is what can be stored of what others said, with Exec or Later: Postgres knows no NUL, nor bytes that are not UTF-8,
// each of which becomes U+FFFD, as where bun writes it.
func Text(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 0 {
			return -1
		}
		return r
	}, s)
}
