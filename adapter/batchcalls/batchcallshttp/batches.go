package batchcallshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// RegisterBatches registers the routes that tell more of batches than the original's do.
func RegisterBatches(api *httpserver.API, uc *batchcallsuc.UseCases) {
	registerListBatches(api, uc.Queries)
	registerGetBatch(api, uc.Queries)
	registerBatchRecipients(api, uc.Queries)
	registerResumeBatch(api, uc)
}

// OneBatch is the input of an operation on a batch, which may be a campaign.
type OneBatch struct {
	httpserver.Caller

	ID string `path:"id" doc:"The ID." example:"btcal_01k9x0vbx5e8p3m2d4c6a8b0n1"`
}

// publicID returns the ID if it may be one: what is none is nobody's.
func (in OneBatch) publicID() (string, error) {
	if !batchcalls.IsID(in.ID) {
		return "", fault.New(fault.NotFound, batchcalls.BatchNotFound)
	}
	return in.ID, nil
}

type listBatchesInput struct {
	httpserver.Caller
	tertulia.BatchFilter
}

type listBatchesOutput struct {
	Body tertulia.BatchPage
}

// registerListBatches: GET /v1/calls/batches.
func registerListBatches(api *httpserver.API, q *batchcallsuc.Queries) {
	httpserver.Get(api, "/v1/calls/batches", httpserver.Spec{
		ID: "listCallBatches", Tag: tag, Summary: "Batches of calls, newest first",
		Description: "Submitted ones, campaigns, and what was made elsewhere on the provider's account and asked about here. " +
			"With `doubtful=true` only those with a part of which nobody knows whether the provider has it, or which is known not to be there.",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: []fault.Code{fault.Validation},
	}, func(ctx context.Context, in *listBatchesInput) (*listBatchesOutput, error) {
		list, next, err := q.List(ctx, in.Principal,
			batchcallsuc.BatchFilter{Status: batchcalls.Status(in.Status), IsDoubtful: in.Doubtful}, pageOf(in.PageQuery))
		if err != nil {
			return nil, err
		}
		return &listBatchesOutput{Body: tertulia.BatchPage{
			Data: httpserver.Each(list, toAPIBatch), NextCursor: httpserver.OrNull(string(next)),
		}}, nil
	})
}

type batchOutput struct {
	Body tertulia.BatchDetail
}

// registerGetBatch: GET /v1/calls/batches/{id}.
func registerGetBatch(api *httpserver.API, q *batchcallsuc.Queries) {
	httpserver.Get(api, "/v1/calls/batches/{id}", httpserver.Spec{
		ID: "inspectCallBatch", Tag: tag, Summary: "A batch of calls, with what was asked of the provider for it",
		Description: "What is kept here; the provider is not asked. A part that is `unknown` is being looked for. One that is `absent` " +
			"or `rejected` reached nobody, and can be sent again.",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: []fault.Code{batchcalls.BatchNotFound},
	}, func(ctx context.Context, in *OneBatch) (*batchOutput, error) { return inspect(ctx, q, *in) })
}

func inspect(ctx context.Context, q *batchcallsuc.Queries, in OneBatch) (*batchOutput, error) {
	id, err := in.publicID()
	if err != nil {
		return nil, err
	}
	b, parts, err := q.Parts(ctx, in.Principal, id)
	if err != nil {
		return nil, err
	}
	return &batchOutput{Body: tertulia.BatchDetail{BatchRecord: toAPIBatch(b), Parts: httpserver.Each(parts, toAPIPart)}}, nil
}

type batchRecipientsInput struct {
	OneBatch
	tertulia.BatchCallFilter
}

type batchRecipientsOutput struct {
	Body tertulia.BatchCallPage
}

// registerBatchRecipients: GET /v1/calls/batches/{id}/recipients.
func registerBatchRecipients(api *httpserver.API, q *batchcallsuc.Queries) {
	httpserver.Get(api, "/v1/calls/batches/{id}/recipients", httpserver.Spec{
		ID: "listCallBatchRecipients", Tag: tag, Summary: "The people of a batch, and what became of the calls to them",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: []fault.Code{batchcalls.BatchNotFound, fault.Validation},
	}, func(ctx context.Context, in *batchRecipientsInput) (*batchRecipientsOutput, error) {
		id, err := in.publicID()
		if err != nil {
			return nil, err
		}
		calls, next, err := q.Calls(ctx, in.Principal, id,
			batchcallsuc.CallFilter{Status: batchcalls.CallStatus(in.Status)}, pageOf(in.PageQuery))
		if err != nil {
			return nil, err
		}
		return &batchRecipientsOutput{Body: tertulia.BatchCallPage{
			Data: httpserver.Each(calls, toAPICall), NextCursor: httpserver.OrNull(string(next)),
		}}, nil
	})
}

// registerResumeBatch: POST /v1/calls/batches/{id}/resume.
func registerResumeBatch(api *httpserver.API, uc *batchcallsuc.UseCases) {
	httpserver.Post(api, "/v1/calls/batches/{id}/resume", httpserver.Spec{
		ID: "resumeCallBatch", Tag: tag, Summary: "Have the parts of a batch sent again that reached nobody",
		Description: "Those that the provider refused, and those that were looked for twice and are not there. What is doubtful stays so: " +
			"nobody is called twice. For administrators, and keys that act for the workspace. A campaign's people are called by its rules only: it is resumed with `POST /v1/calls/campaigns/{id}/resume`.",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed,
		Errors: []fault.Code{fault.ForbiddenCode, batchcalls.BatchNotFound, batchcalls.NothingToResume, batchcalls.BatchIsCampaign},
	}, func(ctx context.Context, in *OneBatch) (*batchOutput, error) {
		id, err := in.publicID()
		if err != nil {
			return nil, err
		}
		if _, err := uc.Resume.Execute(ctx, batchcallsuc.ResumeInput{Actor: in.Principal, PublicID: id}); err != nil {
			return nil, err
		}
		return inspect(ctx, uc.Queries, *in)
	})
}

func pageOf(q tertulia.PageQuery) kernel.Page {
	return kernel.Page{Limit: q.Limit, Cursor: kernel.Cursor(q.Cursor)}
}
