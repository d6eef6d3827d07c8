package agentshttp

import (
	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

func toAPIMeetingAgent(a agents.Agent) tertulia.MeetingAgent {
	return tertulia.MeetingAgent{Key: a.Key.String(), DisplayName: a.DisplayName, SuggestedQuestions: a.SuggestedQuestions}
}

func toAPIAgent(a agents.Agent) tertulia.Agent {
	types := make([]string, len(a.MeetingTypes))
	for i, t := range a.MeetingTypes {
		types[i] = string(t)
	}
	return tertulia.Agent{
		Key: a.Key.String(), Kind: string(a.Kind), DisplayName: a.DisplayName, Version: a.Version,
		Model: httpserver.OrNull(a.Model), Temperature: a.Params.Temperature, TopP: a.Params.TopP,
		SuggestedQuestions: a.SuggestedQuestions, MeetingTypes: types, SalesSubtype: httpserver.OrNull(string(a.Subtype)),
		Active: a.Active, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}
}

func toAPIDetail(d agentsuc.Detail) tertulia.AgentDetail {
	out := tertulia.AgentDetail{
		Agent: toAPIAgent(d.Agent), Instructions: d.Agent.Instructions, EffectiveModel: d.Setup.Model.Name,
		EffectiveParams: tertulia.AgentParams{Temperature: d.Setup.Params.Temperature, TopP: d.Setup.Params.TopP},
		StoreID:         httpserver.OrNull(d.Agent.StoreID), Versions: make([]tertulia.AgentVersion, len(d.Versions)),
	}
	for i, v := range d.Versions {
		out.Versions[i] = tertulia.AgentVersion{Version: v.Number, Instructions: v.Instructions, CreatedAt: v.CreatedAt}
		if v.EditedBy.ID != "" {
			out.Versions[i].EditedBy = &tertulia.AgentEditor{ID: v.EditedBy.ID.String(), Name: v.EditedBy.Name}
		}
	}
	return out
}
