package batchcalls_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// FuzzACustomersFile holds that no file, whatever is in it, breaks the reading, and that what comes out is fit to store.
func FuzzACustomersFile(f *testing.F) {
	for _, file := range []string{
		"phone,name\n5512345678,Ana\n5512345678,Eva\n", "sep=;\r\nphone;name\r\n\"55\n12345678\";N\xfa\xf1ez\r\n", "\xef\xbb\xbftel\tx\n+34631021622\t\"",
		"phone|{{x}}|system__y|language\n5512345678|1|2|es\n1|2\n", "\xff\xfe", "sep=", "\"", "phone,phone\n,\n",
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := batchcalls.PreviewCSV(bytes.NewReader(file), batchcalls.Import{Region: "MX", Normalize: mexican, Required: []string{"name"}})
		if err != nil || len(p.Mapping) == 0 {
			return
		}
		r := p.Report
		require.Equal(t, r.Rows, r.Good+r.Bad+r.Repeated)
		again, line := 0, 0
		_, err = batchcalls.ReadCSV(bytes.NewReader(file), batchcalls.Import{Region: "MX", Normalize: mexican, Mapping: p.Mapping, Required: []string{"name"}},
			func(row batchcalls.Row) error {
				again++
				require.True(t, batchcalls.IsE164(string(row.Phone)))
				require.Greater(t, row.Line, line)
				line = row.Line
				for name, value := range row.Variables {
					require.True(t, utf8.ValidString(name))
					require.True(t, utf8.ValidString(value.(string)))
					require.NotContains(t, value, "\x00")
				}
				return nil
			})
		if r.Rows > 0 {
			require.NoError(t, err)
			require.Equal(t, r.Good, again, "a preview counts what the import takes")
		}
	})
}
