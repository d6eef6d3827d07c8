package agentsbridge

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var _ meetingsuc.Chats = Chats{}

// Chats implements meetingsuc.Chats.
type Chats struct{ forget *agentsuc.ForgetMeeting }

// NewChats makes the bridge.
func NewChats(uc *agentsuc.ForgetMeeting) Chats { return Chats{forget: uc} }

// Forget implements meetingsuc.Chats.
func (b Chats) Forget(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) error {
	return b.forget.Execute(ctx, ws, agentsuc.MeetingID(id))
}
