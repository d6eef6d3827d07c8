package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Corrections keeps a workspace's transcript corrections, each for words of its own.
type Corrections interface {
	// Add stores a new correction. Conflict TRANSCRIPT_CORRECTION_EXISTS when there is one for the same words.
	Add(ctx context.Context, c meetings.Correction) error
	// Lock returns one correction and holds its row until the transaction ends. NotFound TRANSCRIPT_CORRECTION_NOT_FOUND.
	Lock(ctx context.Context, ws kernel.WorkspaceID, id meetings.CorrectionID) (meetings.Correction, error)
	// Save stores a correction whose row the transaction holds. Conflict as Add.
	Save(ctx context.Context, c meetings.Correction) error
	// Remove deletes a correction and reports whether there was one.
	Remove(ctx context.Context, ws kernel.WorkspaceID, id meetings.CorrectionID) (bool, error)
	// Count returns how many there are.
	Count(ctx context.Context, ws kernel.WorkspaceID) (int, error)
}

// CorrectionReads reads transcript corrections.
type CorrectionReads interface {
	// Active returns those that are applied, at most meetings.MaxCorrections.
	Active(ctx context.Context, ws kernel.WorkspaceID) ([]meetings.Correction, error)
	// List returns a stretch of them, all or only the active ones, by what they correct, and the cursor of the next.
	List(ctx context.Context, ws kernel.WorkspaceID, onlyActive bool, page kernel.Page) ([]meetings.Correction, kernel.Cursor, error)
}

// CorrectionUseCases are what can be done with transcript corrections.
type CorrectionUseCases struct {
	Add    *AddCorrection
	Change *ChangeCorrection
	Remove *RemoveCorrection

	reader port.Reader
	reads  CorrectionReads
}

func newCorrections(p Shared, s Storage) *CorrectionUseCases {
	return &CorrectionUseCases{
		Add:    &AddCorrection{tx: p.Tx, corrections: s.Corrections, jobs: p.Jobs, clock: p.Clock, ids: p.IDs},
		Change: &ChangeCorrection{tx: p.Tx, corrections: s.Corrections, jobs: p.Jobs, clock: p.Clock},
		Remove: &RemoveCorrection{tx: p.Tx, corrections: s.Corrections, jobs: p.Jobs, clock: p.Clock},
		reader: p.Reader, reads: s.CorrectionReads,
	}
}

// List returns a stretch of the corrections, by what they correct, and the cursor of the next. Every member may ask.
// Errors: Invalid VALIDATION_ERROR for the cursor.
func (q *CorrectionUseCases) List(ctx context.Context, actor kernel.Principal, onlyActive bool, page kernel.Page) (list []meetings.Correction, next kernel.Cursor, err error) {
	if actor.Role < kernel.Rep {
		return nil, "", fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		list, next, err = q.reads.List(ctx, actor.Workspace, onlyActive, page)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list transcript corrections: %w", err)
	}
	return list, next, nil
}

// corrected returns a transcript with the workspace's active corrections of now applied. It is for what models and people
// read; what was heard stays stored as it was.
func corrected(ctx context.Context, reads CorrectionReads, ws kernel.WorkspaceID, t meetings.Transcript) (meetings.Transcript, error) {
	active, err := reads.Active(ctx, ws)
	if err != nil {
		return meetings.Transcript{}, err
	}
	return meetings.NewCorrector(active).Apply(t), nil
}

// adminsOnly guards the changes of what holds for everybody in the workspace.
func adminsOnly(p kernel.Principal) error {
	if p.IsAdmin() {
		return nil
	}
	return fault.New(fault.Forbidden, fault.ForbiddenCode)
}
