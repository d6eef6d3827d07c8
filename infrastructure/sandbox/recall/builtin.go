package recall

import "strings"

// builtInConversation is what is said when a script brings no transcript: a short sales call of two people.
func builtInConversation() conversation {
	return speak("es", []line{
		{0, 0.4, "Hola, buenos días, gracias por tomarse el tiempo."},
		{1, 0.6, "Buenos días, con gusto. Cuénteme qué nos propone."},
		{0, 0.5, "Nuestra plataforma analiza cada llamada de ventas y deja las notas en su CRM. ¿Cuántas llamadas hacen por semana?"},
		{1, 0.9, "Unas ochenta. Hoy las notas se escriben a mano y casi nadie las termina."},
		{0, 0.7, "Eso es justo lo que hacemos: a los pocos minutos la nota ya está en el contacto correcto."},
		{1, 0.8, "Suena bien, pero el precio me preocupa, el año pasado pagamos demasiado por algo parecido."},
		{0, 0.7, "Lo entiendo. El plan del equipo cuesta menos que una hora de su gente al mes, y no hay permanencia."},
		{1, -0.3, "Ajá."},
		{0, 0.4, "¿Le parece si hacemos una prueba de dos semanas con cinco vendedores?"},
		{1, 0.8, "Sí, hagamos la prueba. Mándeme la propuesta el jueves y el lunes empezamos."},
		{0, 0.6, "Perfecto, el jueves la tiene en su correo. Muchas gracias."},
		{1, 0.5, "Gracias a usted, hasta luego."},
	}, "Mariana Ríos", "Carlos Peña")
}

// line is something that one of the speakers says, after a pause in seconds; a negative pause is an overlap.
type line struct {
	speaker int
	pause   float64
	text    string
}

// speak gives every word its time: 0.28 s a word and 0.02 s a letter, the first speaker being the host.
func speak(language string, lines []line, names ...string) conversation {
	said := conversation{}
	clock := 0.0
	for _, l := range lines {
		id, host, platform := 100+l.speaker, l.speaker == 0, "desktop"
		u := utterance{
			Participant:  Participant{ID: &id, Name: &names[l.speaker], IsHost: &host, Platform: &platform},
			LanguageCode: &language,
		}
		clock += l.pause
		for text := range strings.FieldsSeq(l.text) {
			start, end := clock, clock+0.28+0.02*float64(len(text))
			u.Words = append(u.Words, word{Text: text, Start: instant{Relative: &start}, End: instant{Relative: &end}})
			clock = end
		}
		said = append(said, u)
	}
	return said
}
