package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// RemoveClip deletes a clip, not what it shows.
//
// Allowed: who may change the meeting.
// Errors: NotFound MEETING_NOT_FOUND or CLIP_NOT_FOUND, Forbidden.
type RemoveClip struct {
	tx       port.Transactor
	meetings Meetings
	clips    Clips
}

// Execute deletes one clip of a meeting.
func (uc *RemoveClip) Execute(ctx context.Context, actor kernel.Principal, meeting meetings.ID, id meetings.ClipID) error {
	err := uc.tx.InTx(ctx, actor.Workspace, func(ctx context.Context) error {
		m, err := uc.meetings.Get(ctx, actor.Workspace, meeting)
		if err != nil {
			return err
		}
		if err := meetings.CanWrite(actor, m); err != nil {
			return err
		}
		return uc.clips.Remove(ctx, actor.Workspace, meeting, id)
	})
	if err != nil {
		return fmt.Errorf("remove clip: %w", err)
	}
	return nil
}
