package tertulia

import "time"

// VoteRef names a vote by what it is on.
type VoteRef struct {
	Source    string `query:"source" json:"source" enum:"chat,analysis" required:"true" doc:"What is voted on." example:"chat"`
	SourceRef string `query:"source_ref" json:"source_ref" required:"true" doc:"The message_id of the answer, or the ID of the analysis or of its meeting." example:"0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f"`
}

// VoteRequest is what a person thinks of an answer.
type VoteRequest struct {
	Source     string `json:"source" enum:"chat,analysis" doc:"What is voted on: an answer of the own chat, or the meeting's analysis." example:"chat"`
	SourceRef  string `json:"source_ref" doc:"The message_id of the answer, or the ID of the analysis or of its meeting." example:"0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f"`
	Vote       string `json:"vote" enum:"like,dislike" doc:"like or dislike." example:"dislike"`
	Correction string `json:"correction,omitempty" required:"false" maxLength:"2000" doc:"How it should have been; kept with a dislike." example:"El compromiso era del cliente, no nuestro."`
}

// AgentFeedback is a vote.
type AgentFeedback struct {
	ID         string    `json:"id" doc:"The vote's ID."`
	Agent      string    `json:"agent_key" doc:"The agent that answered, or the evaluator." example:"seguimiento_general"`
	Source     string    `json:"source" enum:"chat,analysis" doc:"What was voted on." example:"chat"`
	SourceRef  string    `json:"source_ref" doc:"The message_id of the answer, or the ID of the analysis or of its meeting."`
	Vote       string    `json:"vote" enum:"like,dislike" doc:"like or dislike." example:"dislike"`
	Correction *string   `json:"correction" doc:"How it should have been."`
	Status     string    `json:"status" enum:"pending,approved,rejected" doc:"Whether an admin has decided about it." example:"pending"`
	CreatedAt  time.Time `json:"created_at" doc:"When it was first voted."`
}

// AgentFeedbackList is one person's pending votes in a meeting.
type AgentFeedbackList struct {
	Data []AgentFeedback `json:"data" doc:"The votes, newest first; at most a hundred."`
}

// CorrectionFilter chooses from the queue: the query of GET /api/admin/corrections.
type CorrectionFilter struct {
	PageQuery
	Status string `query:"status" enum:"pending,approved,rejected" doc:"pending, approved or rejected; left out: all." example:"pending"`
	Agent  string `query:"agentKey" maxLength:"80" doc:"One agent's." example:"seguimiento_general"`
}

// AgentCorrection is a dislike with its correction, as admins see it.
type AgentCorrection struct {
	ID           string     `json:"id" doc:"The correction's ID."`
	AgentKey     string     `json:"agent_key" doc:"Whom it corrects." example:"seguimiento_general"`
	AgentName    string     `json:"agent_name" doc:"The agent's name for people." example:"Seguimiento"`
	MeetingID    string     `json:"meeting_id" doc:"The meeting that it was about."`
	MeetingTitle string     `json:"meeting_title" doc:"Its title." example:"Propuesta"`
	Source       string     `json:"source" enum:"chat,analysis" doc:"What was voted on." example:"chat"`
	SourceRef    string     `json:"source_ref" doc:"The message_id of the answer, or the ID of the analysis or of its meeting."`
	Question     *string    `json:"question" doc:"What was asked, in a chat."`
	Answer       string     `json:"answer" doc:"What was answered, as it was then; at most 4,000 characters."`
	Correction   string     `json:"correction" doc:"How it should have been."`
	Status       string     `json:"status" enum:"pending,approved,rejected" doc:"Where it stands." example:"pending"`
	LessonText   *string    `json:"lesson_text" doc:"What the agent is taught, once approved."`
	Reason       *string    `json:"reason" doc:"Why it was rejected."`
	Author       RepRef     `json:"author" doc:"Who wrote it."`
	ReviewedBy   *string    `json:"reviewed_by" doc:"The name of who decided."`
	ReviewedAt   *time.Time `json:"reviewed_at" doc:"When it was decided."`
	CreatedAt    time.Time  `json:"created_at" doc:"When it was written."`
}

// AgentCorrectionPage is a stretch of the queue, newest first.
type AgentCorrectionPage struct {
	Data       []AgentCorrection `json:"data" doc:"The corrections."`
	NextCursor *string           `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}

// ReviewCorrectionRequest is a decision about a correction.
type ReviewCorrectionRequest struct {
	Status     string `json:"status" enum:"approved,rejected" doc:"approved or rejected." example:"approved"`
	LessonText string `json:"lesson_text,omitempty" required:"false" maxLength:"1000" doc:"What the agent is taught; it names nobody. Needed to approve." example:"Los compromisos se atribuyen a quien los dice."`
	PIIChecked bool   `json:"pii_checked,omitempty" required:"false" doc:"Whether the lesson was read for personal data. Must be true to approve." example:"true"`
	Reason     string `json:"reason,omitempty" required:"false" maxLength:"500" doc:"Why it is rejected."`
}
