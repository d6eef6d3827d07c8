package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// ChangeCorrectionInput changes what is set in it.
type ChangeCorrectionInput struct {
	Actor      kernel.Principal
	Correction meetings.CorrectionID
	Wrong      meetings.Change[string]
	Right      meetings.Change[string]
	Active     meetings.Change[bool]
}

// apply returns the correction as it is to be, or Invalid VALIDATION_ERROR.
func (in ChangeCorrectionInput) apply(c meetings.Correction) (meetings.Correction, error) {
	if in.Wrong.Set {
		c.Wrong = in.Wrong.To
	}
	if in.Right.Set {
		c.Right = in.Right.To
	}
	if in.Active.Set {
		c.Active = in.Active.To
	}
	c = c.Tidy()
	var f fault.Fields
	c.Check(&f)
	return c, f.Err()
}

// ChangeCorrection changes a transcript correction, or switches it on or off. Analyses of before stay as they are; what is searched
// and counted follows by a job.
//
// Allowed: an admin. Errors: Forbidden, NotFound TRANSCRIPT_CORRECTION_NOT_FOUND, Invalid VALIDATION_ERROR, Conflict
// TRANSCRIPT_CORRECTION_EXISTS.
type ChangeCorrection struct {
	tx          port.Transactor
	corrections Corrections
	jobs        port.Jobs
	clock       port.Clock
}

// Execute returns the changed correction.
func (uc *ChangeCorrection) Execute(ctx context.Context, in ChangeCorrectionInput) (c meetings.Correction, err error) {
	if err := adminsOnly(in.Actor); err != nil {
		return meetings.Correction{}, fmt.Errorf("change transcript correction: %w", err)
	}
	err = uc.tx.InTx(ctx, in.Actor.Workspace, func(ctx context.Context) error {
		stored, err := uc.corrections.Lock(ctx, in.Actor.Workspace, in.Correction)
		if err != nil {
			return err
		}
		if c, err = in.apply(stored); err != nil {
			return err
		}
		c.UpdatedAt = uc.clock.Now()
		if err := uc.corrections.Save(ctx, c); err != nil || !c.Active && !stored.Active {
			return err
		}
		return rereadLater(ctx, uc.jobs, c.Workspace, c.UpdatedAt)
	})
	if err != nil {
		return meetings.Correction{}, fmt.Errorf("change transcript correction: %w", err)
	}
	return c, nil
}
