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

// AgentDetail is an agent with what it is told and how it runs now.
type AgentDetail struct {
	Agent

	Instructions    string         `json:"instructions" doc:"What the agent is told: the current version."`
	EffectiveModel  string         `json:"effective_model" doc:"The model that answers now: the chosen one, or its successor when that has ended." example:"gpt-6-luna"`
	EffectiveParams AgentParams    `json:"effective_params" doc:"The parameters that are sent to it: those that it takes."`
	StoreID         *string        `json:"vector_store_id" doc:"The store of its files; null while it has none."`
	Versions        []AgentVersion `json:"versions" doc:"The history of its instructions, newest first."`
}

// AgentVersion is what an agent was told from a time on.
type AgentVersion struct {
	Version      int          `json:"version" doc:"Counted from 1." example:"2"`
	Instructions string       `json:"instructions" doc:"What the agent was told."`
	EditedBy     *AgentEditor `json:"edited_by" doc:"Who wrote it; null: it came with the product, or a service wrote it."`
	CreatedAt    time.Time    `json:"created_at" doc:"From when it holds."`
}

// AgentEditor is who wrote a version.
type AgentEditor struct {
	ID   string `json:"id" doc:"The rep's ID."`
	Name string `json:"name" doc:"The rep's name."`
}

// AgentParams are parameters of a model. Null leaves one to the model.
type AgentParams struct {
	Temperature *float64 `json:"temperature" doc:"0 to 2." example:"0.2"`
	TopP        *float64 `json:"top_p" doc:"0 to 1." example:"0.9"`
}

// CreateAgentRequest adds a follow-up agent: POST /api/admin/agents.
type CreateAgentRequest struct {
	Key                string   `json:"key,omitempty" doc:"Lower-case letters, digits and _, for good; absent: made of the name." example:"seguimiento_legal"`
	DisplayName        string   `json:"display_name" doc:"The agent's name for people, at most 80 characters." example:"Seguimiento legal"`
	Instructions       string   `json:"instructions" doc:"What the agent is told, at most 32,000 characters." example:"Respondes dudas sobre cláusulas y compromisos contractuales."`
	Model              string   `json:"model,omitempty" doc:"One of GET /api/admin/agents/models; absent: the default." example:"gpt-6-luna"`
	Temperature        *float64 `json:"temperature,omitempty" doc:"0 to 2."`
	TopP               *float64 `json:"top_p,omitempty" doc:"0 to 1."`
	SuggestedQuestions []string `json:"suggested_questions,omitempty" doc:"At most 8 questions to begin with." example:"[\"¿Qué quedó por firmar?\"]"`
	MeetingTypes       []string `json:"meeting_types,omitempty" doc:"The types of meetings that it is for; absent: every type." example:"[\"ventas\"]"`
}

// EditInstructionsRequest changes what an agent is told: PUT /api/admin/agents/{key}/instructions.
type EditInstructionsRequest struct {
	Instructions string `json:"instructions" doc:"What the agent is told from now on, at most 32,000 characters." example:"Respondes en una frase y citas el momento."`
}

// SetQuestionsRequest replaces the suggested questions: PUT /api/admin/agents/{key}/suggested-questions.
type SetQuestionsRequest struct {
	SuggestedQuestions []string `json:"suggested_questions" doc:"At most 8 questions of at most 200 characters." example:"[\"¿Qué quedó pendiente?\"]"`
}

// SetModelRequest chooses a model: PUT /api/admin/agents/{key}/model.
type SetModelRequest struct {
	Model *string `json:"model" doc:"One of GET /api/admin/agents/models; null: the default of its kind." example:"gpt-6-luna"`
}

// SetParamsRequest adjusts parameters: PUT /api/admin/agents/{key}/params. An absent one stays as it is.
type SetParamsRequest struct {
	Temperature Nullable[float64] `json:"temperature,omitzero" doc:"0 to 2; null leaves it to the model." example:"0.2"`
	TopP        Nullable[float64] `json:"top_p,omitzero" doc:"0 to 1; null leaves it to the model." example:"0.9"`
}

// RenameAgentRequest changes an agent's name: PUT /api/admin/agents/{key}/name.
type RenameAgentRequest struct {
	DisplayName string `json:"display_name" doc:"At most 80 characters." example:"Seguimiento"`
}

// SetActiveRequest archives an agent, or takes it back into use: PUT /api/admin/agents/{key}/active.
type SetActiveRequest struct {
	Active *bool `json:"active" doc:"false: archived."`
}

// TestAgentRequest tries an agent: POST /api/admin/agents/{key}/test.
type TestAgentRequest struct {
	Question     string `json:"question,omitempty" doc:"What to ask. A follow-up agent needs it; an evaluator judges when it is absent." example:"¿Qué compromisos quedaron pendientes?"`
	Transcript   string `json:"transcript,omitempty" doc:"The conversation that it is about, as text, at most 400,000 characters. An evaluator needs it, or meeting_id." example:"[00:01] Ana: ¿Qué presupuesto tienen?\n[00:05] Luis: Cincuenta mil."`
	MeetingID    string `json:"meeting_id,omitempty" doc:"A meeting whose transcript it is about."`
	Instructions string `json:"instructions,omitempty" doc:"Instructions to try in place of the current ones. They are not kept."`
}

// TestAgentAnswer is what an agent answered when it was tried. Nothing of it is kept.
type TestAgentAnswer struct {
	Answer     string     `json:"answer" doc:"What the agent said."`
	Model      string     `json:"model" doc:"The model that answered." example:"gpt-6-luna-2026-09-01"`
	Version    *int       `json:"version" doc:"The version of its instructions; null: the ones that were tried."`
	Usage      TokenUsage `json:"usage" doc:"What the answer took."`
	DurationMS int64      `json:"duration_ms" doc:"How long the answer took, in milliseconds."`
}

// TokenUsage counts a model's tokens.
type TokenUsage struct {
	InputTokens  int64 `json:"input_tokens" doc:"What the model read."`
	CachedTokens int64 `json:"cached_tokens" doc:"Of these, what the provider had cached."`
	OutputTokens int64 `json:"output_tokens" doc:"What the model wrote."`
}

// AgentModel is a model that an agent may be given.
type AgentModel struct {
	Model             string      `json:"model" doc:"The model's name at the provider." example:"gpt-6-luna"`
	FileSearch        bool        `json:"file_search" doc:"Whether it can search in an agent's files."`
	Temperature       bool        `json:"temperature" doc:"Whether it takes temperature and top_p."`
	StructuredOutputs bool        `json:"structured_outputs" doc:"Whether it answers in the form of a schema, as evaluators need."`
	ContextTokens     *int        `json:"context_tokens" doc:"The most that it reads; null: unknown." example:"1050000"`
	PricePerMillion   *ModelPrice `json:"price_per_million" doc:"What a million tokens cost; null: nobody has published it."`
	ShutdownDate      *string     `json:"shutdown_date" doc:"The day from which it answers no more; null: none is announced." example:"2027-01-14"`
	Successor         *string     `json:"successor" doc:"What takes its place then." example:"gpt-6-luna"`
	DefaultOf         []string    `json:"default_of" doc:"The kinds of agents that run on it unless they choose another."`
}

// ModelPrice is a published price for a million tokens, in US dollars.
type ModelPrice struct {
	Currency    string  `json:"currency" doc:"ISO 4217." example:"USD"`
	Input       float64 `json:"input" doc:"Of what the model reads." example:"0.1"`
	CachedInput float64 `json:"cached_input" doc:"Of what it reads and the provider had cached." example:"0.01"`
	Output      float64 `json:"output" doc:"Of what it writes." example:"0.5"`
	AsOf        string  `json:"as_of" doc:"The day on which the price was read." example:"2026-11-20"`
	Source      string  `json:"source" doc:"Where it was read."`
}

// AgentModelList is every model that an agent may be given now.
type AgentModelList struct {
	Data []AgentModel `json:"data" doc:"The models."`
}

// SalesSubtypeOption is a stage of the funnel that has an evaluator in use.
type SalesSubtypeOption struct {
	SalesSubtype string `json:"sales_subtype" doc:"As reanalyze takes it." example:"calificacion"`
	Label        string `json:"label" doc:"Its name for people." example:"Calificación"`
	Evaluator    string `json:"evaluator_key" doc:"The evaluator that judges it." example:"evaluador_calificacion"`
}

// SalesSubtypeList is the stages in the order of the funnel.
type SalesSubtypeList struct {
	Data []SalesSubtypeOption `json:"data" doc:"The stages."`
}

// AgentList is every agent of the workspace.
type AgentList struct {
	Data []Agent `json:"data" doc:"The agents, in the order of the registry."`
}
