package batchcalls_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

func TestTheColumnOfThePhonesIsFoundByItsNameAndItsLooks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header string
		sample []string // rows
		phone  string   // "" for none
	}{
		"ElevenLabs' own":              {"name,phone_number", nil, "phone_number"},
		"in Spanish":                   {"Nombre,Teléfono", nil, "Teléfono"},
		"a mobile":                     {"Nombre,Móvil", []string{"Ana,55 1234 5678"}, "Móvil"},
		"in Portuguese":                {"Nome,Telefone celular", []string{"Ana,(11) 98765-4321"}, "Telefone celular"},
		"part of a longer name":        {"Nombre,No. de teléfono", []string{"Ana,5512345678"}, "No. de teléfono"},
		"the surer of two":             {"Celular,Phone number", []string{"5512345678,5587654321"}, "Phone number"},
		"the filled one of two":        {"Teléfono,Celular", []string{"n/a,5512345678", "-,5587654321"}, "Celular"},
		"a number that is a house's":   {"Número,Contacto", []string{"12,+52 55 1234 5678", "7,+52 55 8765 4321"}, "Contacto"},
		"by its looks":                 {"a,b,c", []string{"1,+525512345678,x", "2,+525587654321,y"}, "b"},
		"what a spreadsheet shortened": {"tel,b", []string{"5.25512E+11,x", "5.25587E+11,y"}, "tel"},
		"none":                         {"name,city", []string{"Ana,León"}, ""},
		"none, and nothing to look at": {"name,city", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sample [][]string
			for _, row := range c.sample {
				sample = append(sample, strings.Split(row, ","))
			}
			found := ""
			for _, column := range batchcalls.GuessMapping(strings.Split(c.header, ","), sample) {
				if column.Target == batchcalls.ToPhone {
					require.Empty(t, found, "one phone")
					found = column.Header
				}
			}
			require.Equal(t, c.phone, found)
		})
	}
}

func TestAGuessCanBeFollowed(t *testing.T) {
	t.Parallel()
	m := batchcalls.GuessMapping([]string{"Phone", "Name", "", "Name", "Language", "First message", "system__time", "{{x}}"}, nil)
	require.NoError(t, m.Validate())
	require.Equal(t, batchcalls.Mapping{
		{Header: "Phone", Target: batchcalls.ToPhone},
		{Header: "Name", Target: batchcalls.ToVariable, Name: "Name"},
		{Header: "Language", Target: batchcalls.ToOverride, Name: "language"},
		{Header: "First message", Target: batchcalls.ToOverride, Name: "first_message"},
		{Header: "system__time", Target: batchcalls.ToNothing},
		{Header: "{{x}}", Target: batchcalls.ToNothing},
	}, m)
}

func TestAMappingThatCannotBeFollowedIsRefusedByTheNameOfItsField(t *testing.T) {
	t.Parallel()
	variable := func(header, name string) batchcalls.Column {
		return batchcalls.Column{Header: header, Target: batchcalls.ToVariable, Name: name}
	}
	requireFields(t, batchcalls.Mapping{}.Validate(), "mapping")
	requireFields(t, append(columns(), batchcalls.Column{Header: "phone2", Target: batchcalls.ToPhone}).Validate(), "mapping")
	requireFields(t, append(columns("a", "a"), variable("b", "a"), variable("", "c"), variable("d", strings.Repeat("d", 101)),
		variable("e", "{{e}}"), variable("f", " system__caller_id "),
		batchcalls.Column{Header: "g", Target: batchcalls.ToVariable, Type: "date"},
		batchcalls.Column{Header: "h", Target: batchcalls.ToOverride, Name: "voice"},
		batchcalls.Column{Header: "i", Target: "telephone"}).Validate(),
		"mapping[2].header", "mapping[2].name", "mapping[3].name", "mapping[4].header", "mapping[5].name", "mapping[6].name",
		"mapping[7].name", "mapping[8].type", "mapping[9].name", "mapping[10].target")
}

func TestAPreviewShowsWhatAFileWouldBecome(t *testing.T) {
	t.Parallel()
	file := "Nombre;Teléfono\n" + strings.Repeat("Ana;55 1234 5678\nEva;call me\n;\n", 2) + "Leo;5587654321\n"
	p, err := batchcalls.PreviewCSV(strings.NewReader(file), batchcalls.Import{Region: "MX", Normalize: mexican})
	require.NoError(t, err)
	require.Equal(t, []string{"Nombre", "Teléfono"}, p.Header)
	require.Equal(t, [][]string{
		{"Ana", "55 1234 5678"}, {"Eva", "call me"}, {"Ana", "55 1234 5678"}, {"Eva", "call me"}, {"Leo", "5587654321"},
	}, p.Sample)
	require.Equal(t, batchcalls.ToPhone, p.Mapping[1].Target)
	require.Equal(t, []batchcalls.Row{
		{Line: 2, Phone: "+525512345678", Variables: map[string]any{"Nombre": "Ana"}},
		{Line: 8, Phone: "+525587654321", Variables: map[string]any{"Nombre": "Leo"}},
	}, p.Rows)
	require.Equal(t, 2, p.Report.Bad)
	require.Equal(t, []batchcalls.Duplicate{{Line: 5, FirstLine: 2}}, p.Report.Duplicates)
	require.Equal(t, batchcalls.Problem{
		Line:  3,
		Field: fault.Field{Name: "Teléfono", Rule: batchcalls.BadPhone, Params: map[string]string{"region": "MX"}},
	}, p.Report.Problems[0])
}

func TestAPreviewCountsTheWholeFileAndShowsItsBeginning(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString("tel,name\n")
	for i := range 1_000 {
		file.WriteString(strings.Replace("551234xxxx,Ana\n", "xxxx", string([]byte{'1', byte('0' + i/100), byte('0' + i/10%10), byte('0' + i%10)}), 1))
	}
	p, err := batchcalls.PreviewCSV(strings.NewReader(file.String()), batchcalls.Import{Region: "MX", Normalize: mexican})
	require.NoError(t, err)
	require.Len(t, p.Sample, 20)
	require.Len(t, p.Rows, 20)
	require.Equal(t, 1_000, p.Report.Good)
}

func TestAPreviewWithoutAPhoneSaysSoAndShowsTheFile(t *testing.T) {
	t.Parallel()
	in := batchcalls.Import{Region: "MX", Normalize: mexican}
	p, err := batchcalls.PreviewCSV(strings.NewReader("name,city\nAna,León\n"), in)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"Ana", "León"}}, p.Sample)
	require.Equal(t, []batchcalls.Problem{{Line: 1, Field: fault.Field{Name: "mapping", Rule: batchcalls.OnePhoneColumn}}}, p.Report.Problems)

	_, err = batchcalls.PreviewCSV(strings.NewReader("Ana,5512345678\nEva,5512345679\n"), in)
	requireFields(t, err, "file")
	in.Mapping = columns("city")
	_, err = batchcalls.PreviewCSV(strings.NewReader("name,city\nAna,León\n"), in)
	requireFields(t, err, "mapping[0].header")
}

func TestTheVariablesOfAnAgentAreFoundInItsTexts(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"amount", "customer name", "día"}, batchcalls.RequiredVariables([]string{
		"Hola {{ customer name }}, le llamo de {{company}} por {{amount}}; son las {{system__time}}. {{amount}}",
		`{"url":"https://api.example.com/{{día}}","headers":{"X-Key":"{{secret__key}}"}}`, "{{}} {{ }} { {x} } {{a{b}} {{{nested", "",
	}, map[string]any{"company": "Acme"}))
	require.Empty(t, batchcalls.RequiredVariables(nil, nil))

	require.Equal(t, []string{"amount", "name"}, batchcalls.MissingVariables([]string{"age", "amount", "name", "vip"},
		map[string]any{"age": int64(0), "amount": "", "vip": false}))
	require.Empty(t, batchcalls.MissingVariables(nil, nil))
}
