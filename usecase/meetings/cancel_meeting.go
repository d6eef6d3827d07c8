package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// CancelMeeting calls a scheduled meeting off. The notetaker is called off by a job, which outlives a vendor's outage.
//
// Allowed: who may change the meeting. Errors: NotFound MEETING_NOT_FOUND, Forbidden, Conflict INVALID_STATE.
type CancelMeeting struct{ *changer }

// Execute returns the cancelled meeting.
func (uc *CancelMeeting) Execute(ctx context.Context, actor kernel.Principal, id meetings.ID) (meetings.Meeting, error) {
	m, err := uc.change(ctx, actor.Workspace, id, func(ctx context.Context, m *meetings.Meeting) error {
		if err := meetings.CanWrite(actor, *m); err != nil {
			return err
		}
		cancelled, ok := m.Apply(meetings.Cancel(uc.clock.Now()))
		if !ok {
			return meetings.WrongState(m.Status)
		}
		*m = cancelled
		_, err := uc.jobs.Enqueue(ctx, m.Workspace, ReleaseNotetaker{Meeting: m.ID})
		return err
	})
	if err != nil {
		return meetings.Meeting{}, fmt.Errorf("cancel meeting: %w", err)
	}
	return m, nil
}
