package postgres

import (
	"database/sql/driver"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// rows is the answer to one query, in text format, decoded as database/sql wants it.
type rows struct {
	types   *pgtype.Map
	results *pgconn.MultiResultReader
	reader  *pgconn.ResultReader
	columns []string
	fields  []pgconn.FieldDescription
}

func newRows(types *pgtype.Map, results *pgconn.MultiResultReader) *rows {
	r := &rows{types: types, results: results, reader: results.ResultReader()}
	r.fields = r.reader.FieldDescriptions()
	r.columns = make([]string, len(r.fields))
	for i, f := range r.fields {
		r.columns[i] = f.Name
	}
	return r
}

func (r *rows) Columns() []string { return r.columns }

// Close reads the answer to its end, and returns the error that the server may have sent after the rows.
func (r *rows) Close() error {
	if r.results == nil {
		return nil
	}
	err := r.results.Close()
	r.results = nil
	return withoutValues(err)
}

func (r *rows) Next(dest []driver.Value) error {
	if r.results == nil {
		return io.EOF
	}
	if !r.reader.NextRow() {
		if err := r.Close(); err != nil {
			return err
		}
		return io.EOF
	}
	for i, text := range r.reader.Values() {
		v, err := decode(r.types, r.fields[i].DataTypeOID, text)
		if err != nil {
			return fmt.Errorf("decode column %s: %w", r.columns[i], err)
		}
		dest[i] = v
	}
	return nil
}

// decode turns the text of a value into what database/sql scans from: bool, int64, float64, []byte, time.Time in UTC
// or string. Types that pgx does not know (enumerations, extensions) stay text.
func decode(types *pgtype.Map, oid uint32, text []byte) (driver.Value, error) {
	if text == nil {
		return nil, nil
	}
	known, ok := types.TypeForOID(oid)
	if !ok {
		return string(text), nil
	}
	v, err := known.Codec.DecodeDatabaseSQLValue(types, oid, pgtype.TextFormatCode, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", known.Name, err)
	}
	if t, ok := v.(time.Time); ok {
		return t.UTC(), nil
	}
	return v, nil
}
