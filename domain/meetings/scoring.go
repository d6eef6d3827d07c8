package meetings

import (
	"fmt"
	"math"
)

// finding is what a heuristic gives for one dimension.
type finding struct {
	points   float64
	text     string
	evidence []sentence
}

// scores rates the seller. The weights are ours; the marks they aim at are Gong's: 11–14 questions an hour, at most
// 65 % of the talk, no monologue over 150 seconds.
func (r reading) scores(p Playbook, objections []Objection) (map[Dimension]int, map[Dimension]Justification) {
	known := map[Dimension]func() finding{
		Discovery:        r.discovery,
		ValueProposition: r.valueProposition,
		ObjectionHandled: func() finding { return r.objectionsHandled(objections) },
		Closing:          r.closing,
		Communication:    r.communication,
	}
	scores, why := map[Dimension]int{}, map[Dimension]Justification{}
	for _, d := range p.Dimensions {
		find := known[d.Key]
		if find == nil {
			find = func() finding { return r.mentions(d) }
		}
		f := find()
		scores[d.Key] = int(math.Round(min(max(f.points, 0), MaxDimension)))
		j := Justification{Text: f.text}
		for _, s := range f.evidence[:min(maxQuotes, len(f.evidence))] {
			j.Quotes = append(j.Quotes, Quote{Text: s.text, StartMS: s.start})
		}
		why[d.Key] = j
	}
	return scores, why
}

// mentions gives 4 points for each sentence of the seller, up to five, that shares two words with what scores high. It
// stands in for the judgement that only a model has, in dimensions that a workspace has made its own.
func (r reading) mentions(d PlaybookDimension) finding {
	criteria := map[string]bool{}
	for _, w := range contentWords(r.language, foldedWords(d.Label+" "+d.High)) {
		criteria[w] = true
	}
	about := r.where(func(s sentence) bool {
		shared := 0
		for _, w := range contentWords(r.language, s.words) {
			if criteria[w] {
				shared++
			}
		}
		return r.isRep(s.person) && shared >= 2
	})
	return finding{
		points: 4 * float64(min(5, len(about))),
		text: r.say(len(about), len(criteria),
			"Frases del vendedor sobre el criterio: %d, por %d palabras clave; sin modelo no se juzga más.",
			"Sentences of the seller about the criterion: %d, by %d key words; without a model nothing more is judged.",
			"Frases do vendedor sobre o critério: %d, por %d palavras-chave; sem modelo não se julga mais."),
		evidence: about,
	}
}

const questionsAimedAt = 12.0 // an hour

// discovery gives 10 points for questions enough, 10 for what they are about.
func (r reading) discovery() finding {
	asked := r.where(func(s sentence) bool { return s.question && r.isRep(s.person) })
	about := r.where(func(s sentence) bool { return s.question && r.isRep(s.person) && s.has(r.cues.discovery) })
	perHour := per(float64(len(asked)), r.metrics.DurationSeconds/3600)
	return finding{
		points: 10*min(1, perHour/questionsAimedAt) + 2.5*float64(min(4, len(about))),
		text: r.say(len(asked), len(about),
			"Preguntas del vendedor: %d; sobre necesidad, presupuesto, decisión o plazo: %d.",
			"Questions by the seller: %d; about need, budget, decision or timing: %d.",
			"Perguntas do vendedor: %d; sobre necessidade, orçamento, decisão ou prazo: %d."),
		evidence: about,
	}
}

// valueProposition gives 12 points for benefits, 8 for tying them to the customer's own words.
func (r reading) valueProposition() finding {
	theirs := map[string]bool{}
	if r.seller != nobody {
		for i, s := range r.outline.sentences {
			if r.isGuest(s.person) {
				for _, w := range r.outline.content[i] {
					theirs[w] = true
				}
			}
		}
	}
	benefits := r.where(func(s sentence) bool { return r.isRep(s.person) && !s.question && s.has(r.cues.value) })
	tied := 0
	for _, s := range benefits {
		for _, w := range contentWords(r.language, s.words) {
			if theirs[w] && r.outline.frequency[w] > 2 {
				tied++
				break
			}
		}
	}
	return finding{
		points: 2*float64(min(6, len(benefits))) + 2*float64(min(4, tied)),
		text: r.say(len(benefits), tied,
			"Beneficios expuestos: %d; con palabras del cliente: %d.",
			"Benefits stated: %d; in the customer's words: %d.",
			"Benefícios expostos: %d; com palavras do cliente: %d."),
		evidence: benefits,
	}
}

// objectionsHandled gives 10 points where there was nothing to handle, else 5 for trying, up to 15 for success.
func (r reading) objectionsHandled(objections []Objection) finding {
	answered, handled := 0, 0
	for _, o := range objections {
		if o.Response != "" {
			answered++
		}
		if o.Handled {
			handled++
		}
	}
	f := finding{
		points: 10,
		text: r.say(len(objections), handled,
			"Objeciones del cliente: %d; resueltas: %d.",
			"Objections by the customer: %d; settled: %d.",
			"Objeções do cliente: %d; resolvidas: %d."),
		evidence: r.where(r.objects),
	}
	if n := float64(len(objections)); n > 0 {
		f.points = 5*float64(answered)/n + 15*float64(handled)/n
	}
	return f
}

// closing gives 8 points for a next step, 8 for a date, 4 for the customer's word.
func (r reading) closing() finding {
	steps, dated := r.steps()
	f := finding{
		evidence: dated,
		text: r.say(len(steps), len(dated),
			"Próximos pasos: %d; con fecha: %d.",
			"Next steps: %d; with a date: %d.",
			"Próximos passos: %d; com data: %d."),
	}
	if len(steps) > 0 {
		f.points += 8
	}
	if len(dated) > 0 {
		f.points += 8
	}
	if r.endsWell() {
		f.points += 4
	}
	return f
}

// endsWell reports whether a guest goes along in the last fifth of the conversation.
func (r reading) endsWell() bool {
	all := r.outline.sentences
	for _, s := range all[len(all)-len(all)/5:] {
		if r.isGuest(s.person) && s.has(r.cues.positive) {
			return true
		}
	}
	return false
}

// communication starts from 20 and takes points for talking too much or too little, for long monologues and for
// hardly any exchange. Without a known seller there is nothing to measure: 10.
func (r reading) communication() finding {
	m := r.metrics
	if m.TalkRatio == nil {
		return finding{points: 10, text: r.inLanguage("No se identificó al vendedor.",
			"The seller was not identified.", "O vendedor não foi identificado.")}
	}
	points := 20.0
	points -= 40 * max(0, *m.TalkRatio-0.65)
	points -= 40 * max(0, 0.25-*m.TalkRatio)
	points -= min(6, max(0, *m.LongestRepMonologue-150)/30)
	points -= 2 * max(0, 3-m.Interactivity)
	return finding{points: points, text: r.say(int(math.Round(100**m.TalkRatio)), int(math.Round(*m.LongestRepMonologue)),
		"El vendedor habló el %d %% del tiempo; su monólogo más largo duró %d s.",
		"The seller talked %d %% of the time; the longest monologue took %d s.",
		"O vendedor falou %d %% do tempo; o monólogo mais longo durou %d s.")}
}

// closeProbability rests on what the customer says and agrees to, a fifth of it on the seller's score.
func (r reading) closeProbability(score int, objections []Objection) int {
	along := r.where(func(s sentence) bool { return r.isGuest(s.person) && s.has(r.cues.positive) })
	p := 20 + 3*min(10, len(along)) + score/5
	if _, dated := r.steps(); len(dated) > 0 {
		p += 15
	}
	for _, o := range objections {
		if !o.Handled {
			p -= 6
		}
	}
	return min(max(p, 5), 95)
}

// say writes two numbers into the sentence of the transcript's language.
func (r reading) say(a, b int, spanish, english, portuguese string) string {
	return fmt.Sprintf(r.inLanguage(spanish, english, portuguese), a, b)
}

func (r reading) inLanguage(spanish, english, portuguese string) string {
	switch r.language {
	case "en":
		return english
	case "pt":
		return portuguese
	default:
		return spanish
	}
}
