package batchcallspg

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// columns makes a statement's source of many rows, column by column: what is the same in each is an argument that is sent
// once, long texts are one argument together, and the rest are arrays. An element of an array costs pgx, the collector and
// Postgres several times what it holds, and the arguments of ten thousand rows took longer than storing them.
type columns[T any] struct {
	rows    []T
	args    []any
	sources []string // functions that return a column each
}

// separator ends a text and begins the next: ASCII's record separator, which no JSON holds as it is.
const separator = '\x1e'

// argument adds one and returns its placeholder.
func (c *columns[T]) argument(v any) string {
	c.args = append(c.args, v)
	return fmt.Sprintf("$%d", len(c.args))
}

// source adds a function that returns a column, and returns the column's name.
func (c *columns[T]) source(function string) string {
	c.sources = append(c.sources, function)
	return fmt.Sprintf("u.c%d", len(c.sources))
}

// from is what the expressions of the columns are selected from.
func (c *columns[T]) from() string {
	if len(c.sources) == 0 {
		c.source(`generate_series(1, ` + c.argument(len(c.rows)) + `::int)`)
	}
	var names strings.Builder
	for i := range c.sources {
		fmt.Fprintf(&names, "c%d, ", i+1)
	}
	return `rows from (` + strings.Join(c.sources, ", ") + `) with ordinality as u (` + names.String() + `n)`
}

// values is the expression of a column of that type.
func values[T any, V comparable](c *columns[T], sqlType string, of func(*T) V) string {
	same := of(&c.rows[0])
	for i := range c.rows {
		if of(&c.rows[i]) != same {
			all := make([]V, len(c.rows))
			for i := range c.rows {
				all[i] = of(&c.rows[i])
			}
			return c.source(`unnest(` + c.argument(all) + `::` + sqlType + `[])`)
		}
	}
	return c.argument(same) + `::` + sqlType
}

// numbers is the expression of a column of integers that most often follow each other.
func numbers[T any](c *columns[T], of func(*T) int) string {
	first := of(&c.rows[0])
	for i := range c.rows {
		if of(&c.rows[i]) != first+i {
			return values(c, "int", of)
		}
	}
	return c.argument(first-1) + `::int + u.n::int`
}

// texts is the expression of a column of texts; see joined.
func texts[T any](c *columns[T], of func(*T) []byte) string {
	if len(c.rows) == 1 { // of which Postgres would make no row at all, were it empty
		return values(c, "text", func(row *T) string { return clean(string(of(row))) })
	}
	return c.source(`string_to_table(` + c.argument(joined(c.rows, of)) + `::text, E'\x1e')`)
}

// joined is a text of each row, with the separator in between. What Postgres or the separator does not allow in them is
// replaced.
func joined[T any](rows []T, of func(*T) []byte) string {
	room := 0
	for i := range rows {
		room += len(of(&rows[i])) + 1
	}
	var all strings.Builder
	all.Grow(room)
	for i := range rows {
		if i > 0 {
			all.WriteByte(separator)
		}
		if b := of(&rows[i]); utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 && bytes.IndexByte(b, separator) < 0 {
			all.Write(b)
		} else {
			all.WriteString(strings.ReplaceAll(clean(string(b)), string(separator), "\uFFFD"))
		}
	}
	return all.String()
}

// clean makes text that Postgres takes.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
