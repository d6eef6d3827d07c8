package agentshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

type ofMeetingOutput struct {
	Body tertulia.MeetingAgentList
}

// registerOfMeeting: GET /api/meetings/{id}/agents.
func registerOfMeeting(api *httpserver.API, q *agentsuc.Queries) {
	httpserver.Get(api, "/api/meetings/{id}/agents", httpserver.Spec{
		ID: "listMeetingAgents", Tag: tag, Summary: "The agents that can be asked about a meeting",
		Description: "The active follow-up agents for the meeting's type, with the questions that they suggest.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: []fault.Code{agents.MeetingNotFound, fault.ForbiddenCode},
	}, func(ctx context.Context, in *OneMeeting) (*ofMeetingOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		list, err := q.ForMeeting(ctx, in.Principal, id)
		if err != nil {
			return nil, err
		}
		out := ofMeetingOutput{Body: tertulia.MeetingAgentList{Data: httpserver.Each(list, toAPIMeetingAgent)}}
		return &out, nil
	})
}

type listOutput struct {
	Body tertulia.AgentList
}

// registerList: GET /api/admin/agents. A workspace has at most a hundred agents: there are no pages.
func registerList(api *httpserver.API, q *agentsuc.Queries) {
	httpserver.Get(api, "/api/admin/agents", httpserver.Spec{
		ID: "listAgents", Tag: tag, Summary: "List the agents, archived ones too", Role: kernel.Admin,
		Errors: []fault.Code{fault.ForbiddenCode},
	}, func(ctx context.Context, in *callerInput) (*listOutput, error) {
		list, err := q.List(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		out := listOutput{Body: tertulia.AgentList{Data: httpserver.Each(list, toAPIAgent)}}
		return &out, nil
	})
}

type detailInput struct {
	OneAgent

	Limit int `query:"limit" minimum:"1" maximum:"100" doc:"Versions to show, at most 100; 20 when absent."`
}

// registerDetail: GET /api/admin/agents/{key}.
func registerDetail(api *httpserver.API, q *agentsuc.Queries) {
	httpserver.Get(api, "/api/admin/agents/{key}", httpserver.Spec{
		ID: "getAgent", Tag: tag, Summary: "An agent with the history of its instructions", Role: kernel.Admin, Errors: errorsOfOne(),
	}, func(ctx context.Context, in *detailInput) (*detailOutput, error) {
		d, err := q.Detail(ctx, in.Principal, in.agent(), in.Limit)
		if err != nil {
			return nil, err
		}
		return detailAnswer(d), nil
	})
}
