package agents

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ChatID names a person's chat with an agent about a meeting.
type ChatID string

// MessageID names a message of a chat. That of an answer also names the run that makes it, and is what votes refer to.
type MessageID string

// String returns the canonical UUID text.
func (id ChatID) String() string { return string(id) }

// String returns the canonical UUID text.
func (id MessageID) String() string { return string(id) }

// MaxAsked is how long a question may be, in characters.
const MaxAsked = 8000

// Codes of chats.
const (
	RunInProgress      fault.Code = "RUN_IN_PROGRESS"
	RunNotFound        fault.Code = "RUN_NOT_FOUND"
	RunCancelled       fault.Code = "RUN_CANCELLED"   // whoever asked has left
	RunInterrupted     fault.Code = "RUN_INTERRUPTED" // the process that made the answer has ended
	AnswerFailed       fault.Code = "OPENAI_ERROR"
	AnswerUnavailable  fault.Code = "OPENAI_NOT_CONFIGURED"
	TranscriptNotReady fault.Code = "TRANSCRIPT_NOT_READY"
)

// Chat is what one person and one agent say to each other about one meeting. It is that person's alone.
type Chat struct {
	ID           ChatID
	Workspace    kernel.WorkspaceID
	Meeting      string
	Agent        Key
	Rep          kernel.RepID
	Conversation string // the provider's, "" while there is none
	Told         string // hash of what the provider's conversation was told about the meeting
	CreatedAt    time.Time
}

// Role is who says something in a chat.
type Role string

// Roles.
const (
	RoleUser      Role = "user"
	RoleAssistant Role = "assistant"
)

// MessageStatus is where a message stands. Only an answer is ever anything but completed.
type MessageStatus string

// Statuses of messages. What was said of an answer before it was cancelled or failed is kept.
const (
	MessageRunning   MessageStatus = "running"
	MessageCompleted MessageStatus = "completed"
	MessageCancelled MessageStatus = "cancelled"
	MessageFailed    MessageStatus = "failed"
)

// Message is one thing that was said in a chat.
type Message struct {
	ID        MessageID
	Workspace kernel.WorkspaceID
	Chat      ChatID
	Role      Role
	Text      string
	Status    MessageStatus
	CreatedAt time.Time
	EndedAt   *time.Time // nil while the answer is being made

	// Of an answer only.
	Frames       []int      // where in Text, in bytes, each frame of the stream ends
	Code         fault.Code // why it was cancelled or failed
	Citations    []Citation
	AgentVersion int    // of the instructions that it was made with
	Model        string // that made it
	Usage        Usage  // zero for one that did not end by itself: the provider tells it at the end
	CostMicros   *int64 // millionths of a US dollar; nil when it is not known
}

// Citation is a place in the recording that an answer refers to.
type Citation struct {
	StartMS int64 `json:"start_ms"`
}

// Usage is what an answer took, in tokens. Cached tokens are part of the input.
type Usage struct {
	InputTokens, CachedTokens, OutputTokens int64

	Estimated bool // counted by us, since the provider has not told
}

// End ends an answer that is being made.
func (m *Message) End(status MessageStatus, code fault.Code, at time.Time) {
	m.Status, m.Code, m.EndedAt = status, code, &at
}
