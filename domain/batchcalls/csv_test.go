package batchcalls_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

// mexican reads ten digits as a Mexican number and takes what is in E.164 already: all that these tests need.
func mexican(raw, region string) (string, bool) {
	digits := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(raw)
	if len(digits) == 10 && region == "MX" && batchcalls.IsE164("+"+digits) {
		return "+52" + digits, true
	}
	return digits, batchcalls.IsE164(digits)
}

func columns(pairs ...string) batchcalls.Mapping {
	m := batchcalls.Mapping{{Header: "phone", Target: batchcalls.ToPhone}}
	for _, header := range pairs {
		m = append(m, batchcalls.Column{Header: header, Target: batchcalls.ToVariable})
	}
	return m
}

// read imports a file and returns its rows.
func read(t *testing.T, file string, in batchcalls.Import) ([]batchcalls.Row, batchcalls.Report) {
	t.Helper()
	in.Normalize = mexican
	var rows []batchcalls.Row
	report, err := batchcalls.ReadCSV(strings.NewReader(file), in, func(r batchcalls.Row) error {
		rows = append(rows, r)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, report.Rows, report.Good+report.Bad+report.Repeated)
	require.Len(t, rows, report.Good)
	return rows, report
}

func TestAFileBecomesPeopleWithTheirVariablesAndOverrides(t *testing.T) {
	t.Parallel()
	rows, report := read(t, `phone,First name,amount,vip,language,first_message,internal
55 1234 5678, Ana ,"1,5",sí,es,"Hola,
Ana",secret
"+34631021622",,12,no,,,x
`, batchcalls.Import{Region: "MX", Mapping: batchcalls.Mapping{
		{Header: " phone ", Target: batchcalls.ToPhone},
		{Header: "First name", Target: batchcalls.ToVariable, Name: " customer_name "},
		{Header: "amount", Target: batchcalls.ToVariable, Type: batchcalls.AsNumber},
		{Header: "vip", Target: batchcalls.ToVariable, Type: batchcalls.AsBoolean},
		{Header: "language", Target: batchcalls.ToOverride},
		{Header: "first_message", Target: batchcalls.ToOverride},
		{Header: "internal", Target: batchcalls.ToNothing},
	}})
	require.Equal(t, []batchcalls.Row{
		{
			Line: 2, Phone: "+525512345678", Variables: map[string]any{"customer_name": "Ana", "amount": 1.5, "vip": true},
			Overrides: map[string]string{"language": "es", "first_message": "Hola,\nAna"},
		},
		{Line: 4, Phone: "+34631021622", Variables: map[string]any{"amount": int64(12), "vip": false}},
	}, rows)
	require.Equal(t, batchcalls.Report{Rows: 2, Good: 2}, report)
}

func TestAFileIsReadInWhateverFormASpreadsheetWritesIt(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"commas":                    "phone,name\n5512345678,Núñez\n",
		"semicolons":                "phone;name\n5512345678;Núñez\n",
		"tabs":                      "phone\tname\n5512345678\tNúñez\n",
		"bars":                      "phone|name\n5512345678|Núñez\n",
		"a byte order mark":         "\xef\xbb\xbfphone,name\n5512345678,Núñez\n",
		"a mark and quotes":         "\xef\xbb\xbf\"phone\";\"name\"\r\n\"5512345678\";\"Núñez\"\r\n",
		"no newline at the end":     "phone,name\r\n5512345678,Núñez",
		"a separator declared":      "sep=;\r\nphone;name\r\n5512345678;Núñez\r\n",
		"a mark, then a separator":  "\xef\xbb\xbfsep=;\nphone;name\n5512345678;Núñez\n",
		"Windows-1252":              "phone;name\r\n5512345678;N\xfa\xf1ez\r\n",
		"a comma within a header":   "phone;\"name\"\n5512345678;Núñez\n",
		"blank lines":               "\n\nphone,name\n\n,\n  , \n5512345678,Núñez\n",
		"empty columns at the end":  "phone,name\n5512345678,Núñez,,\n",
		"columns in another order":  "name,phone\nNúñez,5512345678\n",
		"a column nobody asked for": "phone,x,name\n5512345678,1,Núñez\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, report := read(t, file, batchcalls.Import{Region: "MX", Mapping: columns("name")})
			require.Len(t, rows, 1)
			require.Equal(t, batchcalls.Phone("+525512345678"), rows[0].Phone)
			require.Equal(t, map[string]any{"name": "Núñez"}, rows[0].Variables)
			require.Equal(t, name == "Windows-1252", report.Windows1252)
		})
	}
	rows, _ := read(t, "phone,name\n5512345678,\x93\x80 5\x94\n", batchcalls.Import{Region: "MX", Mapping: columns("name")})
	require.Equal(t, "“€ 5”", rows[0].Variables["name"])
}

func TestWhatIsWrongIsToldByLineAndColumnAndNeverQuoted(t *testing.T) {
	t.Parallel()
	mapping := append(columns("name"), batchcalls.Column{Header: "age", Target: batchcalls.ToVariable, Type: batchcalls.AsNumber},
		batchcalls.Column{Header: "vip", Target: batchcalls.ToVariable, Type: batchcalls.AsBoolean})
	rows, report := read(t, `phone,name,age,vip
99887766,Ana,30,yes
,Eva,thirty,perhaps
5.25598877E+11,Leo,30,no
5598877661,Ivo,30
5598877662,Lia,30,no,more
5598877663,"Ali" Baba,1,no
5598877664,"two
lines",NaN,no
5598877665,,1e400,no
5598877666,Last,-1.5,no
`, batchcalls.Import{Region: "MX", Mapping: mapping, Required: []string{"name"}})
	type wrong struct {
		line int
		name string
		rule fault.Code
	}
	var found []wrong
	for _, p := range report.Problems {
		found = append(found, wrong{p.Line, p.Name, p.Rule})
	}
	require.Equal(t, []wrong{
		{2, "phone", batchcalls.BadPhone},
		{3, "phone", fault.Required},
		{3, "age", batchcalls.NotANumber},
		{3, "vip", batchcalls.NotABoolean},
		{4, "phone", batchcalls.ShortenedPhone},
		{5, "line", batchcalls.WrongColumns},
		{6, "line", batchcalls.WrongColumns},
		{7, "line", batchcalls.BadQuotes},
		{8, "age", batchcalls.NotANumber},
		{10, "age", batchcalls.NotANumber},
		{10, "name", fault.Required},
	}, found)
	require.Equal(t, map[string]string{"expected": "4", "found": "3"}, report.Problems[5].Params)
	require.Equal(t, 8, report.Bad)
	require.Len(t, rows, 1)
	require.Equal(t, 11, rows[0].Line)
	require.InDelta(t, -1.5, rows[0].Variables["age"], 0)
	for _, private := range []string{"9887766", "Eva", "thirty", "Baba"} {
		require.NotContains(t, fmt.Sprintf("%+v", report), private)
	}
}

func TestANumberThatASpreadsheetHasShortenedIsNoPhoneWhoeverTakesIt(t *testing.T) {
	t.Parallel()
	anyDigit := func(raw, _ string) (string, bool) { return "+525512345678", strings.ContainsAny(raw, "5") }
	report, err := batchcalls.ReadCSV(strings.NewReader("phone;x\n5.25512E+11;\n5,25512e+11;\n5512345678;\n"),
		batchcalls.Import{Mapping: columns(), Normalize: anyDigit}, func(batchcalls.Row) error { return nil })
	require.NoError(t, err)
	require.Equal(t, 1, report.Good)
	require.Len(t, report.Problems, 2)
	require.Equal(t, batchcalls.ShortenedPhone, report.Problems[1].Rule)
}

func TestANumberThatIsThereTwiceIsCalledOnce(t *testing.T) {
	t.Parallel()
	rows, report := read(t, "sep=,\nphone,name\n55 1234 5678,Ana\n+525512345678,Eva\n5587654321,Leo\n(55) 1234-5678,Lia\n",
		batchcalls.Import{Region: "MX", Mapping: columns("name")})
	require.Len(t, rows, 2)
	require.Equal(t, "Ana", rows[0].Variables["name"], "the first counts")
	require.Equal(t, []batchcalls.Duplicate{{Line: 4, FirstLine: 3}, {Line: 6, FirstLine: 3}}, report.Duplicates)
	require.Equal(t, batchcalls.Report{Rows: 4, Good: 2, Repeated: 2, Duplicates: report.Duplicates}, report)
}

func TestARowGivesWhatTheAgentAndItsOwnTextsName(t *testing.T) {
	t.Parallel()
	in := batchcalls.Import{Region: "MX", Required: []string{"name"}, Mapping: append(columns("name", "city"),
		batchcalls.Column{Header: "first_message", Target: batchcalls.ToOverride})}
	_, report := read(t, "phone,name,city,first_message\n5512345671,Ana,,\n5512345672,Eva,,Hola de {{city}}\n5512345673,Leo,León,Hola de {{city}}\n", in)
	require.Equal(t, 2, report.Good)
	require.Equal(t, []batchcalls.Problem{{Line: 3, Field: fault.Field{Name: "city", Rule: fault.Required}}}, report.Problems)
}

func TestProblemsAreListedUpToABound(t *testing.T) {
	t.Parallel()
	file := "phone,name\n" + strings.Repeat("x,y\n", 1_000) + strings.Repeat("5512345678,y\n", 1_000)
	_, report := read(t, file, batchcalls.Import{Region: "MX", Mapping: columns("name")})
	require.Equal(t, 1_000, report.Bad)
	require.Equal(t, 999, report.Repeated)
	require.Len(t, report.Problems, batchcalls.Listed)
	require.Len(t, report.Duplicates, batchcalls.Listed)
}

func TestWhatIsNoCSVFileIsRefusedWithWhatToDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, field string
		rule        fault.Code
	}{
		"nothing":               {"", "file", fault.Required},
		"blank lines":           {"\n\n", "file", fault.Required},
		"UTF-16":                {"\xff\xfep\x00h\x00", "file", batchcalls.NotCSV},
		"an Excel file":         {"PK\x03\x04\x14\x00", "file", batchcalls.NotCSV},
		"an old Excel file":     {"\xd0\xcf\x11\xe0\x00\x00", "file", batchcalls.NotCSV},
		"old Mac lines":         {"phone,name\r5512345678,Ana\r", "file", batchcalls.NotCSV},
		"no header":             {"5512345678,Ana\n5512345679,Eva\n", "file", batchcalls.NoHeader},
		"a header without end":  {strings.Repeat("phone,", 501), "file", batchcalls.TooManyColumns},
		"a broken header":       {"phone,\"na\"me\n", "file", batchcalls.BadQuotes},
		"another file's header": {"telefono,name\n5512345678,Ana\n", "mapping[0].header", batchcalls.NoSuchColumn},
		"two columns for one":   {"phone,phone\n5512345678,5512345679\n", "mapping[0].header", batchcalls.NoSuchColumn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := batchcalls.ReadCSV(strings.NewReader(c.file), batchcalls.Import{Region: "MX", Mapping: columns(), Normalize: mexican}, nil)
			requireFields(t, err, c.field)
			e, _ := errors.AsType[*fault.Error](err)
			require.Equal(t, c.rule, e.Fields[0].Rule)
		})
	}
	rows, report := read(t, "phone,name", batchcalls.Import{Mapping: columns()})
	require.Empty(t, rows, "a header alone is an empty list")
	require.Zero(t, report.Rows)
}

// endless is a file without end, which counts what is read of it.
type endless struct {
	text string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for ; n < len(p); n++ {
		p[n] = e.text[(e.read+n)%len(e.text)]
	}
	e.read += n
	return n, nil
}

func TestAFileIsNeverHeldAsAWhole(t *testing.T) {
	t.Parallel()
	in := batchcalls.Import{Region: "MX", Mapping: columns(), Normalize: mexican}
	header := strings.NewReader("phone\n")

	file, full := &endless{text: "5512345678\n"}, errors.New("enough")
	_, err := batchcalls.ReadCSV(io.MultiReader(header, file), in, func(batchcalls.Row) error { return full })
	require.ErrorIs(t, err, full)
	require.Contains(t, err.Error(), "line 2")
	require.Less(t, file.read, 1<<18)

	header.Reset("phone\n")
	file = &endless{text: "\"5512345678\n"}
	file.text = "\"" + strings.Repeat("x", 99) // a quotation mark, and another a hundred letters on: broken lines at first
	_, err = batchcalls.ReadCSV(io.MultiReader(header, file), in, nil)
	requireFields(t, err, "file")
	require.Less(t, file.read, 1<<22)

	header.Reset("phone\n\"")
	file = &endless{text: "55 1234 5678\n"} // the quotation mark is never closed
	_, err = batchcalls.ReadCSV(io.MultiReader(header, file), in, nil)
	requireFields(t, err, "file")
	require.Less(t, file.read, 1<<22)
}

func TestAReaderThatFailsIsToldAsItIs(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	for _, begun := range []string{"", "phone\n", "phone\n5512345678\n55"} {
		file := io.MultiReader(strings.NewReader(begun), failing{broken})
		_, err := batchcalls.ReadCSV(file, batchcalls.Import{Region: "MX", Mapping: columns(), Normalize: mexican},
			func(batchcalls.Row) error { return nil })
		require.ErrorIs(t, err, broken, "after %q", begun)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
