package meetings

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Most entries of each list that the extractive analyser gives.
const (
	maxActionItems   = 8
	maxObjections    = 6
	maxOpportunities = 5
	maxDecisions     = 6
	maxTopics        = 8
	maxQuotes        = 3
)

// Extractive analyses a meeting without a model: it quotes the sentences that say most, and recognises commitments,
// objections, chances and decisions by cue phrases in Spanish, English and Portuguese. Scores are heuristics over cues
// and measures. It is deterministic, invents nothing, and is labelled EngineExtractive. An empty subtype is detected.
// A sale is scored in the playbook's dimensions.
func Extractive(t Transcript, m Meeting, rep RepIdentity, subtype Subtype, p Playbook) Analysis {
	r := newReading(t, rep)
	a := Analysis{Engine: EngineExtractive, Language: r.language, Summary: r.summary(), ActionItems: r.actionItems()}
	a.Participation, a.Metrics = r.participation, r.metrics
	if !m.Type.IsSales() {
		a.Decisions = r.quoted(r.where(func(s sentence) bool { return s.has(r.cues.decision) }), maxDecisions)
		a.Topics = r.outline.topics(maxTopics)
		return a.withoutNils()
	}
	a.Subtype = subtype
	if !subtype.IsValid() {
		a.Subtype = r.subtype()
	}
	a.KeyObjections = r.objections()
	a.Opportunities = r.quoted(r.where(func(s sentence) bool {
		return r.isGuest(s.person) && !s.question && len(s.words) >= minSummaryWords && s.has(r.cues.interest)
	}), maxOpportunities)
	a.NextSteps = r.nextSteps()
	a.ScoreBreakdown = &ScoreBreakdown{MeetingType: m.Type}
	a.ScoreBreakdown.Scores, a.ScoreBreakdown.Justifications = r.scores(p, a.KeyObjections)
	total := 0
	for _, score := range a.ScoreBreakdown.Scores {
		total += score
	}
	a.SalesRepScore = &total
	a.CloseProbability = new(r.closeProbability(total, a.KeyObjections))
	return a.withoutNils()
}

// reading is a transcript taken apart.
type reading struct {
	cast          cast
	seller        int
	ours          []bool // by person: the seller and colleagues, nobody when the seller is unknown
	language      string
	cues          cues
	outline       outline
	participation Participation
	metrics       Metrics
}

func newReading(t Transcript, rep RepIdentity) reading {
	c := castOf(t)
	r := reading{cast: c, seller: c.find(rep), language: t.Language()}
	r.ours = c.side(r.seller)
	r.cues = cuesFor(r.language)
	r.outline = outlineOf(r.language, sentencesOf(t, c))
	r.participation, r.metrics = Measure(t, rep)
	return r
}

// isRep and isGuest take everybody for both when nobody knows who the seller is. A colleague answers for the seller.
func (r reading) isRep(person int) bool   { return r.seller == nobody || r.ours[person] }
func (r reading) isGuest(person int) bool { return r.seller == nobody || !r.ours[person] }

// where returns the sentences that fit, in order.
func (r reading) where(fits func(sentence) bool) []sentence {
	var found []sentence
	for _, s := range r.outline.sentences {
		if fits(s) {
			found = append(found, s)
		}
	}
	return found
}

// quoted returns "Name: sentence" for the n longest sentences, in the order they were said.
func (r reading) quoted(sentences []sentence, n int) []string {
	longest := slices.Clone(sentences)
	slices.SortStableFunc(longest, func(a, b sentence) int { return cmp.Compare(len(b.words), len(a.words)) })
	longest = longest[:min(n, len(longest))]
	slices.SortStableFunc(longest, func(a, b sentence) int { return cmp.Compare(a.start, b.start) })
	var texts []string
	for _, s := range longest {
		texts = append(texts, r.attributed(s))
	}
	return texts
}

func (r reading) attributed(s sentence) string { return r.cast.name(s.person) + ": " + s.text }

func (r reading) summary() string {
	names := make([]string, 0, len(r.participation.Participants))
	for _, p := range r.participation.Participants {
		names = append(names, p.Name)
	}
	lines := []string{headline(r.language, names, DurationMinutes(time.Duration(r.metrics.DurationSeconds)*time.Second))}
	for _, i := range r.outline.salient(summarySentences, r.weightOf) {
		lines = append(lines, r.attributed(r.outline.sentences[i]))
	}
	return strings.Join(lines, "\n")
}

// weightOf prefers sentences that a reader of a summary looks for.
func (r reading) weightOf(s sentence) float64 {
	weight := 0.0
	for _, cue := range [][]string{r.cues.agreed, r.cues.decision, r.cues.objection, r.cues.interest} {
		if s.has(cue) {
			weight += 0.3
		}
	}
	if strings.ContainsAny(s.text, "0123456789$%") {
		weight += 0.2
	}
	return weight
}

// actionItems are sentences in which somebody takes on something or is asked to, and agreed steps with a date.
func (r reading) actionItems() []ActionItem {
	var items []ActionItem
	for _, s := range r.outline.sentences {
		item := ActionItem{Text: s.text}
		switch {
		case s.question || len(s.words) < 4:
			continue
		case s.has(r.cues.commit):
			item.Owner = r.cast.name(s.person)
		case s.has(r.cues.ask):
		case len(s.words) < minSummaryWords || !s.has(r.cues.agreed) || dueIn(s.text) == "":
			continue
		}
		item.Due = dueIn(s.text)
		items = append(items, item)
	}
	return items[max(0, len(items)-maxActionItems):] // what is said last stands
}

// steps are the sentences that agree on what comes next; a question only counts with a date.
func (r reading) steps() (all, dated []sentence) {
	all = r.where(func(s sentence) bool {
		return len(s.words) >= 4 && s.has(r.cues.agreed) && (!s.question || dueIn(s.text) != "")
	})
	dated = slices.DeleteFunc(slices.Clone(all), func(s sentence) bool { return dueIn(s.text) == "" })
	return all, dated
}

// nextSteps quotes the last things that were agreed, those with a date first of all.
func (r reading) nextSteps() string {
	steps, dated := r.steps()
	if len(dated) > 0 {
		steps = dated
	}
	var texts []string
	for _, s := range steps[max(0, len(steps)-maxQuotes):] {
		texts = append(texts, r.attributed(s))
	}
	return strings.Join(texts, "\n")
}

// objects reports whether a guest holds something against it.
func (r reading) objects(s sentence) bool {
	return r.isGuest(s.person) && len(s.words) >= 3 && s.has(r.cues.objection) && !s.has(r.cues.relief)
}

// objections pairs what a guest holds against it with the rep's answer, and takes it for handled when the guests'
// next words go along.
func (r reading) objections() []Objection {
	var found []Objection
	all := r.outline.sentences
	for i := 0; i < len(all) && len(found) < maxObjections; i++ {
		s := all[i]
		if !r.objects(s) {
			continue
		}
		answer, until := r.answerTo(i)
		found = append(found, Objection{
			Objection: r.attributed(s), Response: answer, Handled: answer != "" && r.goesAlong(s.person, until),
		})
		i = max(i, until-1) // an objection that is repeated before it is answered is one
	}
	return found
}

// answerTo returns the rep's first real sentences after all[i], and the index after them.
func (r reading) answerTo(i int) (string, int) {
	const within, sentences = 8, 2
	var texts []string
	all, at := r.outline.sentences, i+1
	for ; at < len(all) && at <= i+within && len(texts) < sentences; at++ {
		s := all[at]
		isAnswer := s.person != all[i].person && r.isRep(s.person)
		if isAnswer && len(s.words) > maxBackchannel {
			texts = append(texts, s.text)
		} else if len(texts) > 0 && !isAnswer {
			break
		}
	}
	if len(texts) == 0 {
		return "", i + 1
	}
	return strings.Join(texts, " "), at
}

// goesAlong reports whether a guest agrees soon after the answer, before holding something else against it.
func (r reading) goesAlong(objector, from int) bool {
	const within = 10
	all := r.outline.sentences
	for _, s := range all[min(from, len(all)):min(from+within, len(all))] {
		if r.seller == nobody && s.person != objector || !r.isGuest(s.person) {
			continue
		}
		if r.objects(s) {
			return false
		}
		if s.has(r.cues.positive) || s.has(r.cues.relief) {
			return true
		}
	}
	return false
}

// subtype counts what the funnel's stages sound like; a tie goes to the earlier stage.
func (r reading) subtype() Subtype {
	best, most := Qualification, 0
	for _, stage := range []struct {
		subtype Subtype
		cues    []string
	}{{Qualification, r.cues.discovery}, {Demonstration, r.cues.showing}, {Negotiation, r.cues.bargain}} {
		n := 0
		for _, s := range r.outline.sentences {
			n += s.count(stage.cues)
		}
		if n > most {
			best, most = stage.subtype, n
		}
	}
	return best
}
