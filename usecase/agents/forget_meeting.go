package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// ForgetMeeting has the provider forget what was said in the chats about a meeting that is being deleted. The chats go with
// the meeting's row, and with them the only trace of the provider's conversations: so it runs before, in the transaction
// that deletes it. It stands beside ChatUseCases, because meetings need it and chats need meetings.
type ForgetMeeting struct {
	chats Chats
	jobs  port.Jobs
}

// NewForgetMeeting builds it.
func NewForgetMeeting(p Shared, chats Chats) *ForgetMeeting {
	return &ForgetMeeting{chats: chats, jobs: p.Jobs}
}

// Execute enqueues the deletion of every conversation. An answer that is being made meanwhile finds its chat gone, is
// cancelled, and has its own conversation forgotten.
func (uc *ForgetMeeting) Execute(ctx context.Context, ws kernel.WorkspaceID, id MeetingID) error {
	chats, err := uc.chats.LockAbout(ctx, ws, id)
	if err != nil {
		return fmt.Errorf("forget the chats about a meeting: %w", err)
	}
	for _, c := range chats {
		if c.Conversation == "" {
			continue
		}
		if _, err := uc.jobs.Enqueue(ctx, ws, ForgetConversation{Conversation: c.Conversation}); err != nil {
			return fmt.Errorf("forget the chats about a meeting: %w", err)
		}
	}
	return nil
}
