package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// RemoveCorrection deletes a transcript correction. Analyses of before stay as they are; what is searched and counted follows
// by a job.
//
// Allowed: an admin. Errors: Forbidden, NotFound TRANSCRIPT_CORRECTION_NOT_FOUND.
type RemoveCorrection struct {
	tx          port.Transactor
	corrections Corrections
	jobs        port.Jobs
	clock       port.Clock
}

// Execute deletes the correction.
func (uc *RemoveCorrection) Execute(ctx context.Context, actor kernel.Principal, id meetings.CorrectionID) error {
	if err := adminsOnly(actor); err != nil {
		return fmt.Errorf("remove transcript correction: %w", err)
	}
	err := uc.tx.InTx(ctx, actor.Workspace, func(ctx context.Context) error {
		found, err := uc.corrections.Remove(ctx, actor.Workspace, id)
		if err == nil && !found {
			err = fault.New(fault.NotFound, meetings.CorrectionNotFound)
		}
		if err != nil {
			return err
		}
		return rereadLater(ctx, uc.jobs, actor.Workspace, uc.clock.Now())
	})
	if err != nil {
		return fmt.Errorf("remove transcript correction: %w", err)
	}
	return nil
}
