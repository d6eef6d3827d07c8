package tertulia

import "time"

// AskAgentRequest is a question to an agent.
type AskAgentRequest struct {
	Question string `json:"question" maxLength:"8000" doc:"What to ask." example:"¿Qué compromisos quedaron pendientes?"`
}

// ChatFrame is one frame of an answer's stream: a Delta, or the last one, which has either Done or Error.
type ChatFrame struct {
	ID        string `json:"-"` // where to resume: the event's ID
	Delta     string `json:"delta,omitempty" doc:"The next piece of the answer."`
	Done      bool   `json:"done,omitempty" doc:"The answer is complete."`
	MessageID string `json:"message_id,omitempty" doc:"With done: the answer's ID, which is the source_ref of a vote on it."`
	Error     bool   `json:"error,omitempty" doc:"The answer ended before its time. What was said of it is kept."`
	Code      string `json:"code,omitempty" doc:"With error: why."`
}

// ChatMessage is one thing that was said in a chat.
type ChatMessage struct {
	ID           string     `json:"id" doc:"The message's ID. That of an answer is the source_ref of a vote on it."`
	Role         string     `json:"role" enum:"user,assistant" doc:"Who says it." example:"assistant"`
	Content      string     `json:"content" doc:"What is said, so far." example:"Quedaron dos compromisos [12:34]."`
	Status       string     `json:"status" enum:"running,completed,cancelled,failed" doc:"Where an answer stands; a question is completed." example:"completed"`
	ErrorCode    *string    `json:"error_code" doc:"Why an answer was cancelled or failed."`
	Citations    []Citation `json:"citations" doc:"The places in the recording that the answer refers to, in its order."`
	AgentVersion *int       `json:"agent_version" doc:"The version of the agent's instructions that the answer was made with."`
	Model        *string    `json:"model" doc:"What made the answer." example:"gpt-6-luna"`
	Usage        *ChatUsage `json:"usage" doc:"What the answer took; null for a question, and while it is not known."`
	CreatedAt    time.Time  `json:"created_at" doc:"When it was said, or begun."`
	EndedAt      *time.Time `json:"ended_at" doc:"When it was complete; null while the answer is being made."`
}

// Citation is a place in a recording.
type Citation struct {
	StartMS int64 `json:"start_ms" doc:"Milliseconds from the beginning." example:"754000"`
}

// ChatUsage is what an answer took.
type ChatUsage struct {
	InputTokens  int64  `json:"input_tokens" doc:"Tokens that were read."`
	CachedTokens int64  `json:"cached_tokens" doc:"Those of them that the provider had read before."`
	OutputTokens int64  `json:"output_tokens" doc:"Tokens that were written."`
	Estimated    bool   `json:"estimated" doc:"Whether they were counted by us: the provider tells nothing of an answer that was cancelled."`
	CostMicros   *int64 `json:"cost_micros" doc:"What that costs, in millionths of a US dollar; null when the model has no published price."`
}

// ChatPage is a stretch of a chat, oldest first.
type ChatPage struct {
	Data       []ChatMessage `json:"data" doc:"The messages."`
	NextCursor *string       `json:"next_cursor" doc:"Where the messages before these are; null at the chat's beginning."`
}

// ResetAnswer says that a chat was begun anew.
type ResetAnswer struct {
	OK bool `json:"ok" doc:"Always true."`
}
