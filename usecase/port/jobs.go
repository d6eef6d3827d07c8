package port

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// JobID names a job in the ledger.
type JobID string

// Job is the payload of work to be done later: plain data that encodes to JSON.
type Job interface {
	// Kind is the stable name under which the handler is registered, as in "analyze_transcript".
	Kind() string
}

// UniqueJob is a job of which at most one may be pending for a key.
type UniqueJob interface {
	Job
	// Unique is the business key, unique per workspace and kind.
	Unique() string
}

// Jobs is the ledger of work to be done.
type Jobs interface {
	// Enqueue stores the job in the caller's transaction and returns its ID: it exists if and only if that commits.
	// A unique job that is still pending is not doubled: its ID is returned. Delivery is at least once.
	Enqueue(ctx context.Context, ws kernel.WorkspaceID, job Job, opts ...JobOption) (JobID, error)
	// Add is Enqueue where nobody asks for the ID, nor waits for the answer: the job goes with what the transaction says next.
	Add(ctx context.Context, ws kernel.WorkspaceID, job Job, opts ...JobOption) error
	// Finish marks the job that ctx runs in as done, in the caller's transaction, so that effect and finish are one.
	// Outside a job it does nothing.
	Finish(ctx context.Context) error
}

// JobSettings is what JobOptions set.
type JobSettings struct {
	At time.Time // not before; zero is now
}

// JobOption changes how one job is enqueued.
type JobOption func(*JobSettings)

// At holds the job back until t.
func At(t time.Time) JobOption { return func(s *JobSettings) { s.At = t } }
