package agents

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// MaxLessons is how many of an agent's lessons it is taught: the newest.
const MaxLessons = 500

// LessonsFile is the name of the file in which an agent finds its lessons.
const LessonsFile = "lecciones.md"

// Lesson is an approved correction, in words that name nobody.
type Lesson struct {
	ID         FeedbackID
	Agent      Key
	Text       string
	ApprovedAt time.Time
}

// WriteLessons writes the lessons, newest first, as the file that the agent searches in; "" when there are none.
func WriteLessons(a Agent, lessons []Lesson) string {
	if len(lessons) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Lecciones de %s\n\n", a.DisplayName)
	b.WriteString("Correcciones del equipo a respuestas anteriores, revisadas por un administrador. Síguelas al responder. " +
		"La más reciente va primero; si dos se contradicen, vale la más reciente.\n")
	for i, l := range lessons {
		fmt.Fprintf(&b, "\n## Lección %d (%s)\n\n%s\n", len(lessons)-i, l.ApprovedAt.UTC().Format(time.DateOnly), strings.TrimSpace(l.Text))
	}
	return b.String()
}

// Digest is the hex SHA-256 of a text.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
