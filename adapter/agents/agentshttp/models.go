package agentshttp

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

type modelsOutput struct {
	Body tertulia.AgentModelList
}

// registerModels: GET /api/admin/agents/models.
func registerModels(api *httpserver.API, q *agentsuc.Queries) {
	httpserver.Get(api, "/api/admin/agents/models", httpserver.Spec{
		ID: "listAgentModels", Tag: tag, Summary: "The models that an agent may be given", Role: kernel.Admin,
		Errors: []fault.Code{fault.ForbiddenCode},
	}, func(ctx context.Context, in *callerInput) (*modelsOutput, error) {
		list, err := q.Models(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		out := modelsOutput{Body: tertulia.AgentModelList{Data: httpserver.Each(list, toAPIModel)}}
		return &out, nil
	})
}

func toAPIModel(m agentsuc.OfferedModel) tertulia.AgentModel {
	out := tertulia.AgentModel{
		Model: m.Name, FileSearch: m.FileSearch, Temperature: m.Temperature, StructuredOutputs: m.StructuredOutputs,
		ContextTokens: httpserver.OrNull(m.ContextTokens), Successor: httpserver.OrNull(m.Successor), DefaultOf: []string{},
	}
	if !m.ShutdownAt.IsZero() {
		out.ShutdownDate = new(m.ShutdownAt.Format(time.DateOnly))
	}
	if p := m.Price; p != nil {
		out.PricePerMillion = &tertulia.ModelPrice{
			Currency: "USD", Input: p.Input, CachedInput: p.Cached, Output: p.Output, AsOf: p.AsOf.Format(time.DateOnly), Source: p.Source,
		}
	}
	for _, kind := range m.DefaultOf {
		out.DefaultOf = append(out.DefaultOf, string(kind))
	}
	return out
}

type subtypesOutput struct {
	Body tertulia.SalesSubtypeList
}

// registerSubtypes: GET /api/sales-subtypes.
func registerSubtypes(api *httpserver.API, q *agentsuc.Queries) {
	httpserver.Get(api, "/api/sales-subtypes", httpserver.Spec{
		ID: "listSalesSubtypes", Tag: tag, Summary: "The stages of a sale that have an evaluator in use, in funnel order",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed,
	}, func(ctx context.Context, in *callerInput) (*subtypesOutput, error) {
		list, err := q.Subtypes(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		out := subtypesOutput{Body: tertulia.SalesSubtypeList{Data: make([]tertulia.SalesSubtypeOption, len(list))}}
		for i, a := range list {
			out.Body.Data[i] = tertulia.SalesSubtypeOption{
				SalesSubtype: string(a.Subtype), Label: a.Subtype.Label(), Evaluator: a.Key.String(),
			}
		}
		return &out, nil
	})
}
