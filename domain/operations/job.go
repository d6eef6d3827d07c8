// Package operations holds what an operator sees of the work that is done in the background.
package operations

import (
	"encoding/json"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// JobNotFound is the code for a job that is not there, or is another workspace's.
const JobNotFound fault.Code = "JOB_NOT_FOUND"

// JobNotInState is the code of a decision that the job's state does not allow (any more).
const JobNotInState fault.Code = "JOB_NOT_IN_STATE"

// JobState is where a job stands: pending, running, done, dead, unknown or cancelled.
type JobState string

// JobStates returns every state.
func JobStates() []JobState {
	return []JobState{"pending", "running", "done", "dead", "unknown", "cancelled"}
}

// Job is a row of the ledger. Zero times are unknown.
type Job struct {
	ID          string
	Workspace   kernel.WorkspaceID
	Kind        string
	State       JobState
	Payload     json.RawMessage // may be private: for an operator's eyes only
	Attempt     int
	MaxAttempts int
	RunAt       time.Time
	CreatedAt   time.Time
	StartedAt   time.Time
	FinishedAt  time.Time
	LastError   string
	RequestID   string
}

// KindHealth is how one kind of jobs fares in one workspace.
type KindHealth struct {
	Kind                    string
	Pending, Running        int
	Failed                  int     // dead and unknown: somebody has to decide
	OldestPendingAgeSeconds float64 // 0 when nothing waits
	Done24h                 int
	P50, P95                float64 // run time of those, in milliseconds
}

// Health is how all kinds fare, and when the scheduler last looked (zero: never).
type Health struct {
	Kinds    []KindHealth
	LastTick time.Time
}
