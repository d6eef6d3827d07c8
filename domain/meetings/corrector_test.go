package meetings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func rules(pairs ...string) []meetings.Correction {
	var list []meetings.Correction
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, meetings.Correction{Wrong: pairs[i], Right: pairs[i+1], Active: true})
	}
	return list
}

func TestCorrectionsPutWholeWordsRight(t *testing.T) {
	t.Parallel()
	c := meetings.NewCorrector(rules(
		"clik balans", "ClickBalance", "clik", "clic", "papa", "patata", "año", "ejercicio", "recol", "Recall",
		"e mail", "correo", "factura electronica", "factura electrónica", "jose", "José",
	))
	for text, want := range map[string]string{
		"usamos clik balans, ¿no?":     "usamos ClickBalance, ¿no?",
		"usamos (clik-balans) o clik.": "usamos (clic-balans) o clic.",
		"Clik aquí, CLIK allá":         "Clic aquí, CLIC allá",
		"CLIK BALANS":                  "CLICKBALANCE",
		"la papa de mi papá":           "la patata de mi papá",
		"este año, no el año-luz":      "este ejercicio, no el ejercicio-luz",
		"Año nuevo, daño viejo, años":  "Ejercicio nuevo, daño viejo, años",
		"recol, Recol; recolector":     "Recall, Recall; recolector",
		"un e-mail o un e mail":        "un e-mail o un correo",
		"clik, balans":                 "clic, balans",
		"Jose y JOSE y José":           "José y JOSÉ y José",
		"la factura electronica sale":  "la factura electrónica sale",
		"nada que corregir":            "nada que corregir",
	} {
		out := c.Apply(transcriptOf(said("Ana", 0, 10, text)))
		require.Equal(t, want, out.FullText(), text)
	}
}

func TestCorrectedWordsKeepTheTimeOfThoseTheyReplace(t *testing.T) {
	t.Parallel()
	in := transcriptOf(said("Ana", 0, 4, "con clik balans hoy"))
	out := meetings.NewCorrector(rules("clik balans", "ClickBalance")).Apply(in).Utterances[0].Words
	require.Equal(t, []meetings.Word{
		{Text: "con", Start: 0, End: 1000}, {Text: "ClickBalance", Start: 1000, End: 3000}, {Text: "hoy", Start: 3000, End: 4000},
	}, out)
	require.Len(t, in.Utterances[0].Words, 4, "the transcript given is not touched")

	out = meetings.NewCorrector(rules("balans", "el balance")).Apply(in).Utterances[0].Words
	require.Equal(t, meetings.Word{Text: "el", Start: 2000, End: 2500}, out[2])
	require.Equal(t, meetings.Word{Text: "balance", Start: 2500, End: 3000}, out[3])
}

func TestInactiveCorrectionsDoNothingAndTheLaterOfTwoWins(t *testing.T) {
	t.Parallel()
	list := rules("clik", "uno", "clik", "dos", "balans", "tres")
	list[2].Active = false
	out := meetings.NewCorrector(list).Apply(transcriptOf(said("Ana", 0, 2, "clik balans")))
	require.Equal(t, "dos balans", out.FullText())
	in := transcriptOf(said("Ana", 0, 2, "clik"))
	require.Equal(t, in, meetings.NewCorrector(nil).Apply(in))
}

func TestACorrectionNeedsWordsOnBothSides(t *testing.T) {
	t.Parallel()
	var f fault.Fields
	meetings.Correction{Wrong: " - ", Right: " "}.Check(&f)
	requireField(t, f.Err(), "wrong", fault.Required)
	requireField(t, f.Err(), "right", fault.Required)
	var same fault.Fields
	meetings.Correction{Wrong: "clik", Right: "clik"}.Check(&same)
	requireField(t, same.Err(), "right", fault.SameAs)
	var long fault.Fields
	meetings.Correction{Wrong: strings.Repeat("a", 201), Right: "b"}.Check(&long)
	requireField(t, long.Err(), "wrong", fault.TooLong)
}

// threeHours is a transcript of about 30,000 words, and 1,000 corrections of which some are in it.
func threeHours() (meetings.Transcript, []meetings.Correction) {
	var tr meetings.Transcript
	for i := range 1500 {
		var b strings.Builder
		for j := range 20 {
			fmt.Fprintf(&b, "Palabra%d, ", (i*20+j)%4000)
		}
		start := float64(i) * 7.2
		tr.Utterances = append(tr.Utterances, said([]string{"Ana", "Pedro"}[i%2], start, start+7, b.String()))
	}
	var list []meetings.Correction
	for i := range 1000 {
		list = append(list, meetings.Correction{Wrong: fmt.Sprintf("palabra%d", i*3), Right: fmt.Sprintf("término %d", i), Active: true})
	}
	return tr, list
}

func TestCorrectionsOfTheSameWordsHaveOneKey(t *testing.T) {
	t.Parallel()
	for wrong, key := range map[string]string{
		"clik": "clik", " CLIK,": "clik", "¿Clik  Balans?": "clik balans", "e-mail": "e-mail", "e mail": "e mail", "papá": "papá", " - ": "", "": "",
	} {
		require.Equal(t, key, meetings.Correction{Wrong: wrong, Right: "x"}.Tidy().Key(), wrong)
	}
}

// What one pass costs is told by what it allocates: with a hundred times as many corrections that match nowhere it is the
// same, and with twice the words it is twice as much. One pass a correction would show.
func TestTheCostOfCorrectingGrowsWithTheWordsAndNotWithTheCorrections(t *testing.T) {
	tr, _ := threeHours()
	half := meetings.Transcript{Utterances: tr.Utterances[:len(tr.Utterances)/2]}
	cost := func(corrections int, tr meetings.Transcript) float64 {
		list := rules("palabra1", "término")
		for i := range corrections {
			list = append(list, rules(fmt.Sprintf("palabra que no está %d", i), "otra")...)
		}
		c := meetings.NewCorrector(list)
		return testing.AllocsPerRun(1, func() { c.Apply(tr) })
	}
	few := cost(50, tr)
	require.InDelta(t, few, cost(5000, tr), few/100)
	require.InEpsilon(t, 2, few/cost(50, half), 0.1)
}

func TestAThousandCorrectionsAreAppliedToThreeHours(t *testing.T) {
	t.Parallel()
	tr, list := threeHours()
	out := meetings.NewCorrector(list).Apply(tr)
	require.Contains(t, out.FullText(), "Término 999")
	require.NotContains(t, out.FullText(), "Palabra999,")
}

func BenchmarkCorrections(b *testing.B) {
	tr, list := threeHours()
	for b.Loop() {
		meetings.NewCorrector(list).Apply(tr)
	}
}
