package tertulia

import "time"

// MeetingDetail is everything about one meeting: GET /api/meetings/{id}.
type MeetingDetail struct {
	Meeting    Meeting     `json:"meeting" doc:"The meeting."`
	Transcript *Transcript `json:"transcript" doc:"What was said; null until there is a transcript."`
	Media      MediaLinks  `json:"media" doc:"Links that open the recordings."`
	Analyses   []Analysis  `json:"analyses" doc:"The current analysis; empty until there is one."`
}

// Transcript is what was said.
type Transcript struct {
	ID            string              `json:"id" doc:"The transcript's ID."`
	Language      *string             `json:"language" doc:"ISO 639-1." example:"es"`
	RawTranscript []TranscriptSegment `json:"raw_transcript" doc:"Turn by turn, as it was heard."`
	FullText      string              `json:"full_text" doc:"The words as one text, with the active transcript corrections." example:"Hola Pedro, gracias por tu tiempo."`
}

// TranscriptSegment is one turn of one speaker. Times count from the beginning of the recording, in milliseconds.
type TranscriptSegment struct {
	Speaker string `json:"speaker" doc:"Who spoke." example:"Emmanuel Hernández"`
	Text    string `json:"text" doc:"What was said." example:"Hola Pedro, gracias por tu tiempo."`
	StartMS int64  `json:"start_ms" doc:"Beginning, ms."`
	EndMS   int64  `json:"end_ms" doc:"End, ms."`
}

// MediaLinks opens the recordings. What does not exist is null.
type MediaLinks struct {
	VideoURL  *string    `json:"videoUrl" doc:"Signed link of the video."`
	AudioURL  *string    `json:"audioUrl" doc:"Signed link of the audio."`
	ExpiresAt *time.Time `json:"expiresAt" doc:"When the links end, an hour from now."`
}

// Analysis is what was made of a meeting. Scores are null unless it is a sales meeting; decisions and topics are empty
// when it is one.
type Analysis struct {
	ID               string             `json:"id" doc:"The analysis' ID."`
	Summary          string             `json:"summary" doc:"What happened." example:"Pedro pide una propuesta a tres años y la quiere el jueves."`
	ActionItems      []ActionItem       `json:"action_items" doc:"Who does what until when."`
	SalesRepScore    *int               `json:"sales_rep_score" doc:"0 to 100: the sum of the dimensions." example:"78"`
	ScoreBreakdown   *ScoreBreakdown    `json:"score_breakdown" doc:"The dimensions and their reasons."`
	Opportunities    []string           `json:"opportunities" doc:"What could be sold or done better."`
	CloseProbability *int               `json:"close_probability" doc:"0 to 100." example:"70"`
	KeyObjections    []Objection        `json:"key_objections" doc:"What the customer held against it."`
	NextSteps        *string            `json:"next_steps" doc:"What was agreed to come next." example:"Enviar la propuesta el jueves."`
	Decisions        []string           `json:"decisions" doc:"What was decided."`
	Topics           []string           `json:"topics" doc:"What was talked about."`
	Participation    Participation      `json:"participation" doc:"Who spoke how long; measured."`
	Metrics          CallMetrics        `json:"metrics" doc:"How the conversation ran; measured."`
	SalesSubtype     *SalesSubtype      `json:"sales_subtype" doc:"Where in the funnel the meeting stood."`
	Engine           string             `json:"engine" enum:"openai,extractive" doc:"Who made the analysis: a model, or the built-in analyser."`
	Model            *string            `json:"model" doc:"Which model; null for the built-in analyser." example:"gpt-4o-2024-08-06"`
	Evaluator        *AnalysisEvaluator `json:"evaluator" doc:"Whose instructions made the analysis; null: nobody's, the general rules or the built-in analyser."`
	PlaybookVersion  *int               `json:"playbook_version" doc:"The version of the playbook that a sale was scored by; null for other meetings." example:"1"`
	CreatedAt        time.Time          `json:"created_at" doc:"When it was stored."`
}

// AnalysisEvaluator is the evaluator that made an analysis, as it was then.
type AnalysisEvaluator struct {
	Key     string `json:"key" doc:"The agent's key." example:"evaluador_demostracion"`
	Version int    `json:"version" doc:"The version of its instructions." example:"2"`
	Model   string `json:"model" doc:"The model that answered." example:"gpt-6-luna-2026-09-01"`
}

// ActionItem is one thing to be done.
type ActionItem struct {
	Text  string  `json:"text" doc:"What." example:"Enviar la cotización"`
	Owner *string `json:"owner" doc:"Who."`
	Due   *string `json:"due" doc:"Until when, as it was said." example:"el viernes"`
}

// ScoreBreakdown is how the score came about.
type ScoreBreakdown struct {
	Scores         map[string]int           `json:"scores" doc:"Five dimensions, 0 to 20 each."`
	Justifications map[string]Justification `json:"justifications" doc:"The reason for each."`
	MeetingType    MeetingType              `json:"meeting_type" enum:"ventas,general,standup,tecnica,documentacion,planificacion" doc:"What was scored."`
}

// Justification is the reason for one score.
type Justification struct {
	Text   string  `json:"text" doc:"The reason." example:"Pregunta por presupuesto, fechas y quién decide."`
	Quotes []Quote `json:"quotes" doc:"Where it shows; every quote is in the transcript."`
}

// Quote is something that was said.
type Quote struct {
	Text    string `json:"text" doc:"What was said." example:"¿Qué presupuesto tienen para este año?"`
	StartMS int64  `json:"start_ms" doc:"When, ms from the beginning."`
}

// Objection is something the customer held against the offer.
type Objection struct {
	Objection string `json:"objection" doc:"What the customer said." example:"Les parece caro."`
	Response  string `json:"response" doc:"What the rep answered." example:"Propone un plan a tres años con descuento."`
	Handled   bool   `json:"handled" doc:"Whether that settled it."`
}

// Participation is who spoke how long. Overlapping speech counts for each speaker.
type Participation struct {
	RepIdentified        bool          `json:"rep_identified" doc:"Whether the rep was found among the speakers."`
	TotalSpeakingSeconds float64       `json:"total_speaking_seconds" doc:"Sum over the participants."`
	Participants         []Participant `json:"participants" doc:"Longest speaker first."`
}

// Participant is one speaker.
type Participant struct {
	Name            string  `json:"name" doc:"The speaker's name." example:"Pedro García"`
	Email           *string `json:"email" doc:"The speaker's e-mail, when known."`
	Role            string  `json:"role" enum:"rep,guest" doc:"On which side."`
	SpeakingSeconds float64 `json:"speaking_seconds" doc:"One decimal." example:"580.5"`
	Percentage      float64 `json:"percentage" doc:"Of all speech, one decimal." example:"31.5"`
}

// CallMetrics is how the conversation ran, computed from word times. A value that cannot be told is null: those that
// need the rep are when the rep was not identified.
type CallMetrics struct {
	TalkRatio             *float64       `json:"talk_ratio" doc:"The rep's share of all speech, 0 to 1." example:"0.43"`
	LongestMonologue      SecondsPerSide `json:"longest_monologue_seconds" doc:"Longest uninterrupted turn a side."`
	LongestCustomerStory  *float64       `json:"longest_customer_story_seconds" doc:"Longest turn of one customer."`
	Interactivity         float64        `json:"interactivity" doc:"Changes of speaker a minute." example:"5.2"`
	PatienceSeconds       *float64       `json:"patience_seconds" doc:"Median gap before the rep answers a customer." example:"0.8"`
	QuestionsPerHour      *float64       `json:"questions_per_hour" doc:"The rep's questions an hour." example:"13"`
	WordsPerMinute        *float64       `json:"words_per_minute" doc:"Speed of all speech." example:"160"`
	WordsPerMinutePerSide *NumberPerSide `json:"words_per_minute_by_side,omitempty" doc:"Speed a side."`
}

// SecondsPerSide is a duration in seconds for the rep and for the guests.
type SecondsPerSide struct {
	Rep   *float64 `json:"rep" doc:"Seconds; null when the rep was not identified."`
	Guest *float64 `json:"guest" doc:"Seconds; null when there is no guest."`
}

// NumberPerSide is a number for the rep and for the guests.
type NumberPerSide struct {
	Rep   *float64 `json:"rep" doc:"Null when the rep was not identified."`
	Guest *float64 `json:"guest" doc:"Null when there is no guest."`
}
