package meetingsuc

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// AddCorrectionInput is a new transcript correction.
type AddCorrectionInput struct {
	Actor  kernel.Principal
	Wrong  string
	Right  string
	Active bool
}

// Validate returns what is wrong with the correction: Invalid VALIDATION_ERROR.
func (in AddCorrectionInput) Validate() error {
	var f fault.Fields
	meetings.Correction{Wrong: in.Wrong, Right: in.Right}.Tidy().Check(&f)
	return f.Err()
}

// AddCorrection has a word, or a few in a row, put right in every analysis from now on. Analyses of before stay as they are
// until somebody has them made again; what is searched and counted follows by a job.
//
// Allowed: an admin. Errors: Forbidden, Invalid VALIDATION_ERROR, Conflict TRANSCRIPT_CORRECTION_EXISTS or
// TRANSCRIPT_CORRECTION_LIMIT.
type AddCorrection struct {
	tx          port.Transactor
	corrections Corrections
	jobs        port.Jobs
	clock       port.Clock
	ids         port.IDs
}

// Execute returns the stored correction.
func (uc *AddCorrection) Execute(ctx context.Context, in AddCorrectionInput) (meetings.Correction, error) {
	if err := adminsOnly(in.Actor); err != nil {
		return meetings.Correction{}, fmt.Errorf("add transcript correction: %w", err)
	}
	if err := in.Validate(); err != nil {
		return meetings.Correction{}, fmt.Errorf("add transcript correction: %w", err)
	}
	now := uc.clock.Now()
	c := meetings.Correction{
		ID: meetings.CorrectionID(uc.ids.New()), Workspace: in.Actor.Workspace, Wrong: in.Wrong, Right: in.Right, Active: in.Active,
		CreatedBy: in.Actor.Rep, CreatedAt: now, UpdatedAt: now,
	}.Tidy()
	err := uc.tx.InTx(ctx, c.Workspace, func(ctx context.Context) error {
		known, err := uc.corrections.Count(ctx, c.Workspace)
		if err != nil {
			return err
		}
		if known >= meetings.MaxCorrections {
			return fault.New(fault.Conflict, meetings.CorrectionLimit).With("max", strconv.Itoa(meetings.MaxCorrections))
		}
		if err := uc.corrections.Add(ctx, c); err != nil || !c.Active {
			return err
		}
		return rereadLater(ctx, uc.jobs, c.Workspace, now)
	})
	if err != nil {
		return meetings.Correction{}, fmt.Errorf("add transcript correction: %w", err)
	}
	return c, nil
}
