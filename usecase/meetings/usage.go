package meetingsuc

import (
	"context"
	"errors"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// UsageLedger is told what meetings use at vendors; billing keeps it.
type UsageLedger interface {
	// Record notes uses, in the caller's transaction where there is one. A source that is known is not noted again.
	Record(ctx context.Context, ws kernel.WorkspaceID, uses ...Use) error
}

// Use is what one meeting used. Exactly one of Tokens, Attendance and StoredBytes is meant.
type Use struct {
	Meeting     meetings.ID
	Source      string // what used it: an analysis, a notetaker, a meeting's day in the store
	At          time.Time
	Model       string // that took the tokens
	Tokens      meetings.Usage
	Attendance  meetings.Attendance
	StoredBytes int64 // for one day
}

// StoredMedia knows how much of the store meetings take.
type StoredMedia interface {
	// Stored returns up to limit meetings that hold media, by ID after the given one, with the bytes of each.
	Stored(ctx context.Context, ws kernel.WorkspaceID, after meetings.ID, limit int) ([]StoredBytes, error)
}

// StoredBytes is what one meeting holds in the store.
type StoredBytes struct {
	Meeting meetings.ID
	Bytes   int64
}

// SpentError is a failure that was paid for: a model answered, and its answer is of no use.
type SpentError struct {
	Model string
	Usage meetings.Usage
	Cause error
}

// Error says what went wrong.
func (e *SpentError) Error() string { return e.Cause.Error() }

// Unwrap returns the cause.
func (e *SpentError) Unwrap() error { return e.Cause }

// recordSpent notes what a failed analysis has cost; other failures cost nothing. That it cannot be noted does not hide the
// failure itself.
func (uc *RunAnalysis) recordSpent(ctx context.Context, in AnalyzeInput, paid []Use, err error) error {
	if spent, ok := errors.AsType[*SpentError](err); ok {
		paid = append(paid, uc.tokens(in, spent.Model, spent.Usage))
	}
	if len(paid) == 0 {
		return err
	}
	return errors.Join(err, uc.usage.Record(ctx, in.Workspace, paid...))
}

// tokens is what was paid for and leaves nothing that could be its source.
func (uc *RunAnalysis) tokens(in AnalyzeInput, model string, tokens meetings.Usage) Use {
	return Use{Meeting: in.Meeting, Source: uc.ids.New(), At: uc.clock.Now(), Model: model, Tokens: tokens}
}
