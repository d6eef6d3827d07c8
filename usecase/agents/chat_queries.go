package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ChatOf names the actor's chat with an agent about a meeting.
type ChatOf struct {
	Actor   kernel.Principal
	Meeting MeetingID
	Agent   agents.Key
}

// ChatQueries reads chats, each for the person whose it is.
type ChatQueries struct {
	*Runner
	agents *Queries
}

// Messages returns a stretch of the actor's chat, oldest first: the last messages, or those before the page's cursor. The
// chat with an agent that was archived since can still be read.
// Errors: NotFound MEETING_NOT_FOUND, Forbidden; NotFound AGENT_NOT_FOUND for what is no follow-up agent.
func (q *ChatQueries) Messages(ctx context.Context, of ChatOf, p kernel.Page) (list []agents.Message, before kernel.Cursor, err error) {
	chat, found, err := q.chat(ctx, of)
	if err != nil {
		return nil, "", fmt.Errorf("read a chat: %w", err)
	}
	if !found {
		return nil, "", nil
	}
	p.Limit = p.Size()
	err = q.Reader.Read(ctx, chat.Workspace, func(ctx context.Context) error {
		list, before, err = q.messages.Last(ctx, chat.Workspace, chat.ID, p)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("read a chat: %w", err)
	}
	return list, before, nil
}

// chat finds the actor's chat, if it was begun.
func (q *ChatQueries) chat(ctx context.Context, of ChatOf) (c agents.Chat, found bool, err error) {
	if of.Actor.Rep == "" { // a chat is somebody's
		return c, false, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	if _, err := q.agents.meetings.Visible(ctx, of.Actor, of.Meeting); err != nil {
		return c, false, err
	}
	agent, err := q.agents.find(ctx, of.Actor.Workspace, of.Agent)
	if err != nil {
		return c, false, err
	}
	if agent.Kind != agents.FollowUp {
		return c, false, agents.NotFound()
	}
	err = q.Reader.Read(ctx, of.Actor.Workspace, func(ctx context.Context) error {
		c, found, err = q.chats.Find(ctx, of.Actor.Workspace, ChatRef{Meeting: of.Meeting, Agent: of.Agent, Rep: of.Actor.Rep})
		return err
	})
	return c, found, err
}
