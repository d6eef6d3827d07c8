package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
)

// ResetChat begins the actor's chat with an agent about a meeting anew: everything that was said is deleted, here at once
// and at the provider by a job that goes on trying. An answer that is being made is cancelled. A chat that was never begun
// is no error.
//
// Allowed: whose chat it is.
// Errors: NotFound MEETING_NOT_FOUND or AGENT_NOT_FOUND, Forbidden.
type ResetChat struct{ *ChatQueries }

// Execute deletes the chat.
func (uc *ResetChat) Execute(ctx context.Context, of ChatOf) error {
	chat, found, err := uc.chat(ctx, of)
	if err != nil {
		return fmt.Errorf("reset a chat: %w", err)
	}
	if !found {
		return nil
	}
	err = uc.Tx.InTx(ctx, chat.Workspace, func(ctx context.Context) error {
		return uc.remove(ctx, chat)
	})
	if err != nil {
		return fmt.Errorf("reset a chat: %w", err)
	}
	uc.cancelChat(chat.ID, errRemoved) // another process finds out when it stores what it has
	return nil
}

func (uc *ResetChat) remove(ctx context.Context, found agents.Chat) error {
	chat, err := uc.chats.Lock(ctx, found)
	if err != nil {
		return err
	}
	if err := uc.forgetLater(ctx, chat, chat.Conversation); err != nil {
		return err
	}
	return uc.chats.Remove(ctx, chat.Workspace, chat.ID)
}
