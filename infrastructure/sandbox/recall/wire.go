package recall

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// How Recall writes times: the API with Z, webhooks with an offset; both with microseconds.
const (
	apiTime     = "2006-01-02T15:04:05.000000Z"
	webhookTime = "2006-01-02T15:04:05.000000+00:00"
)

// newID is a random identifier; Recall's are UUIDs.
func newID() string { return uuid.NewString() }

// stamp writes a time as the API does, and nil for the zero time.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(apiTime)
}

// orNull is nil for "".
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// jsonField is a string field of a JSON object, or "".
func jsonField(object, field string) string {
	var fields map[string]any
	if json.Unmarshal([]byte(object), &fields) != nil {
		return ""
	}
	s, _ := fields[field].(string)
	return s
}

// orEmptyMap is m, and an empty map for nil: Recall's metadata is never null.
func orEmptyMap(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// orNullJSON is raw, and nil for nothing.
func orNullJSON(raw json.RawMessage) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}

// stableID is a UUID that is the same on every read.
func stableID(parent, name string, n int) string {
	space, err := uuid.Parse(parent)
	if err != nil {
		space = uuid.NameSpaceURL
	}
	return uuid.NewSHA1(space, []byte(name+strconv.Itoa(n))).String()
}
