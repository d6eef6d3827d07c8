package kernel

import (
	"fmt"
	"strings"
)

// WorkspaceID names a tenant: every row, job and event belongs to exactly one.
type WorkspaceID string

// RepID names a sales rep: a person of a workspace who owns meetings.
type RepID string

// String returns the canonical UUID text.
func (id WorkspaceID) String() string { return string(id) }

// String returns the canonical UUID text.
func (id RepID) String() string { return string(id) }

// ParseID reads a UUID in its canonical 36-character form, in either case, and returns it in lower case.
// Identifiers are made by port.IDs; this only recognises them.
func ParseID[T ~string](s string) (T, error) {
	if len(s) != 36 {
		return "", fmt.Errorf("parse id: want 36 characters, got %d", len(s))
	}
	for i := range len(s) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (s[i] == '-') || !dash && !isHex(s[i]) {
			return "", fmt.Errorf("parse id: character %d is not part of a UUID", i+1)
		}
	}
	return T(strings.ToLower(s)), nil
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
