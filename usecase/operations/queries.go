package operationsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/operations"
)

// Queries reads the ledger, for admins.
type Queries struct{ jobs Jobs }

// Jobs returns a page of the workspace's jobs, newest first.
func (q *Queries) Jobs(ctx context.Context, actor kernel.Principal, f JobFilter, page kernel.Page) ([]operations.Job, kernel.Cursor, error) {
	if !actor.IsAdmin() {
		return nil, "", fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	list, next, err := q.jobs.List(ctx, actor.Workspace, f, page)
	if err != nil {
		return nil, "", fmt.Errorf("list jobs: %w", err)
	}
	return list, next, nil
}

// Job returns one job. NotFound JOB_NOT_FOUND.
func (q *Queries) Job(ctx context.Context, actor kernel.Principal, id string) (operations.Job, error) {
	job, err := jobOf(ctx, q.jobs, actor, id)
	if err != nil {
		return operations.Job{}, fmt.Errorf("get job: %w", err)
	}
	return job, nil
}

// Health reports on every kind of job in the actor's workspace.
func (q *Queries) Health(ctx context.Context, actor kernel.Principal) (operations.Health, error) {
	if !actor.IsAdmin() {
		return operations.Health{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	h, err := q.jobs.Health(ctx, actor.Workspace)
	if err != nil {
		return operations.Health{}, fmt.Errorf("read health of jobs: %w", err)
	}
	return h, nil
}
