package meetingsuc

import (
	"context"
	"errors"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// Evaluators knows how a workspace has its meetings judged; the agents keep it.
type Evaluators interface {
	LostFiles
	// Panel returns them as they are now: an analysis goes by what held when it began, or when a model was replaced.
	Panel(ctx context.Context, ws kernel.WorkspaceID) (Panel, error)
	// Retire notes that the provider answers for a model no more, tells the admins once, and reports whether another model
	// takes its place.
	Retire(ctx context.Context, ws kernel.WorkspaceID, model string) (replaced bool, err error)
}

// Panel is how one analysis is made.
type Panel interface {
	// For returns what judges meetings of a type and, of sales, of a stage. Where none is in use, what it returns has no key
	// and no instructions: the general rules are enough.
	For(t meetings.Type, s meetings.Subtype) Evaluator
	// Detector returns what tells the stages of a sale apart.
	Detector() Detector
}

// Evaluator is what judges a meeting: an agent's instructions and how to run them.
type Evaluator struct {
	Key          string // empty: none is in use
	Version      int    // of the instructions
	Instructions string
	Model        string
	Temperature  *float64 // set only for a model that takes it
	TopP         *float64 // likewise
	Stores       []string // of files and lessons, which the model searches
}

// Detector is how the stage of a sale is told.
type Detector struct {
	Model  string
	Stages []meetings.Subtype // to choose from; one or none needs no choice
}

// ErrModelGone says that the provider answers for the model no more.
var ErrModelGone = errors.New("the model is gone")

// successions is how many models are tried, one taking another's place, before a run gives up.
const successions = 3
