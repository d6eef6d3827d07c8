package meetings

import (
	"regexp"
	"strings"
)

// dueIn finds when something is to be done, as it was said: "el jueves", "antes del 30 de mayo", "by Friday",
// "na sexta-feira"; "" when the sentence does not say. The last one said counts: "lo vimos hoy y lo envío mañana".
func dueIn(text string) string {
	all := duePattern.FindAllString(text, -1)
	if len(all) == 0 {
		return ""
	}
	return strings.TrimSpace(all[len(all)-1])
}

// duePattern ends at an ASCII boundary wherever it can: RE2 knows no other.
var duePattern = regexp.MustCompile(`(?i)\b(?:` + strings.Join([]string{
	// Spanish
	`(?:(?:antes del?|a más tardar|para|el próximo|este|el|los?) )*(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)` +
		`(?: \d{1,2}(?: de [a-z]+)?)?(?: a las [\p{L}\d:]+| (?:en|por) la (?:mañana|tarde|noche))?`,
	`(?:(?:antes del|a más tardar el|para el|el) )?\d{1,2} de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|` +
		`septiembre|octubre|noviembre|diciembre)`,
	`pasado mañana|mañana mismo|hoy mismo|esta (?:misma )?(?:tarde|semana|noche)|mañana|hoy`,
	`(?:la )?(?:próxima semana|semana que viene)|(?:a )?(?:fin|final|finales) del? (?:mes|año)`,
	`en (?:un|dos|tres|una|\d+) (?:días?|semanas?|meses|mes)`,
	// English
	`(?:(?:by|on|next|this|until) )*(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)`,
	`tomorrow|today|(?:(?:by|at) )?(?:the )?end of (?:the )?(?:week|month|day|year)|next (?:week|month)|this (?:week|afternoon)`,
	`in (?:a|one|two|three|\d+) (?:days?|weeks?|months?)`,
	// Portuguese
	`(?:(?:até|na|no|próxima) )*(?:segunda|terça|quarta|quinta|sexta)-feira`,
	`(?:(?:até|no|em|dia) )*\d{1,2} de (?:janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro)`,
	`hoje|(?:na )?semana que vem|até o fim (?:do mês|da semana)`,
}, "|") + `)\b|\bamanhã`)
