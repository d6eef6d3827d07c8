package meetings

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Violations are the rules that a model's answer breaks, in words that a repair request can repeat to the model. They
// name fields and never quote the answer.
type Violations []string

// Error joins the violations.
func (v Violations) Error() string { return strings.Join(v, "; ") }

func (v *Violations) require(ok bool, format string, args ...any) {
	if !ok {
		*v = append(*v, fmt.Sprintf(format, args...))
	}
}

// answer is a model's answer by SchemaFor. Pointers tell what is missing.
type answer struct {
	Summary     string `json:"summary"`
	ActionItems []struct {
		Text  string  `json:"text"`
		Owner *string `json:"owner"`
		Due   *string `json:"due"`
	} `json:"action_items"`
	KeyObjections  []Objection `json:"key_objections"`
	Opportunities  []string    `json:"opportunities"`
	NextSteps      string      `json:"next_steps"`
	Subtype        Subtype     `json:"sales_subtype"`
	ScoreBreakdown struct {
		Justifications map[Dimension]struct {
			Text   string   `json:"text"`
			Quotes []string `json:"quotes"`
		} `json:"justifications"`
		Scores      map[Dimension]*int `json:"scores"`
		MeetingType Type               `json:"meeting_type"`
	} `json:"score_breakdown"`
	SalesRepScore    *int     `json:"sales_rep_score"`
	CloseProbability *int     `json:"close_probability"`
	Decisions        []string `json:"decisions"`
	Topics           []string `json:"topics"`
}

// ParseAnalysis reads a model's answer about a meeting of the type. Quotes that are not in the transcript are dropped,
// the others get the time at which they were said. Only what the model was asked for is filled in: a sale's dimensions are
// the playbook's.
// Upstream ANALYSIS_INVALID, which wraps Violations, when the answer breaks the schema or its rules.
func ParseAnalysis(raw []byte, t Transcript, typ Type, p Playbook) (Analysis, error) {
	var in answer
	if err := json.Unmarshal(raw, &in); err != nil {
		return Analysis{}, fault.Wrap(fault.Upstream, AnalysisInvalid, Violations{"the answer is not JSON of the schema"})
	}
	var broken Violations
	broken.require(strings.TrimSpace(in.Summary) != "", "summary must not be empty")
	if typ.IsSales() {
		in.checkScores(&broken, typ, p)
	}
	if len(broken) > 0 {
		return Analysis{}, fault.Wrap(fault.Upstream, AnalysisInvalid, broken)
	}
	a := Analysis{Engine: EngineModel, Language: t.Language(), Summary: strings.TrimSpace(in.Summary)}
	for _, item := range in.ActionItems {
		if item.Text = strings.TrimSpace(item.Text); item.Text != "" {
			a.ActionItems = append(a.ActionItems, ActionItem{Text: item.Text, Owner: orEmpty(item.Owner), Due: orEmpty(item.Due)})
		}
	}
	if typ.IsSales() {
		in.fillSales(&a, newQuoteIndex(t), p)
	} else {
		a.Decisions, a.Topics = filled(in.Decisions), filled(in.Topics)
	}
	return a.withoutNils(), nil
}

func (in *answer) checkScores(broken *Violations, typ Type, p Playbook) {
	b, sum := in.ScoreBreakdown, 0
	broken.require(b.MeetingType == typ, "score_breakdown.meeting_type must be %s", typ)
	broken.require(in.Subtype.IsValid(), "sales_subtype must be one of %v", Subtypes())
	for _, d := range p.Keys() {
		score := b.Scores[d]
		ok := score != nil && *score >= 0 && *score <= MaxDimension
		broken.require(ok, "score_breakdown.scores.%s must be 0 to %d", d, MaxDimension)
		if ok {
			sum += *score
		}
		broken.require(strings.TrimSpace(b.Justifications[d].Text) != "", "score_breakdown.justifications.%s must have a text", d)
	}
	broken.require(in.SalesRepScore != nil && *in.SalesRepScore == sum, "sales_rep_score must be the sum of the five scores")
	broken.require(in.CloseProbability != nil && *in.CloseProbability >= 0 && *in.CloseProbability <= 100,
		"close_probability must be 0 to 100")
}

func (in *answer) fillSales(a *Analysis, said quoteIndex, p Playbook) {
	a.SalesRepScore, a.CloseProbability, a.Subtype = in.SalesRepScore, in.CloseProbability, in.Subtype
	a.Opportunities = filled(in.Opportunities)
	a.NextSteps = strings.TrimSpace(in.NextSteps)
	for _, o := range in.KeyObjections {
		if strings.TrimSpace(o.Objection) != "" {
			a.KeyObjections = append(a.KeyObjections, o)
		}
	}
	a.ScoreBreakdown = &ScoreBreakdown{
		Scores: map[Dimension]int{}, Justifications: map[Dimension]Justification{}, MeetingType: in.ScoreBreakdown.MeetingType,
	}
	for _, d := range p.Keys() {
		why := in.ScoreBreakdown.Justifications[d]
		j := Justification{Text: strings.TrimSpace(why.Text)}
		for _, quote := range why.Quotes {
			if start, ok := said.find(quote); ok {
				j.Quotes = append(j.Quotes, Quote{Text: strings.TrimSpace(quote), StartMS: start})
			}
		}
		a.ScoreBreakdown.Scores[d] = *in.ScoreBreakdown.Scores[d]
		a.ScoreBreakdown.Justifications[d] = j
	}
}

// filled drops empty texts.
func filled(texts []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return strings.TrimSpace(s) == "" })
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return strings.TrimSpace(*s)
}
