package batchcalls

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Bounds of what is held of a file: the bytes of a record, its columns, and the beginning that the file's form is told from.
const (
	maxRecord  = 1 << 20
	maxColumns = 500
	peeked     = 64 << 10
)

// errRecordTooLong is what a quotation mark leads to that is never closed: without it, the rest of the file is one cell.
var errRecordTooLong = errors.New("record is too long")

// Problem is one thing that is wrong with a row: the line of the file, the header or the variable, and the rule it breaks.
// It never holds what the cell says.
type Problem struct {
	Line int
	fault.Field
}

// table reads the records of a file one by one: with or without a byte order mark, separated by whatever its first line is
// separated by, in UTF-8 or in Windows-1252, which is what spreadsheets write where they are not told otherwise.
type table struct {
	records *csv.Reader
	bound   *bound
	header  []string
	above   int    // lines before those that records counts
	legacy  bool   // cells in Windows-1252 were met
	waiting []line // read ahead
}

// line is one record with the number of the line that it begins at; or the problem that makes it no record.
type line struct {
	number  int
	cells   []string
	problem *Problem
}

// openTable reads up to the header. Invalid for what is no CSV file, with the field "file".
func openTable(r io.Reader) (*table, error) {
	limit := &bound{r: r, left: maxRecord}
	buffered := bufio.NewReaderSize(limit, peeked)
	head, err := buffered.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head, err = dropMark(buffered, head)
	if err != nil {
		return nil, err
	}
	t := &table{bound: limit}
	comma, declared := declaredComma(head)
	if declared {
		_, err = buffered.Discard(bytes.IndexByte(head, '\n') + 1)
		t.above = 1
	} else {
		comma = usualComma(head)
	}
	if err != nil {
		return nil, err
	}
	t.records = csv.NewReader(buffered)
	t.records.Comma, t.records.FieldsPerRecord, t.records.ReuseRecord = comma, -1, true
	first, err := t.read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, wrongFile(fault.Required)
	case err != nil:
		return nil, err
	case first.problem != nil:
		return nil, wrongFile(first.problem.Rule)
	case len(first.cells) > maxColumns:
		return nil, wrongFile(TooManyColumns, "max", strconv.Itoa(maxColumns))
	}
	t.header = slices.Clone(first.cells)
	return t, nil
}

// dropMark skips a byte order mark, and refuses what is visibly no text in one of the two encodings.
func dropMark(r *bufio.Reader, head []byte) ([]byte, error) {
	for _, other := range []string{"\xff\xfe", "\xfe\xff", "PK\x03\x04"} { // UTF-16, and the formats of spreadsheets
		if bytes.HasPrefix(head, []byte(other)) {
			return nil, wrongFile(NotCSV)
		}
	}
	noLines := bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(head, '\n') < 0 // "CSV (Macintosh)"
	if noLines || bytes.IndexByte(head, 0) >= 0 {
		return nil, wrongFile(NotCSV)
	}
	if mark := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, mark) {
		_, err := r.Discard(len(mark))
		return head[len(mark):], err
	}
	return head, nil
}

func wrongFile(rule fault.Code, params ...string) error {
	var wrong fault.Fields
	wrong.Add("file", rule, params...)
	return wrong.Err()
}

// declaredComma reads a first line "sep=;", by which spreadsheets tell each other the separator.
func declaredComma(head []byte) (rune, bool) {
	first, _, complete := bytes.Cut(head, []byte("\n"))
	value, found := bytes.CutPrefix(bytes.TrimRight(first, "\r"), []byte("sep="))
	if !found || !complete || len(value) != 1 || !bytes.ContainsAny(value, separators) {
		return 0, false
	}
	return rune(value[0]), true
}

// separators are those that are looked for, the likeliest first.
const separators = ",;\t|"

// usualComma is the separator that the header has the most of, outside quotes.
func usualComma(head []byte) rune {
	counts, quoted := map[rune]int{}, false
	for _, c := range head {
		if c == '\n' && !quoted {
			break
		}
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[rune(c)]++
		}
	}
	comma := rune(separators[0])
	for _, candidate := range separators {
		if counts[candidate] > counts[comma] {
			comma = candidate
		}
	}
	return comma
}

// ahead reads up to n lines without using them up, and returns their cells.
func (t *table) ahead(n int) ([][]string, error) {
	var cells [][]string
	for range n {
		l, err := t.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		l.cells = slices.Clone(l.cells)
		t.waiting = append(t.waiting, l)
		if l.problem == nil && !isBlank(l.cells) {
			cells = append(cells, l.cells)
		}
	}
	return cells, nil
}

// next returns the next line; io.EOF after the last. Its cells are good until the call after.
func (t *table) next() (line, error) {
	if len(t.waiting) > 0 {
		l := t.waiting[0]
		t.waiting = t.waiting[1:]
		return l, nil
	}
	return t.read()
}

func (t *table) read() (line, error) {
	t.bound.renew()
	cells, err := t.records.Read()
	if broken, ok := errors.AsType[*csv.ParseError](err); ok {
		number := broken.StartLine + t.above
		return line{number: number, problem: &Problem{Line: number, Field: fault.Field{Name: "line", Rule: BadQuotes}}}, nil
	}
	if errors.Is(err, errRecordTooLong) {
		return line{}, wrongFile(BadQuotes)
	}
	if err != nil {
		return line{}, err
	}
	number, _ := t.records.FieldPos(0)
	number += t.above
	for i, cell := range cells {
		if !utf8.ValidString(cell) {
			t.legacy = true
			cell = fromWindows1252(cell)
		}
		cells[i] = strings.TrimSpace(strings.ReplaceAll(cell, "\x00", "")) // a NUL is no character of JSON in Postgres
	}
	return line{number: number, cells: cells, problem: t.ragged(number, cells)}, nil
}

// ragged returns the problem of a line that has not the header's number of cells. Empty ones too many are none.
func (t *table) ragged(number int, cells []string) *Problem {
	if t.header == nil || len(cells) == len(t.header) || isBlank(cells) ||
		len(cells) > len(t.header) && isBlank(cells[len(t.header):]) {
		return nil
	}
	return &Problem{Line: number, Field: fault.Field{Name: "line", Rule: WrongColumns, Params: map[string]string{
		"expected": strconv.Itoa(len(t.header)), "found": strconv.Itoa(len(cells)),
	}}}
}

func isBlank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return c != "" })
}

// bound ends the reading, for good, when one record takes more than it may.
type bound struct {
	r    io.Reader
	left int // of the record
}

func (b *bound) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errRecordTooLong
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}

// renew begins another record.
func (b *bound) renew() {
	if b.left >= 0 {
		b.left = maxRecord
	}
}

// fromWindows1252 decodes a cell that is not UTF-8. Five bytes stand for nothing there, and become U+FFFD.
func fromWindows1252(cell string) string {
	const upper = "€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ" // 0x80 to 0x9f
	special := []rune(upper)
	var b strings.Builder
	for _, c := range []byte(cell) {
		if 0x80 <= c && c <= 0x9f {
			b.WriteRune(special[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}
