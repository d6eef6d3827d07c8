// Package operationsuc holds what an operator and the scheduler do with the work in the background. See README.md.
package operationsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/operations"
)

// Jobs is the ledger as an operator sees it.
type Jobs interface {
	// List returns jobs, newest first, and the cursor of the next page, "" after the last.
	List(ctx context.Context, ws kernel.WorkspaceID, f JobFilter, page kernel.Page) ([]operations.Job, kernel.Cursor, error)
	// Get returns one job of any workspace. NotFound JOB_NOT_FOUND.
	Get(ctx context.Context, id string) (operations.Job, error)
	// Decide carries out a decision. Conflict JOB_NOT_IN_STATE when the job's state does not allow it (any more).
	Decide(ctx context.Context, id string, d Decision) error
	// Health reports on every kind in one workspace.
	Health(ctx context.Context, ws kernel.WorkspaceID) (operations.Health, error)
}

// JobFilter narrows a list of jobs. Zero values do not.
type JobFilter struct {
	State operations.JobState
	Kind  string
}

// Decision is what an operator decides about a job.
type Decision string

// Decisions.
const (
	Replay      Decision = "replay"      // run a dead or cancelled job again
	Cancel      Decision = "cancel"      // give up a pending or running job
	Discard     Decision = "discard"     // give up a dead or unknown job
	Happened    Decision = "happened"    // the effect of an unknown job took place: it is done
	NotHappened Decision = "nothappened" // it did not: run it again
)

// Runner runs due jobs here and now.
type Runner interface {
	// RunDue works until nothing is due or the limit is reached, and returns how many attempts were made and failed.
	RunDue(ctx context.Context, limit time.Duration) (processed, failed int, err error)
}

// Purger deletes what is over and kept for nobody.
type Purger interface {
	// Purge deletes finished jobs, events, inbound events and idempotency keys from before a time, and returns how many jobs.
	Purge(ctx context.Context, ws []kernel.WorkspaceID, before time.Time) (jobs int, err error)
}

// StorageMeter notes how much of the store a workspace takes, once a day; meetings own what lies there.
type StorageMeter interface {
	Execute(ctx context.Context, ws kernel.WorkspaceID) (meetings int, err error)
}

// MediaSweeper deletes recordings whose retention is over; meetings own them.
type MediaSweeper interface {
	Execute(ctx context.Context, ws kernel.WorkspaceID) (deleted int, err error)
}

// CallSweeper erases what is personal of batches of calls whose retention is over; batch calls own them.
type CallSweeper interface {
	Execute(ctx context.Context, ws kernel.WorkspaceID) (batches int, err error)
}

// Workspaces knows all tenants; identity owns them.
type Workspaces interface {
	All(ctx context.Context) ([]kernel.WorkspaceID, error)
}
