package batchcalls

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Listed bounds how many problems and how many duplicates are told; the rest is counted.
const Listed = 100

// Normalize reads a phone number as people write it into E.164. Without a country code it is one of the default region, an
// ISO 3166 code, "" for none. False for what is no number that can exist.
type Normalize func(raw, defaultRegion string) (e164 string, ok bool)

// Import is how a file is to be read.
type Import struct {
	Mapping   Mapping
	Region    string // of numbers without a country code, an ISO 3166 code; "" for none
	Normalize Normalize
	Required  []string // variables that each row must give; see RequiredVariables
}

// Row is one person to be called. A cell that is empty is not given: it is no variable and no override.
type Row struct {
	Line      int
	Phone     Phone
	Variables map[string]any    // string, int64, float64 or bool
	Overrides map[string]string // by the names of Overrides
}

// Duplicate is a row whose number an earlier one has, however it is written. Only the first is used.
type Duplicate struct{ Line, FirstLine int }

// Report tells what became of a file: Rows are its lines with anything on them, below the header, and each is good, bad or
// repeated.
type Report struct {
	Rows, Good, Bad, Repeated int
	Problems                  []Problem   // the first of them
	Duplicates                []Duplicate // the first of them
	Windows1252               bool        // cells were read as such: worth a look at the accents
}

// ReadCSV reads a customer's file row by row, in bounded memory, and hands each good row over, in the file's order. What is
// wrong with rows is in the report; an error ends the reading: Invalid VALIDATION_ERROR for a mapping or a file that cannot
// be read at all, or what emit or the reader returned.
func ReadCSV(r io.Reader, in Import, emit func(Row) error) (Report, error) {
	if err := in.Mapping.Validate(); err != nil {
		return Report{}, err
	}
	t, err := openTable(r)
	if err != nil {
		return Report{}, err
	}
	return in.read(t, emit)
}

// read is the reading of one file: columns are found in its header, then each line becomes a row, a problem or a duplicate.
func (in Import) read(t *table, emit func(Row) error) (Report, error) {
	columns, err := in.columns(t.header)
	if err != nil {
		return Report{}, err
	}
	report, seen := Report{}, map[uint64]uint32{} // digits of the number to the line: a few dozen bytes for each person
	for {
		l, err := t.next()
		if errors.Is(err, io.EOF) {
			report.Windows1252 = t.legacy
			return report, nil
		}
		if err != nil {
			return report, err
		}
		if l.problem == nil && isBlank(l.cells) {
			continue
		}
		report.Rows++
		row, problems := in.row(l, columns)
		if len(problems) > 0 {
			report.Bad++
			report.Problems = append(report.Problems, problems[:min(len(problems), Listed-len(report.Problems))]...)
			continue
		}
		number, _ := strconv.ParseUint(string(row.Phone[1:]), 10, 64) // it is E.164: row saw to it
		if first, repeated := seen[number]; repeated {
			report.Repeated++
			if len(report.Duplicates) < Listed {
				report.Duplicates = append(report.Duplicates, Duplicate{Line: row.Line, FirstLine: int(first)})
			}
			continue
		}
		seen[number] = uint32(row.Line)
		report.Good++
		if err := emit(row); err != nil {
			return report, fmt.Errorf("take the row of line %d: %w", row.Line, err)
		}
	}
}

// columns finds the mapping's columns in the header: for each cell the column, or one to ignore.
func (in Import) columns(header []string) ([]Column, error) {
	if err := in.requireHeader(header); err != nil {
		return nil, err
	}
	columns := make([]Column, len(header))
	for i := range columns {
		columns[i].Target = ToNothing
	}
	var wrong fault.Fields
	for i, c := range in.Mapping {
		if c.Target == ToNothing {
			continue
		}
		c.Header = strings.TrimSpace(c.Header)
		at := slices.Index(header, c.Header)
		if at < 0 || c.Target == ToPhone && slices.Contains(header[at+1:], c.Header) {
			wrong.Add("mapping["+strconv.Itoa(i)+"].header", NoSuchColumn)
			continue
		}
		columns[at] = c
	}
	return columns, wrong.Err()
}

// requireHeader refuses a file that begins with a customer.
func (in Import) requireHeader(header []string) error {
	if slices.ContainsFunc(header, func(cell string) bool { _, ok := in.phone(cell); return ok }) {
		return wrongFile(NoHeader)
	}
	return nil
}
