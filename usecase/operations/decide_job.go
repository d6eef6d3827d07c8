package operationsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/operations"
)

// DecideJob carries out an operator's decision about one job.
//
// Allowed: admins. Errors: Forbidden, NotFound JOB_NOT_FOUND, Conflict JOB_NOT_IN_STATE.
type DecideJob struct{ jobs Jobs }

// Execute returns the job as it is then.
func (uc *DecideJob) Execute(ctx context.Context, actor kernel.Principal, id string, d Decision) (operations.Job, error) {
	if _, err := jobOf(ctx, uc.jobs, actor, id); err != nil {
		return operations.Job{}, fmt.Errorf("%s job: %w", d, err)
	}
	if err := uc.jobs.Decide(ctx, id, d); err != nil {
		return operations.Job{}, fmt.Errorf("%s job: %w", d, err)
	}
	return uc.jobs.Get(ctx, id)
}

// jobOf returns a job of the actor's workspace; another's is not found.
func jobOf(ctx context.Context, jobs Jobs, actor kernel.Principal, id string) (operations.Job, error) {
	if !actor.IsAdmin() {
		return operations.Job{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	job, err := jobs.Get(ctx, id)
	if err == nil && job.Workspace != actor.Workspace {
		err = fault.New(fault.NotFound, operations.JobNotFound)
	}
	if err != nil {
		return operations.Job{}, err
	}
	return job, nil
}
