package batchcallshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

type campaignRecipientsInput struct {
	OneBatch
	tertulia.CampaignRecipientFilter
}

type campaignRecipientsOutput struct {
	Body tertulia.CampaignRecipientPage
}

type recipientCallsInput struct {
	OneBatch

	Position int `path:"position" minimum:"0" maximum:"2147483647" doc:"The person's place in the campaign, from 0." example:"0"`
}

type recipientCallsOutput struct {
	Body tertulia.RecipientCalls
}

// registerCampaignRecipients: GET /v1/calls/campaigns/{id}/recipients and …/recipients/{position}.
func registerCampaignRecipients(api *httpserver.API, q *batchcallsuc.CampaignQueries) {
	httpserver.Get(api, "/v1/calls/campaigns/{id}/recipients", campaignSpec(httpserver.Spec{
		ID: "listCallCampaignRecipients", Summary: "The people of a campaign, in order",
	}, fault.Validation), func(ctx context.Context, in *campaignRecipientsInput) (*campaignRecipientsOutput, error) {
		ref, err := in.campaign()
		if err != nil {
			return nil, err
		}
		people, next, err := q.Recipients(ctx, ref,
			batchcallsuc.PeopleFilter{Status: batchcalls.CallStatus(in.Status), Waiting: in.Waiting}, pageOf(in.PageQuery))
		if err != nil {
			return nil, err
		}
		return &campaignRecipientsOutput{Body: tertulia.CampaignRecipientPage{
			Data: httpserver.Each(people, toAPIPerson), NextCursor: httpserver.OrNull(string(next)),
		}}, nil
	})
	httpserver.Get(api, "/v1/calls/campaigns/{id}/recipients/{position}", campaignSpec(httpserver.Spec{
		ID: "getCallCampaignRecipient", Summary: "A person of a campaign, with every call, what came of it and what was said",
	}, batchcalls.RecipientNotFound, fault.Validation), func(ctx context.Context, in *recipientCallsInput) (*recipientCallsOutput, error) {
		ref, err := in.campaign()
		if err != nil {
			return nil, err
		}
		calls, err := q.Calls(ctx, ref, in.Position)
		if err != nil {
			return nil, err
		}
		return &recipientCallsOutput{Body: toAPICalls(calls)}, nil
	})
}

type preflightOutput struct {
	Body tertulia.Preflight
}

// registerPreflight: GET /v1/calls/campaigns/{id}/preflight.
func registerPreflight(api *httpserver.API, uc *batchcallsuc.PreflightCampaign, texts *catalog.Catalog) {
	httpserver.Get(api, "/v1/calls/campaigns/{id}/preflight", campaignSpec(httpserver.Spec{
		ID: "preflightCallCampaign", Summary: "What would go wrong if a campaign started now",
		Description: "Asks the provider what its voice agent needs of each person, and looks at everybody who waits.", Timeout: providerTime,
	}, batchcalls.ProviderFailed), func(ctx context.Context, in *OneBatch) (*preflightOutput, error) {
		ref, err := in.campaign()
		if err != nil {
			return nil, err
		}
		found, err := uc.Execute(ctx, ref)
		if err != nil {
			return nil, err
		}
		return &preflightOutput{Body: reports{texts, httpserver.Language(ctx)}.preflight(found)}, nil
	})
}

func (r reports) preflight(p batchcallsuc.Preflight) tertulia.Preflight {
	return tertulia.Preflight{
		Ready: p.Ready, AgentName: p.AgentName, RequiredVariables: orEmpty(p.Required), People: p.People, DoNotCall: p.DoNotCall,
		Problems: httpserver.Each(p.Problems, func(f fault.Field) tertulia.CampaignProblem {
			return tertulia.CampaignProblem{Field: f.Name, Code: string(f.Rule), Message: r.sentence(f)}
		}),
		Warnings: httpserver.Each(p.Warnings, func(w batchcallsuc.Warning) tertulia.CampaignWarning {
			return tertulia.CampaignWarning{
				Code: string(w.Code), Message: r.texts.Text(r.lang, "call_warning."+string(w.Code), nil), People: w.Count,
			}
		}),
		Missing: httpserver.Each(p.Missing, func(m batchcallsuc.MissingVariable) tertulia.VariableNotGiven {
			return tertulia.VariableNotGiven{Position: m.Position, Line: m.Line, Name: m.Name}
		}),
	}
}
