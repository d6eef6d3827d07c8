package meetingsuc

import (
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// ErrStoreGone says that the provider does not have a store any more in which an evaluator was to search.
var ErrStoreGone = errors.New("the store is gone")

// LostFiles brings back what evaluators search in.
type LostFiles interface {
	// Restore has stores made again, by a job, that the provider does not have any more.
	Restore(ctx context.Context, ws kernel.WorkspaceID, stores []string) error
}

// analyze has the meeting judged. Where the evaluator's files are lost it goes by what was said alone, and a job brings them
// back.
func (uc *RunAnalysis) analyze(ctx context.Context, r AnalysisRequest) (meetings.Analysis, error) {
	a, err := uc.analyzer.Analyze(ctx, r)
	if !errors.Is(err, ErrStoreGone) {
		return a, err
	}
	if err := uc.evaluators.Restore(ctx, r.Meeting.Workspace, r.Evaluator.Stores); err != nil {
		return meetings.Analysis{}, fmt.Errorf("restore the evaluator's files: %w", err)
	}
	r.Evaluator.Stores = nil
	return uc.analyzer.Analyze(ctx, r)
}
