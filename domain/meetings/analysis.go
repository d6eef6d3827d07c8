package meetings

import "time"

// Engine is what made an analysis.
type Engine string

// Engines.
const (
	EngineModel      Engine = "openai"     // a language model, OpenAI's or a compatible one
	EngineExtractive Engine = "extractive" // the built-in analyser, which quotes and counts and asks nobody
)

// Analysis is what is known about a meeting beyond its words. Score fields are nil for non-sales meetings, decisions and
// topics are empty for sales ones. Metrics and participation are measured, never asked of a model. The JSON form is
// the one stored, and names its fields as the wire does.
type Analysis struct {
	ID       AnalysisID   `json:"id"`
	Meeting  ID           `json:"meeting_id"`
	Of       TranscriptID `json:"transcript_id"` // the vendor's transcript it was made from
	Engine   Engine       `json:"engine"`
	Model    string       `json:"model,omitempty"`
	Agent    string       `json:"agent,omitempty"` // key of the evaluator whose instructions were used
	Revision int          `json:"revision,omitempty"`
	Usage    Usage        `json:"usage"`
	Playbook int          `json:"playbook_version,omitempty"` // version whose dimensions a sale was scored in; 0 before there were any
	Subtype  Subtype      `json:"sales_subtype,omitempty"`    // given or detected
	Language string       `json:"language,omitempty"`

	Summary          string          `json:"summary"`
	ActionItems      []ActionItem    `json:"action_items"`
	SalesRepScore    *int            `json:"sales_rep_score"` // 0–100, the sum of the five dimensions
	ScoreBreakdown   *ScoreBreakdown `json:"score_breakdown"`
	Opportunities    []string        `json:"opportunities"`
	CloseProbability *int            `json:"close_probability"` // 0–100
	KeyObjections    []Objection     `json:"key_objections"`
	NextSteps        string          `json:"next_steps"`
	Decisions        []string        `json:"decisions"`
	Topics           []string        `json:"topics"`

	Participation Participation `json:"participation"`
	Metrics       Metrics       `json:"metrics"`
	CreatedAt     time.Time     `json:"created_at"`
}

// Usage is what a model call took, in tokens.
type Usage struct {
	InputTokens  int64 `json:"input_tokens"`
	CachedTokens int64 `json:"cached_tokens"` // of the input
	OutputTokens int64 `json:"output_tokens"`
}

// ActionItem is something somebody said they would do.
type ActionItem struct {
	Text  string `json:"text"`
	Owner string `json:"owner"` // as named in the transcript, "" when nobody was
	Due   string `json:"due"`   // as said ("el jueves"), "" when it was not
}

// Objection is a reason not to buy, and what the seller made of it.
type Objection struct {
	Objection string `json:"objection"`
	Response  string `json:"response"`
	Handled   bool   `json:"handled"`
}

// Dimension is one of the five things a seller is scored on, 0–20 each.
type Dimension string

// Dimensions of every sales evaluator.
const (
	Discovery        Dimension = "descubrimiento"    // finds needs, budget, deciders and dates by asking
	ValueProposition Dimension = "propuesta_valor"   // ties what is sold to what was found
	ObjectionHandled Dimension = "manejo_objeciones" // hears objections out and answers them
	Closing          Dimension = "cierre"            // leaves with a next step that has an owner and a date
	Communication    Dimension = "comunicacion"      // listens, is clear, lets the customer speak
	MaxDimension               = 20                  // points
	MaxScore                   = 5 * MaxDimension    // points
	closeThreshold             = 60                  // percent
)

// Dimensions returns the five, in the order they are shown.
func Dimensions() []Dimension {
	return []Dimension{Discovery, ValueProposition, ObjectionHandled, Closing, Communication}
}

// ScoreBreakdown tells where a score comes from.
type ScoreBreakdown struct {
	Scores         map[Dimension]int           `json:"scores"`
	Justifications map[Dimension]Justification `json:"justifications"`
	MeetingType    Type                        `json:"meeting_type"`
}

// Justification is why a dimension got its points.
type Justification struct {
	Text   string  `json:"text"`
	Quotes []Quote `json:"quotes"`
}

// Quote is something that was said, and where.
type Quote struct {
	Text    string `json:"text"`
	StartMS Millis `json:"start_ms"`
}

// IsLikelyToClose reports whether the deal counts into the estimated close rate.
func (a Analysis) IsLikelyToClose() bool {
	return a.CloseProbability != nil && *a.CloseProbability >= closeThreshold
}

// withoutNils returns the analysis with empty lists where it had none, so that its JSON form never holds null for one.
func (a Analysis) withoutNils() Analysis {
	a.ActionItems = append([]ActionItem{}, a.ActionItems...)
	a.KeyObjections = append([]Objection{}, a.KeyObjections...)
	for _, list := range []*[]string{&a.Opportunities, &a.Decisions, &a.Topics} {
		*list = append([]string{}, *list...)
	}
	if a.ScoreBreakdown != nil {
		for d, why := range a.ScoreBreakdown.Justifications {
			why.Quotes = append([]Quote{}, why.Quotes...)
			a.ScoreBreakdown.Justifications[d] = why
		}
	}
	return a
}
