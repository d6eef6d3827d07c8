package batchcallshttp

import (
	"context"
	"net/http"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

const (
	campaignTag = "call campaigns"
	byWhom      = " For administrators, and keys that act for the workspace."
)

// RegisterCampaigns registers the routes of campaigns.
func RegisterCampaigns(api *httpserver.API, uc *batchcallsuc.CampaignUseCases, texts *catalog.Catalog) {
	registerCreateCampaign(api, uc.Create)
	registerListCampaigns(api, uc.Queries)
	registerGetCampaign(api, uc.Queries)
	registerEditCampaign(api, uc.Edit)
	registerFiles(api, uc, texts)
	registerCampaignRecipients(api, uc.Queries)
	registerPreflight(api, uc.Preflight, texts)
	registerMotion(api, uc)
	registerRetry(api, uc.Retry)
	registerProgress(api, uc.Queries)
	registerExport(api, uc.Queries)
}

// campaignSpec completes what operations on one campaign have in common.
func campaignSpec(s httpserver.Spec, more ...fault.Code) httpserver.Spec {
	s.Tag, s.Role, s.ActAs = campaignTag, kernel.Rep, httpserver.ServiceAllowed
	s.Errors = append([]fault.Code{fault.ForbiddenCode, batchcalls.BatchNotFound}, more...)
	return s
}

func (in OneBatch) campaign() (batchcallsuc.CampaignRef, error) {
	id, err := in.publicID()
	return batchcallsuc.CampaignRef{Actor: in.Principal, PublicID: id}, err
}

type createCampaignInput struct {
	httpserver.Caller

	Body tertulia.CreateCampaignRequest
}

type campaignOutput struct {
	Body tertulia.Campaign
}

// registerCreateCampaign: POST /v1/calls/campaigns.
func registerCreateCampaign(api *httpserver.API, uc *batchcallsuc.CreateCampaign) {
	httpserver.Post(api, "/v1/calls/campaigns", httpserver.Spec{
		ID: "createCallCampaign", Tag: campaignTag, Summary: "Make a campaign, as a draft",
		Description: "Then add people to it, look at its preflight, and start it." + byWhom,
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed, Status: http.StatusCreated, Idempotent: true,
		Errors: []fault.Code{fault.ForbiddenCode, fault.Validation, fault.IdempotencyKeyReused},
	}, func(ctx context.Context, in *createCampaignInput) (*campaignOutput, error) {
		change, err := settingsOf(in.Body.CampaignSettings)
		if err != nil {
			return nil, err
		}
		create := batchcallsuc.CreateCampaignInput{
			Actor: in.Principal, Name: in.Body.Name, Agent: in.Body.AgentID, PhoneNumber: in.Body.PhoneNumberID,
			Settings: uc.Defaults(), Key: in.IdempotencyKey, BodyHash: in.BodyHash,
		}
		if in.Body.StartAt != nil {
			create.StartAt = *in.Body.StartAt
		}
		change(&create.Settings)
		s, err := uc.Execute(ctx, create)
		if err != nil {
			return nil, err
		}
		return &campaignOutput{Body: toAPICampaign(s)}, nil
	})
}

type listCampaignsInput struct {
	httpserver.Caller
	tertulia.CampaignFilter
}

type listCampaignsOutput struct {
	Body tertulia.CampaignPage
}

// registerListCampaigns: GET /v1/calls/campaigns.
func registerListCampaigns(api *httpserver.API, q *batchcallsuc.CampaignQueries) {
	httpserver.Get(api, "/v1/calls/campaigns", httpserver.Spec{
		ID: "listCallCampaigns", Tag: campaignTag, Summary: "Campaigns, newest first",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: []fault.Code{fault.Validation},
	}, func(ctx context.Context, in *listCampaignsInput) (*listCampaignsOutput, error) {
		list, next, err := q.List(ctx, in.Principal, batchcallsuc.CampaignFilter{Status: batchcalls.Status(in.Status)}, pageOf(in.PageQuery))
		if err != nil {
			return nil, err
		}
		return &listCampaignsOutput{Body: tertulia.CampaignPage{
			Data: httpserver.Each(list, toAPICampaign), NextCursor: httpserver.OrNull(string(next)),
		}}, nil
	})
}

// registerGetCampaign: GET /v1/calls/campaigns/{id}.
func registerGetCampaign(api *httpserver.API, q *batchcallsuc.CampaignQueries) {
	httpserver.Get(api, "/v1/calls/campaigns/{id}", campaignSpec(httpserver.Spec{
		ID: "getCallCampaign", Summary: "A campaign and its settings", Description: "How far it is, tells its progress.",
	}), func(ctx context.Context, in *OneBatch) (*campaignOutput, error) {
		ref, err := in.campaign()
		if err != nil {
			return nil, err
		}
		p, err := q.Get(ctx, ref)
		if err != nil {
			return nil, err
		}
		return &campaignOutput{Body: toAPICampaign(p.Campaign)}, nil
	})
}

type editCampaignInput struct {
	OneBatch

	Body tertulia.UpdateCampaignRequest
}

// registerEditCampaign: PATCH /v1/calls/campaigns/{id}.
func registerEditCampaign(api *httpserver.API, uc *batchcallsuc.EditCampaign) {
	httpserver.Patch(api, "/v1/calls/campaigns/{id}", campaignSpec(httpserver.Spec{
		ID: "updateCallCampaign", Summary: "Change a campaign that is a draft or paused",
		Description: "What is absent stays." + byWhom,
	}, fault.Validation, batchcalls.WrongCampaignState), func(ctx context.Context, in *editCampaignInput) (*campaignOutput, error) {
		ref, err := in.campaign()
		if err != nil {
			return nil, err
		}
		change, err := settingsOf(in.Body.CampaignSettings)
		if err != nil {
			return nil, err
		}
		edit := batchcallsuc.EditCampaignInput{
			CampaignRef: ref, Name: in.Body.Name, Agent: in.Body.AgentID, PhoneNumber: in.Body.PhoneNumberID, Settings: change,
		}
		if in.Body.StartAt.Set {
			edit.StartAt = &in.Body.StartAt.Value
		}
		s, err := uc.Execute(ctx, edit)
		if err != nil {
			return nil, err
		}
		return &campaignOutput{Body: toAPICampaign(s)}, nil
	})
}

// registerMotion: POST /v1/calls/campaigns/{id}/start, /pause, /resume and /cancel.
func registerMotion(api *httpserver.API, uc *batchcallsuc.CampaignUseCases) {
	for _, m := range []struct {
		name, id, summary, about string
		execute                  func(context.Context, batchcallsuc.CampaignRef) (batchcalls.CampaignState, error)
		more                     []fault.Code
	}{
		{
			"start", "startCallCampaign", "Start a campaign",
			"Refused with each thing that its preflight finds wrong.", uc.Start.Execute,
			[]fault.Code{fault.Validation, batchcalls.ProviderFailed},
		},
		{
			"pause", "pauseCallCampaign", "Have a campaign call nobody else",
			"What the provider has not dialled yet is taken back; calls that run go on to their end.", uc.Pause.Execute, nil,
		},
		{
			"resume", "resumeCallCampaign", "Set a paused campaign going again",
			"What its breaker has counted is forgotten.", uc.Resume.Execute,
			[]fault.Code{fault.Validation},
		},
		{
			"cancel", "cancelCallCampaign", "Stop a campaign for good",
			"Nobody else is called; calls that run go on to their end.", uc.Cancel.Execute, nil,
		},
	} {
		httpserver.Post(api, "/v1/calls/campaigns/{id}/"+m.name, campaignSpec(httpserver.Spec{
			ID: m.id, Summary: m.summary, Description: m.about + byWhom, Timeout: providerTime,
		}, append(m.more, batchcalls.WrongCampaignState)...), func(ctx context.Context, in *OneBatch) (*campaignOutput, error) {
			ref, err := in.campaign()
			if err != nil {
				return nil, err
			}
			s, err := m.execute(ctx, ref)
			if err != nil {
				return nil, err
			}
			return &campaignOutput{Body: toAPICampaign(s)}, nil
		})
	}
}

type retryInput struct {
	OneBatch

	Body tertulia.RetryCampaignRequest
}

type retryOutput struct {
	Body tertulia.RetriedCampaign
}

// registerRetry: POST /v1/calls/campaigns/{id}/retry.
func registerRetry(api *httpserver.API, uc *batchcallsuc.RetryRecipients) {
	httpserver.Post(api, "/v1/calls/campaigns/{id}/retry", campaignSpec(httpserver.Spec{
		ID: "retryCallCampaign", Summary: "Call people again whose last call came to nothing",
		Description: "As far as the campaign's attempts allow. One that was completed goes on." + byWhom,
	}, fault.Validation, batchcalls.WrongCampaignState, batchcalls.NothingToRetry), func(ctx context.Context, in *retryInput) (*retryOutput, error) {
		ref, err := in.campaign()
		if err != nil {
			return nil, err
		}
		retry := batchcallsuc.RetryRecipientsInput{CampaignRef: ref}
		for _, o := range in.Body.Outcomes {
			retry.Outcomes = append(retry.Outcomes, batchcalls.CallStatus(o))
		}
		s, again, err := uc.Execute(ctx, retry)
		if err != nil {
			return nil, err
		}
		return &retryOutput{Body: tertulia.RetriedCampaign{Campaign: toAPICampaign(s), Again: again}}, nil
	})
}
