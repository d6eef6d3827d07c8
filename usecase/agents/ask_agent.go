package agentsuc

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// AskAgentInput is a question about a meeting.
type AskAgentInput struct {
	Actor    kernel.Principal
	Meeting  MeetingID
	Agent    agents.Key
	Question string
	Key      port.IdempotencyKey // a repetition leads to the answer that the first one began
}

// Run is an answer in the making, with the caller as its first follower: who takes it closes it.
type Run struct {
	Following

	Answer agents.MessageID
}

// AskAgent begins an answer to a question in the actor's chat with an agent about a meeting. One that nobody follows any
// more is cancelled.
//
// Allowed: who may see the meeting; the chat is the actor's own.
// Errors: Invalid MISSING_PARAM or VALIDATION_ERROR; NotFound MEETING_NOT_FOUND, Forbidden; NotFound AGENT_NOT_FOUND for
// what is no active follow-up agent for such meetings; Conflict TRANSCRIPT_NOT_READY; Conflict RUN_IN_PROGRESS while the
// last answer is being made; Conflict IDEMPOTENCY_KEY_REUSED. What goes wrong later is the last frame of the answer.
type AskAgent struct {
	*Runner
	agents   *Queries
	material Material
	keys     port.Idempotency
}

// Execute returns the answer, followed from its first frame.
func (uc *AskAgent) Execute(ctx context.Context, in AskAgentInput) (Run, error) {
	plan, err := uc.plan(ctx, in)
	if err != nil {
		return Run{}, fmt.Errorf("ask an agent: %w", err)
	}
	earlier := ""
	err = uc.Tx.InTx(ctx, in.Actor.Workspace, func(ctx context.Context) error {
		earlier, err = uc.keys.Reserve(ctx, in.Actor.Workspace, in.Key, plan.answer.ID.String())
		if err != nil || earlier != "" {
			return err
		}
		return uc.begin(ctx, &plan)
	})
	if err != nil {
		return Run{}, fmt.Errorf("ask an agent: %w", err)
	}
	if earlier == "" {
		uc.start(ctx, plan)
	}
	id := agents.MessageID(cmp.Or(earlier, plan.answer.ID.String()))
	return Run{Following: uc.follow(in.Actor.Workspace, id, 0), Answer: id}, nil
}

// Validate checks the question.
func (in AskAgentInput) Validate() error {
	if strings.TrimSpace(in.Question) == "" {
		return fault.New(fault.Invalid, fault.MissingParam).With("name", "question")
	}
	var f fault.Fields
	f.Require(utf8.RuneCountInString(in.Question) <= agents.MaxAsked, "question", fault.TooLong, "max", fmt.Sprint(agents.MaxAsked))
	return f.Err()
}

// begin stores the question and the answer to come, under the chat's lock.
func (uc *AskAgent) begin(ctx context.Context, plan *answerPlan) error {
	chat, err := uc.chats.Lock(ctx, plan.chat)
	if err != nil {
		return err
	}
	now := plan.answer.CreatedAt
	if err := uc.runs.EndInterrupted(ctx, chat.Workspace, chat.ID, now); err != nil {
		return err
	}
	said, before, err := uc.messages.Last(ctx, chat.Workspace, chat.ID, kernel.Page{Limit: kernel.MaxPageSize})
	if err != nil {
		return err
	}
	plan.remember(chat, said, before == "")
	asked := agents.Message{
		ID: plan.question, Workspace: chat.Workspace, Chat: chat.ID, Role: agents.RoleUser, Text: plan.prompt.Question,
		Status: agents.MessageCompleted, CreatedAt: now, EndedAt: &now,
	}
	if err := uc.messages.Add(ctx, asked); err != nil {
		return err
	}
	if err := uc.runs.Begin(ctx, plan.answer, uc.settings.Lease); err != nil {
		return err
	}
	_, err = uc.Jobs.Enqueue(ctx, chat.Workspace, EndInterruptedRun{Chat: chat.ID, Answer: plan.answer.ID}, port.At(now.Add(uc.settings.Lease)))
	return err
}
