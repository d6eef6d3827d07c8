package meetings

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestFoldingTakesCaseAndAccents(t *testing.T) {
	t.Parallel()
	require.Equal(t, plainLetters, fold(accentedLetters))
	require.Equal(t, len(plainLetters), utf8.RuneCountInString(accentedLetters))
	require.Equal(t, "nino accion uber", fold("NIÑO Acción ÜBER"))
	require.Equal(t, "nino", fold("nin\u0303o"), "accents that stand on their own go too")
	require.Equal(t, []string{"si", "3", "ok", "日本"}, foldedWords("¡Sí!, (3) ok… 日本"))
}

func TestADueDateIsKeptAsItWasSaid(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Se lo mando el jueves.":                           "el jueves",
		"Nos vemos el martes a las once.":                  "el martes a las once",
		"Lo tengo antes del viernes.":                      "antes del viernes",
		"Les paso todo a más tardar el miércoles.":         "a más tardar el miércoles",
		"Firmamos antes del 29 de mayo.":                   "antes del 29 de mayo",
		"Con lo que vimos hoy, se lo envío mañana.":        "mañana",
		"Te marco la próxima semana.":                      "la próxima semana",
		"Queda para fin de mes.":                           "fin de mes",
		"Cayó en un hoyo de los lunesitos.":                "",
		"I'll send it by Friday.":                          "by Friday",
		"You'll have it by the end of the week.":           "by the end of the week",
		"Vou enviar na sexta-feira.":                       "na sexta-feira",
		"Te mando amanhã.":                                 "amanhã",
		"Mandamos la propuesta cuando el director regrese": "",
	} {
		require.Equal(t, want, dueIn(text), text)
	}
}

func TestSentencesGoOnOverBackChannelsAndEndAtASilence(t *testing.T) {
	t.Parallel()
	spell := func(name, letters string, second Millis) Utterance {
		u := Utterance{Speaker: Speaker{Name: name}}
		for i, r := range []rune(letters) {
			at := second*1000 + 200*Millis(i)
			u.Words = append(u.Words, Word{Text: string(r), Start: at, End: at + 200})
		}
		return u
	}
	tr := Transcript{Utterances: []Utterance{
		spell("Ana", "abcdef", 0), spell("Pedro", "x", 2), spell("Ana", "g.", 2), spell("Ana", "hij", 4),
		spell("Pedro", "yz", 9), spell("Lucía", "klmnop?", 10), spell("Ana", "q", 12),
	}}
	var texts []string
	for _, s := range sentencesOf(tr, castOf(tr)) {
		texts = append(texts, s.text)
	}
	require.Equal(t, []string{"a b c d e f g .", "x", "h i j", "y z", "k l m n o p ?", "q"}, texts)
}
