package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// RemoveTracker deletes a tracker with its counts.
//
// Allowed: an admin.
// Errors: Forbidden, NotFound TRACKER_NOT_FOUND.
type RemoveTracker struct {
	tx       port.Transactor
	trackers Trackers
}

// Execute deletes one tracker.
func (uc *RemoveTracker) Execute(ctx context.Context, actor kernel.Principal, id meetings.TrackerID) error {
	if !actor.IsAdmin() {
		return fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	err := uc.tx.InTx(ctx, actor.Workspace, func(ctx context.Context) error { return uc.trackers.Remove(ctx, actor.Workspace, id) })
	if err != nil {
		return fmt.Errorf("remove tracker: %w", err)
	}
	return nil
}
