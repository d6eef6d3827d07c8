package batchcalls

import (
	"io"
	"slices"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// previewed is how many rows a preview shows.
const previewed = 20

// Preview is what a person is shown before a file is imported: its header and first lines as they are, what is made of the
// columns, the first rows of that, and the report of the whole file.
type Preview struct {
	Header  []string
	Sample  [][]string
	Mapping Mapping
	Rows    []Row
	Report  Report
}

// PreviewCSV reads a whole file for a preview. Without a mapping it guesses one; where nothing looks like a phone, the
// report holds the one problem ONE_PHONE_COLUMN and no rows. Errors as of ReadCSV.
func PreviewCSV(r io.Reader, in Import) (Preview, error) {
	t, err := openTable(r)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Header: t.header, Mapping: in.Mapping}
	if p.Sample, err = t.ahead(previewed); err != nil {
		return Preview{}, err
	}
	if in.Mapping == nil {
		in.Mapping = GuessMapping(t.header, p.Sample)
		p.Mapping = in.Mapping
		if !slices.ContainsFunc(in.Mapping, func(c Column) bool { return c.Target == ToPhone }) {
			p.Report.Problems = []Problem{{Line: t.above + 1, Field: fault.Field{Name: "mapping", Rule: OnePhoneColumn}}}
			return p, in.requireHeader(t.header)
		}
	}
	if err := in.Mapping.Validate(); err != nil {
		return Preview{}, err
	}
	p.Report, err = in.read(t, func(row Row) error {
		if len(p.Rows) < previewed {
			p.Rows = append(p.Rows, row)
		}
		return nil
	})
	return p, err
}
