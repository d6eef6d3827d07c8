package openai

import (
	"fmt"
	"strings"
)

// phrases are the sentences around what was said, in one language.
type phrases struct {
	code                                       string // of the language
	summary, said, basis, noTalk, nothing, yes string
	// stop are words that are no topic.
	stop string
}

func spanish() phrases {
	return phrases{
		code: "es", summary: "Conversación de unos %d minutos entre %s.", said: "%s dijo: «%s».", basis: "%s (%s) lo muestra: «%s».",
		noTalk: "No hay conversación en el texto recibido.", nothing: "Sin elementos en la conversación.", yes: "Entendido: %s",
		stop: " entonces también tenemos tengo estamos vamos puede pueden porque cuando donde para como pero esto esta este eso " +
			"nosotros ustedes usted ahora bueno claro gracias hacer tiene tienen mucho todos todas sobre desde hasta después antes algo ",
	}
}

func english() phrases {
	return phrases{
		code: "en", summary: "A conversation of about %d minutes between %s.", said: "%s said: “%s”.", basis: "%s (%s) shows it: “%s”.",
		noTalk: "There is no conversation in the text received.", nothing: "Nothing in the conversation.", yes: "Understood: %s",
		stop: " because there their would could should about which think really going have just like with this that what when " +
			"where yeah okay well thing things something actually them they then from were been being maybe ",
	}
}

func portuguese() phrases {
	return phrases{
		code: "pt", summary: "Conversa de cerca de %d minutos entre %s.", said: "%s disse: «%s».", basis: "%s (%s) mostra isso: «%s».",
		noTalk: "Não há conversa no texto recebido.", nothing: "Nada na conversa.", yes: "Entendido: %s",
		stop: " então também temos tenho estamos vamos pode podem porque quando onde para como isso esta este você vocês agora " +
			"obrigado fazer muito sobre desde até depois antes ",
	}
}

// Cues are how three languages say a thing: pieces of words in lower case, with | between them.
const (
	cuesCommit = "voy a |vamos a |te mando|te envío|les envío|le envío|enviar|mandar|agend|quedamos|próxim|mañana|" +
		"la semana|el lunes|el martes|el miércoles|el jueves|el viernes|i'll|i will|we'll|we will|let's|next week|send |schedule|" +
		"follow up|by friday|tomorrow|vou |enviarei|amanhã|próxima"
	cuesDecision  = "decidimos|decidido|quedamos|queda |de acuerdo|acordamos|trato hecho|decided|agree|go with|sounds good|fechado|combinado"
	cuesObjection = "caro|precio|presupuesto|preocup|duda|problema|no estoy segur|descuento|competencia|pero |expensive|budget|" +
		"concern|worr|but |however|too much|preço|orçamento|mas "
	cuesOpportunity = "necesit|queremos|quisiéramos|interes|crecer|ampliar|mejorar|nos gustaría|need|want|would like|improve|grow|" +
		"precis|gostar"
	cuesDemo     = "demo|pantalla|muestro|mostrar|ven aquí|pueden ver|screen|show you|as you can see|tela"
	cuesDeal     = "descuento|contrato|firma|precio|negoci|propuesta|cotiza|discount|contract|sign|pricing|proposal|desconto"
	cuesQuestion = "?|¿|cómo|qué |cuánt|cuál|how |what |which |when |who "
	cuesDue      = "pasado mañana|mañana|esta semana|la próxima semana|el lunes|el martes|el miércoles|el jueves|el viernes|" +
		"tomorrow|this week|next week|monday|tuesday|wednesday|thursday|friday|amanhã|segunda-feira|sexta-feira"
)

// phrasesOf tells the language of a text in lower case by its commonest small words; Spanish when in doubt.
func phrasesOf(text string) phrases {
	count := func(words ...string) (n int) {
		for _, w := range words {
			n += strings.Count(text, " "+w+" ")
		}
		return n
	}
	es, en, pt := count("el", "los", "y", "en", "una", "con"), count("the", "and", "of", "to", "is", "it"), count("o", "os", "e", "em", "uma", "com", "não")
	switch {
	case en > es && en > pt:
		return english()
	case pt > es:
		return portuguese()
	}
	return spanish()
}

// summary tells the conversation in a few sentences that quote it.
func (t *talk) summary() string {
	if len(t.lines) == 0 {
		return t.words.noTalk
	}
	parts := []string{fmt.Sprintf(t.words.summary, t.minutes(), strings.Join(t.speakers(), ", "))}
	for _, l := range t.about("", 3, "summary") {
		parts = append(parts, fmt.Sprintf(t.words.said, l.speaker, shorten(l.text, 160)))
	}
	return strings.Join(parts, " ")
}

// reply answers a question in prose: with what was said about it, or by repeating it when nothing was.
func (t *talk) reply(question string) string {
	if len(t.lines) == 0 {
		return fmt.Sprintf(t.words.yes, shorten(strings.TrimSpace(question), 400))
	}
	cues := strings.Join(keywords(question), "|")
	parts := []string{t.summary()}
	for _, l := range t.about(cues, 2, cues) {
		parts = append(parts, fmt.Sprintf(t.words.basis, l.speaker, clockText(l.startMs), shorten(l.text, 160)))
	}
	return strings.Join(parts, "\n\n")
}

// keywords are the longer words of a question, in lower case; a conversation that was sent along is not part of it.
func keywords(question string) []string {
	const most = 40
	var found []string
	for row := range strings.Lines(question) {
		if _, said := parseLine(strings.TrimSpace(row)); said {
			continue
		}
		for _, word := range strings.Fields(strings.ToLower(row)) {
			if word = bare(word); len(word) > 4 && len(found) < most {
				found = append(found, word)
			}
		}
	}
	return found
}

// bare is a word without the punctuation around it.
func bare(word string) string { return strings.Trim(word, ".,;:¿?¡!\"'«»()…-") }

// topics are the words that are said most, at most n; names are none.
func (t *talk) topics(n int) []string {
	counts, first := map[string]int{}, map[string]int{}
	names := strings.ToLower(strings.Join(t.speakers(), " "))
	var words []string
	for _, l := range t.lines {
		for _, word := range strings.Fields(l.low) {
			word = bare(word)
			if len(word) < 5 || strings.Contains(t.words.stop, " "+word+" ") || strings.Contains(names, word) {
				continue
			}
			if counts[word]++; counts[word] == 1 {
				first[word] = len(words)
				words = append(words, word)
			}
		}
	}
	sortBy(words, func(w string) int { return -counts[w]*1_000_000 + first[w] })
	return words[:min(n, len(words))]
}

func clockText(ms int) string { return fmt.Sprintf("%02d:%02d", ms/60_000, ms/1000%60) }

// shorten cuts a text after a word, to at most n bytes.
func shorten(text string, n int) string {
	if len(text) <= n {
		return text
	}
	text = cut(text, n)
	if i := strings.LastIndexByte(text, ' '); i > 0 {
		text = text[:i]
	}
	return text + "…"
}
