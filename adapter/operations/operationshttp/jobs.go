package operationshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/operations"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	operationsuc "github.com/tertulia-dev/tertulia/usecase/operations"
)

// registerJobs: /v1/admin/jobs, the way for people to see and decide about the ledger.
func registerJobs(api *httpserver.API, uc *operationsuc.UseCases) {
	registerListJobs(api, uc.Queries)
	registerGetJob(api, uc.Queries)
	for _, d := range []struct {
		decision    operationsuc.Decision
		id, summary string
	}{
		{operationsuc.Replay, "replayJob", "Run a dead or cancelled job again"},
		{operationsuc.Cancel, "cancelJob", "Give up a pending or running job"},
		{operationsuc.Discard, "discardJob", "Give up a dead or unknown job"},
	} {
		registerDecision(api, uc.DecideJob, d.decision, d.id, d.summary)
	}
}

type listJobsInput struct {
	httpserver.Caller
	tertulia.JobFilter
}

type jobsOutput struct {
	Body tertulia.JobPage
}

func registerListJobs(api *httpserver.API, q *operationsuc.Queries) {
	httpserver.Get(api, "/v1/admin/jobs", httpserver.Spec{
		ID: "listJobs", Tag: tag, Summary: "List jobs, newest first",
		Role: kernel.Admin, Errors: []fault.Code{fault.ForbiddenCode},
	}, func(ctx context.Context, in *listJobsInput) (*jobsOutput, error) {
		filter := operationsuc.JobFilter{State: operations.JobState(in.State), Kind: in.Kind}
		jobs, next, err := q.Jobs(ctx, in.Principal, filter, kernel.Page{Limit: in.Limit, Cursor: kernel.Cursor(in.Cursor)})
		if err != nil {
			return nil, err
		}
		out := jobsOutput{Body: tertulia.JobPage{Data: []tertulia.Job{}, NextCursor: httpserver.OrNull(string(next))}}
		for _, j := range jobs {
			j.Payload = nil // only a single job shows what it works on
			out.Body.Data = append(out.Body.Data, toAPIJob(j))
		}
		return &out, nil
	})
}

type jobInput struct {
	httpserver.Caller

	ID string `path:"id" doc:"The job's ID."`
}

type jobOutput struct {
	Body tertulia.Job
}

func registerGetJob(api *httpserver.API, q *operationsuc.Queries) {
	httpserver.Get(api, "/v1/admin/jobs/{id}", httpserver.Spec{
		ID: "getJob", Tag: tag, Summary: "One job, with what it works on",
		Role: kernel.Admin, Errors: []fault.Code{fault.ForbiddenCode, operations.JobNotFound},
	}, func(ctx context.Context, in *jobInput) (*jobOutput, error) {
		job, err := q.Job(ctx, in.Principal, in.ID)
		if err != nil {
			return nil, err
		}
		return &jobOutput{Body: toAPIJob(job)}, nil
	})
}

func registerDecision(api *httpserver.API, uc *operationsuc.DecideJob, d operationsuc.Decision, id, summary string) {
	httpserver.Post(api, "/v1/admin/jobs/{id}/"+string(d), httpserver.Spec{
		ID: id, Tag: tag, Summary: summary, Role: kernel.Admin,
		Errors: []fault.Code{fault.ForbiddenCode, operations.JobNotFound, operations.JobNotInState},
	}, func(ctx context.Context, in *jobInput) (*jobOutput, error) {
		job, err := uc.Execute(ctx, in.Principal, in.ID, d)
		if err != nil {
			return nil, err
		}
		return &jobOutput{Body: toAPIJob(job)}, nil
	})
}

func toAPIJob(j operations.Job) tertulia.Job {
	return tertulia.Job{
		ID: j.ID, Kind: j.Kind, State: tertulia.JobState(j.State), Attempt: j.Attempt, MaxAttempts: j.MaxAttempts,
		RunAt: j.RunAt, CreatedAt: j.CreatedAt, StartedAt: httpserver.OrNull(j.StartedAt), FinishedAt: httpserver.OrNull(j.FinishedAt),
		LastError: httpserver.OrNull(j.LastError), RequestID: httpserver.OrNull(j.RequestID), Payload: j.Payload,
	}
}
