package agents_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/agents"
)

// said is a recording with three utterances, the last of them past an hour.
func said() []agents.Moment {
	return []agents.Moment{{StartMS: 5_200, EndMS: 9_000}, {StartMS: 65_000, EndMS: 80_900}, {StartMS: 3_661_000, EndMS: 3_670_000}}
}

func TestOnlyWhatWasSaidIsCited(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Enviar la cotización [00:05].":           "Enviar la cotización [00:05].",
		"Enviar [0:05] y llamar [1:05]":           "Enviar [00:05] y llamar [01:05]",
		"dentro de una frase [01:12]":             "dentro de una frase [01:05]",
		"inventada [09:09].":                      "inventada.",
		"inventada[09:09]":                        "inventada",
		"hora [1:01:01] y minutos [61:01]":        "hora [61:01] y minutos [61:01]",
		"varias [00:05, 01:05; 09:09]":            "varias [00:05] [01:05]",
		"tramo [00:05–00:08] y otro [01:05-1:09]": "tramo [00:05] y otro [01:05]",
		"con décimas [00:05.2]":                   "con décimas [00:05]",
		"nota [1], lista [2, 3] y [texto]":        "nota [1], lista [2, 3] y [texto]",
		"dos  espacios [ ] [[00:05]]":             "dos  espacios [ ] [[00:05]]",
		"sin cerrar [00:0":                        "sin cerrar [00:0",
		"":                                        "",
		"[00:05][00:05]":                          "[00:05][00:05]",
	} {
		for size := 1; size <= len(text)+1; size++ {
			c, got := agents.NewCiter(said()), ""
			for from := 0; from < len(text); from += size {
				got += c.Feed(text[from:min(from+size, len(text))])
			}
			require.Equal(t, want, got+c.Rest(), "%q in pieces of %d bytes", text, size)
		}
	}
}

func TestCitationsAreToldOnceInTheOrderOfTheAnswer(t *testing.T) {
	t.Parallel()
	c := agents.NewCiter(said())
	c.Feed("[01:05] primero, [00:05] después, y otra vez [01:10], nunca [59:59]")
	require.Equal(t, []agents.Citation{{StartMS: 65_000}, {StartMS: 5_200}}, c.Citations())
}

func TestWhatCannotBecomeACitationIsNotHeldBack(t *testing.T) {
	t.Parallel()
	c := agents.NewCiter(said())
	require.Equal(t, "hola", c.Feed("hola"))
	require.Empty(t, c.Feed(" [00:0"))
	require.Equal(t, " [00:0x", c.Feed("x"))
	require.Equal(t, " [00:05] fin", c.Feed(" [00:05] fin"))
}
