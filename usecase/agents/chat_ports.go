package agentsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Answerer asks a model.
type Answerer interface {
	// Answer asks once, and gives every piece of the answer to onDelta as it comes, in order; an error of onDelta ends the
	// request and is returned. Ending ctx ends the request at the provider. A stream that ends without its terminal event is
	// Upstream OPENAI_ERROR, as is every other failure that may pass; Invalid is a request that will never be taken, NotFound
	// a model (it wraps ErrModelGone) or a conversation that is gone; Unavailable OPENAI_NOT_CONFIGURED where there is no
	// provider.
	Answer(ctx context.Context, p Prompt, onDelta func(text string) error) (Answer, error)
}

// Prompt is everything that a model reads for one answer, in this order: Instructions, what Conversation holds, Context,
// History, Question. Empty parts are left out.
type Prompt struct {
	Model        string
	Instructions string
	Temperature  *float64 // only set for a model that takes it
	TopP         *float64 // likewise
	Stores       []string // vector stores that the model may search
	Context      string   // what the question is about
	History      []Turn   // oldest first
	Question     string
	Conversation string // the provider's conversation, which this turn extends; "" has the provider keep nothing
}

// Turn is one thing that was said in a chat.
type Turn struct {
	Role Role
	Text string
}

// Role is who says something in a chat.
type Role = agents.Role

// Answer is what a model said in all, and what that took.
type Answer struct {
	Text       string
	ResponseID string
	Model      string // the one that answered, which may be a dated version of the one that was asked
	Usage      Usage
}

// Usage is what an answer took, in tokens.
type Usage = agents.Usage

// Conversations keeps chats at the provider: a cache, which saves sending everything again.
type Conversations interface {
	// Create makes an empty conversation and returns its ID.
	Create(ctx context.Context) (string, error)
	// Delete removes a conversation with every item in it. One that is gone is no error.
	Delete(ctx context.Context, id string) error
}

// UsageLedger enters what answers took into the books.
type UsageLedger interface {
	// Record enters what a chat's answer took, in the caller's transaction, and returns what it costs in millionths of a US
	// dollar; nil when nobody has published a price for the model. Recording the same answer again changes nothing.
	Record(ctx context.Context, ws kernel.WorkspaceID, use Use) (cost *int64, err error)
}

// Use is what one answer of a chat took.
type Use struct {
	Meeting MeetingID
	Source  agents.MessageID // the answer
	Model   string
	Tokens  Usage
	At      time.Time
}

// Material gives what agents are told about meetings.
type Material interface {
	// Of returns what is known of a meeting that the actor may see. NotFound MEETING_NOT_FOUND, Forbidden, Conflict
	// TRANSCRIPT_NOT_READY.
	Of(ctx context.Context, actor kernel.Principal, id MeetingID) (MeetingMaterial, error)
}

// MeetingMaterial is what an agent is told about a meeting, and when in it somebody speaks.
type MeetingMaterial struct {
	Type     agents.MeetingType
	Briefing agents.Briefing
	Moments  []agents.Moment
}

// ChatRef names a chat by whose and about what it is.
type ChatRef struct {
	Meeting MeetingID
	Agent   agents.Key
	Rep     kernel.RepID
}

// Chats keeps chats. Every method stays inside the given workspace and runs in the caller's transaction or read.
type Chats interface {
	// Lock returns the chat of the same person, agent and meeting, which is the given one when there was none, and holds its
	// row until the transaction ends.
	Lock(ctx context.Context, c agents.Chat) (agents.Chat, error)
	// Find returns a chat.
	Find(ctx context.Context, ws kernel.WorkspaceID, ref ChatRef) (agents.Chat, bool, error)
	// SetConversation notes the provider's conversation and the hash of what it was told about the meeting, and reports
	// whether the chat is still there.
	SetConversation(ctx context.Context, ws kernel.WorkspaceID, id agents.ChatID, conversation, told string) (bool, error)
	// LockAbout returns everybody's chats about a meeting, and holds their rows until the transaction ends.
	LockAbout(ctx context.Context, ws kernel.WorkspaceID, meeting MeetingID) ([]agents.Chat, error)
	// Remove deletes a chat with its messages.
	Remove(ctx context.Context, ws kernel.WorkspaceID, id agents.ChatID) error
}

// ChatMessages keeps what is said in chats. It runs as Chats does.
type ChatMessages interface {
	// Add stores a question.
	Add(ctx context.Context, m agents.Message) error
	// Last returns a stretch of the chat's messages, oldest first: the last ones, or those before the page's cursor. The
	// cursor that it returns leads to the ones before; "" when there are none.
	Last(ctx context.Context, ws kernel.WorkspaceID, chat agents.ChatID, p kernel.Page) ([]agents.Message, kernel.Cursor, error)
	// Find returns one message.
	Find(ctx context.Context, ws kernel.WorkspaceID, id agents.MessageID) (agents.Message, bool, error)
	// End stores an answer that has ended, and reports whether it was still being made.
	End(ctx context.Context, m agents.Message) (bool, error)
}

// Runs keeps answers that are being made. Whoever makes one holds a lease on it, which ends when its process does. It runs
// as Chats does.
type Runs interface {
	// Begin stores a new answer under a lease. Conflict RUN_IN_PROGRESS while another one of its chat is being made.
	Begin(ctx context.Context, answer agents.Message, lease time.Duration) error
	// Keep stores what there is of answers by now, renews their leases, and returns those that are to go on: the others have
	// been removed.
	Keep(ctx context.Context, ws kernel.WorkspaceID, answers []agents.Message, lease time.Duration) ([]agents.MessageID, error)
	// Watch notes that somebody follows the answer for so long, through whatever process.
	Watch(ctx context.Context, ws kernel.WorkspaceID, id agents.MessageID, d time.Duration) error
	// IsWatched reports whether somebody does.
	IsWatched(ctx context.Context, ws kernel.WorkspaceID, id agents.MessageID) (bool, error)
	// EndInterrupted ends the chat's answer whose lease has passed, if there is one: failed, RUN_INTERRUPTED.
	EndInterrupted(ctx context.Context, ws kernel.WorkspaceID, chat agents.ChatID, at time.Time) error
}
