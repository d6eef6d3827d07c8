package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

// FollowRunInput asks for the rest of an answer.
type FollowRunInput struct {
	ChatOf
	Answer agents.MessageID
	After  int // the number of the last frame that was seen; 0 is before the first
}

// FollowRun goes on with an answer of the actor's chat after a frame: the same frames as were or would have been sent, and
// nothing is asked of the model. The frame that says how the answer ended is always sent.
//
// Allowed: whose chat it is, who may still see the meeting.
// Errors: NotFound MEETING_NOT_FOUND, AGENT_NOT_FOUND or RUN_NOT_FOUND; Forbidden.
type FollowRun struct{ *ChatQueries }

// Execute returns the frames to come. Who takes them closes them.
func (uc *FollowRun) Execute(ctx context.Context, in FollowRunInput) (Following, error) {
	chat, found, err := uc.chat(ctx, in.ChatOf)
	if err != nil {
		return nil, fmt.Errorf("follow an answer: %w", err)
	}
	var m agents.Message
	if found {
		err = uc.Reader.Read(ctx, chat.Workspace, func(ctx context.Context) error {
			m, found, err = uc.messages.Find(ctx, chat.Workspace, in.Answer)
			return err
		})
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("follow an answer: %w", err)
	case !found || m.Chat != chat.ID || m.Role != agents.RoleAssistant:
		return nil, fmt.Errorf("follow an answer: %w", fault.New(fault.NotFound, agents.RunNotFound))
	}
	return uc.follow(chat.Workspace, in.Answer, in.After), nil
}
