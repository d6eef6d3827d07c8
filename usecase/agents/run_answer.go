package agentsuc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

// endWithin bounds the storing of an answer that has ended, and retries of it.
const endWithin = 15 * time.Second

// answer makes one answer, from the first word to the stored end.
func (r *Runner) answer(ctx context.Context, run *liveRun, plan answerPlan) {
	asking, cancel := context.WithTimeout(ctx, r.settings.Within)
	defer cancel()
	citer := agents.NewCiter(plan.moments)
	asked := false
	prompt, given, err := r.converse(asking, &plan, func(ctx context.Context, p Prompt) (Answer, error) {
		asked = true
		return r.models.ask(ctx, run.workspace, r.Model, p, func(piece string) error {
			if shown := citer.Feed(clean(piece)); shown != "" {
				run.add(shown)
			}
			return context.Cause(ctx)
		})
	}, run)
	if rest := citer.Rest(); rest != "" {
		run.add(rest)
	}
	m, _ := run.progress()
	m.Citations, m.AgentVersion, m.CreatedAt = citer.Citations(), plan.answer.AgentVersion, plan.answer.CreatedAt
	m.Model, m.Usage = given.Model, given.Usage
	if cut := m.Text != "" || context.Cause(ctx) != nil; asked && cut && m.Usage == (Usage{}) {
		m.Usage = plan.estimate(m.Text)
	}
	if err == nil && m.Text == "" {
		err = fault.Wrap(fault.Upstream, agents.AnswerFailed, errors.New("the model said nothing"))
	}
	status, code := outcome(err, context.Cause(ctx))
	m.End(status, code, r.Clock.Now())
	if status == agents.MessageFailed {
		r.settings.Report(ctx, run.workspace, run.message, fmt.Errorf("answer in a chat: %w", errors.Join(err, context.Cause(ctx))))
	}
	err = r.store(context.WithoutCancel(ctx), plan, prompt.Conversation, m)
	if err != nil {
		r.settings.Report(ctx, run.workspace, run.message, fmt.Errorf("store the end of an answer: %w", err))
	}
	switch {
	case errors.Is(err, errEnded):
		run.end(false, cmp.Or(code, agents.RunInterrupted))
	case err != nil:
		run.end(false, fault.InternalCode) // its lease passes, and then the row says that it was interrupted
	default:
		run.end(status == agents.MessageCompleted, code)
	}
}

// clean takes out what cannot be stored.
func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

// outcome is how an answer ended, from what its making and the end of its context say.
func outcome(err, cause error) (agents.MessageStatus, fault.Code) {
	switch {
	case err == nil:
		return agents.MessageCompleted, ""
	case errors.Is(cause, errAbandoned), errors.Is(cause, errRemoved):
		return agents.MessageCancelled, agents.RunCancelled
	case errors.Is(cause, errInterrupted):
		return agents.MessageFailed, agents.RunInterrupted
	case fault.CodeOf(err) == agents.AnswerUnavailable:
		return agents.MessageFailed, agents.AnswerUnavailable
	default:
		return agents.MessageFailed, agents.AnswerFailed
	}
}

// converse asks in the provider's conversation, which it makes where there is none that serves. A conversation that the
// provider does not take is left, and everything is sent once more; so it is when it cannot be made.
func (r *Runner) converse(ctx context.Context, plan *answerPlan, ask func(context.Context, Prompt) (Answer, error), run *liveRun) (Prompt, Answer, error) {
	if plan.continues() {
		p := plan.prompt
		p.Context, p.History, p.Conversation = "", nil, plan.chat.Conversation
		given, err := ask(ctx, p)
		kind := fault.KindOf(err)
		if begun, _ := run.progress(); err == nil || begun.Text != "" || kind != fault.NotFound && kind != fault.Invalid {
			return p, given, err
		}
	}
	p := plan.prompt
	p.Conversation = r.beginConversation(ctx, plan)
	given, err := ask(ctx, p)
	return p, given, err
}

// beginConversation makes a conversation at the provider and notes it before it is used, so that it is never lost sight of:
// until it has been told everything it only serves to be deleted.
func (r *Runner) beginConversation(ctx context.Context, plan *answerPlan) string {
	id, err := r.Conversations.Create(ctx)
	if err != nil || id == "" {
		return ""
	}
	err = r.Tx.InTx(context.WithoutCancel(ctx), plan.chat.Workspace, func(ctx context.Context) error {
		return r.replaceConversation(ctx, plan.chat, id, "")
	})
	if err != nil {
		r.settings.Report(ctx, plan.chat.Workspace, plan.answer.ID, fmt.Errorf("note the conversation of a chat: %w", err))
		return ""
	}
	plan.chat.Conversation, plan.chat.Told = id, ""
	return id
}

// replaceConversation gives a chat another conversation, and has the provider forget the one before. When the chat is gone,
// the new one is forgotten too.
func (r *Runner) replaceConversation(ctx context.Context, c agents.Chat, id, told string) error {
	there, err := r.chats.SetConversation(ctx, c.Workspace, c.ID, id, told)
	if err != nil {
		return err
	}
	if c.Conversation != id {
		err = r.forgetLater(ctx, c, c.Conversation)
	}
	if err == nil && !there {
		err = r.forgetLater(ctx, c, id)
	}
	return err
}

func (r *Runner) forgetLater(ctx context.Context, c agents.Chat, conversation string) error {
	if conversation == "" {
		return nil
	}
	_, err := r.Jobs.Enqueue(ctx, c.Workspace, ForgetConversation{Conversation: conversation})
	return err
}

// errEnded says that somebody else has ended an answer meanwhile: its lease had passed, or its chat was begun anew.
var errEnded = errors.New("the answer has been ended by somebody else")

// store stores an answer that has ended, what it cost, and which conversation goes on: only one that holds all that was
// said here. It tries for a while, since readers are told of the end only afterwards. An answer that is ended already stays
// as it is, and so does its chat, errEnded; what it took is entered all the same.
func (r *Runner) store(ctx context.Context, plan answerPlan, conversation string, m agents.Message) error {
	ctx, cancel := context.WithTimeout(ctx, endWithin)
	defer cancel()
	for pause := 100 * time.Millisecond; ; pause *= 2 {
		err := r.Tx.InTx(ctx, m.Workspace, func(ctx context.Context) error { return r.storeOnce(ctx, plan, conversation, m) })
		if errors.Is(err, errEnded) {
			return errors.Join(err, r.Tx.InTx(ctx, m.Workspace, func(ctx context.Context) error {
				_, err := r.enter(ctx, plan, m)
				return err
			}))
		}
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

func (r *Runner) storeOnce(ctx context.Context, plan answerPlan, conversation string, m agents.Message) error {
	told := plan.told
	if m.Status != agents.MessageCompleted {
		conversation, told = "", ""
	}
	if conversation != plan.chat.Conversation || told != plan.chat.Told {
		if err := r.replaceConversation(ctx, plan.chat, conversation, told); err != nil {
			return err
		}
	}
	var err error
	if m.CostMicros, err = r.enter(ctx, plan, m); err != nil {
		return err
	}
	ended, err := r.messages.End(ctx, m)
	if err == nil && !ended {
		err = errEnded // and so nothing of this is kept
	}
	return err
}

// enter enters what an answer took into the books, and returns what it costs.
func (r *Runner) enter(ctx context.Context, plan answerPlan, m agents.Message) (*int64, error) {
	if m.Usage == (Usage{}) {
		return nil, nil
	}
	return r.usage.Record(ctx, m.Workspace, Use{Meeting: plan.meeting, Source: m.ID, Model: m.Model, Tokens: m.Usage, At: *m.EndedAt})
}
