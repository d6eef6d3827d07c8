package agentshttp

import (
	"context"
	"net/http"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

type createInput struct {
	httpserver.Caller

	Body tertulia.CreateAgentRequest
}

// registerCreate: POST /api/admin/agents.
func registerCreate(api *httpserver.API, uc *agentsuc.UseCases) {
	httpserver.Post(api, "/api/admin/agents", httpserver.Spec{
		ID: "createAgent", Tag: tag, Summary: "Add a follow-up agent",
		Description: "Evaluators come with the product: they are edited and archived, never added.",
		Role:        kernel.Admin, Status: http.StatusCreated,
		Errors: []fault.Code{fault.ForbiddenCode, agents.AgentExists, agents.AgentLimit},
	}, func(ctx context.Context, in *createInput) (*detailOutput, error) {
		a, err := uc.Create.Execute(ctx, agentsuc.CreateAgentInput{Actor: in.Principal, Agent: fromAPICreate(in.Body)})
		return changed(ctx, uc, in.Principal, a, err)
	})
}

func fromAPICreate(r tertulia.CreateAgentRequest) agents.Agent {
	a := agents.Agent{
		Key: agents.Key(r.Key), DisplayName: r.DisplayName, Instructions: r.Instructions, Model: r.Model,
		Params: agents.Params{Temperature: r.Temperature, TopP: r.TopP}, SuggestedQuestions: r.SuggestedQuestions,
	}
	for _, t := range r.MeetingTypes {
		a.MeetingTypes = append(a.MeetingTypes, agents.MeetingType(t))
	}
	return a
}
