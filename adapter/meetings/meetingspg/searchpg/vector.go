// Package searchpg keeps what was said in meetings so that it can be searched. It is apart because searching goes past
// row-level security, which keeps Postgres from using the index: every query here names its workspace itself.
package searchpg

import (
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// maxVector keeps a vector below the megabyte that Postgres allows; no utterance that somebody spoke comes near.
const maxVector = 500_000 // bytes of its text

// vectorOf writes an utterance's words as a tsvector, each at its place, and the workspace as one more. Words hold
// letters and digits only, so that nothing in them needs to be escaped.
func vectorOf(ws kernel.WorkspaceID, text string) string {
	var b strings.Builder
	b.WriteString(quoted(ws.String()))
	for i, word := range meetings.IndexWords(text) {
		if b.Len() > maxVector {
			break
		}
		b.WriteString(" " + quoted(word) + ":" + strconv.Itoa(i+1))
	}
	return b.String()
}

// queryOf writes a search as a tsquery that only the workspace's own rows answer.
func queryOf(ws kernel.WorkspaceID, q meetings.SearchQuery) string {
	var b strings.Builder
	b.WriteString(quoted(ws.String()))
	for _, c := range q.Clauses {
		b.WriteString(" & ")
		if c.Excluded {
			b.WriteString("!")
		}
		b.WriteString("(")
		for i, word := range c.Words {
			if i > 0 {
				b.WriteString(" <-> ")
			}
			b.WriteString(quoted(word))
		}
		if c.Prefix {
			b.WriteString(":*")
		}
		b.WriteString(")")
	}
	return b.String()
}

func quoted(word string) string { return "'" + word + "'" }
