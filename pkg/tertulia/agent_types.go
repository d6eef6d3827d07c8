package tertulia

import "time"

// MeetingAgent is an agent that can be asked about a meeting.
type MeetingAgent struct {
	Key                string   `json:"key" doc:"The agent's key." example:"seguimiento_general"`
	DisplayName        string   `json:"display_name" doc:"The agent's name for people." example:"Seguimiento"`
	SuggestedQuestions []string `json:"suggested_questions" doc:"Questions to begin with."`
}

// MeetingAgentList is every agent that can be asked about a meeting.
type MeetingAgentList struct {
	Data []MeetingAgent `json:"data" doc:"The agents, in the order in which to show them."`
}

// Agent is one entry of the registry. Evaluators judge meetings, follow-up agents answer questions about them.
type Agent struct {
	Key                string    `json:"key" doc:"The agent's key, which never changes." example:"seguimiento_general"`
	Kind               string    `json:"kind" enum:"evaluator,followup" doc:"What the agent is for." example:"followup"`
	DisplayName        string    `json:"display_name" doc:"The agent's name for people." example:"Seguimiento"`
	Version            int       `json:"version" doc:"The version of its instructions." example:"1"`
	Model              *string   `json:"model" doc:"The model that was chosen for it; null: the default of its kind." example:"gpt-6-luna"`
	Temperature        *float64  `json:"temperature" doc:"0 to 2; null leaves it to the model."`
	TopP               *float64  `json:"top_p" doc:"0 to 1; null leaves it to the model."`
	SuggestedQuestions []string  `json:"suggested_questions" doc:"Questions to begin with."`
	MeetingTypes       []string  `json:"meeting_types" doc:"The types of meetings that it is for; empty: every type."`
	SalesSubtype       *string   `json:"sales_subtype" doc:"The stage that an evaluator of sales judges." example:"calificacion"`
	Active             bool      `json:"active" doc:"Whether it is in use; false: archived."`
	CreatedAt          time.Time `json:"created_at" doc:"When it was made."`
	UpdatedAt          time.Time `json:"updated_at" doc:"When it was last changed."`
}

// AgentList is every agent of the workspace.
type AgentList struct {
	Data []Agent `json:"data" doc:"The agents, in the order of the registry."`
}
