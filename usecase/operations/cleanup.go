package operationsuc

import (
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// CleanupStorage is the daily sweep as a job. The one that runs enqueues the next.
type CleanupStorage struct{}

// Kind implements port.Job.
func (CleanupStorage) Kind() string { return "cleanup_storage" }

// Unique allows one pending sweep.
func (CleanupStorage) Unique() string { return "daily" }

// Cleaned is what a sweep deleted.
type Cleaned struct {
	Media int
	Calls int // batches, of which only what is personal is erased
	Jobs  int
}

// Cleanup deletes recordings, what is personal of calls, and finished jobs whose retention is over, in every workspace, after
// it has noted what the day's storage was.
//
// Allowed: the scheduler and Tertulia itself.
type Cleanup struct {
	workspaces Workspaces
	sweepers   Sweepers
	purger     Purger
	clock      port.Clock
	jobDays    int
}

// Execute sweeps once. What fails in one workspace does not keep the others; what was deleted is told beside the error.
func (uc *Cleanup) Execute(ctx context.Context, actor kernel.Principal) (Cleaned, error) {
	if err := onlyScheduler(actor); err != nil {
		return Cleaned{}, err
	}
	all, err := uc.workspaces.All(ctx)
	if err != nil {
		return Cleaned{}, fmt.Errorf("clean up: %w", err)
	}
	var done Cleaned
	var failed []error
	for _, ws := range all {
		_, err := uc.sweepers.Meter.Execute(ctx, ws)
		failed = append(failed, err)
		deleted, err := uc.sweepers.Media.Execute(ctx, ws)
		done.Media += deleted
		failed = append(failed, err)
		erased, err := uc.sweepers.Calls.Execute(ctx, ws)
		done.Calls += erased
		failed = append(failed, err)
	}
	done.Jobs, err = uc.purger.Purge(ctx, all, uc.clock.Now().AddDate(0, 0, -uc.jobDays))
	if err = errors.Join(append(failed, err)...); err != nil {
		return done, fmt.Errorf("clean up: %w", err)
	}
	return done, nil
}

func onlyScheduler(actor kernel.Principal) error {
	if actor.Kind != kernel.Scheduler && actor.Kind != kernel.Machine {
		return fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	return nil
}
