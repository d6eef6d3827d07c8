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

// changed answers an agent that was changed, as its detail is read.
func changed(ctx context.Context, uc *agentsuc.UseCases, actor kernel.Principal, a agents.Agent, err error) (*detailOutput, error) {
	if err != nil {
		return nil, err
	}
	d, err := uc.Queries.Detail(ctx, actor, a.Key, 0)
	if err != nil {
		return nil, err
	}
	return detailAnswer(d), nil
}

type instructionsInput struct {
	OneAgent

	IfMatch string `header:"If-Match" maxLength:"20" doc:"The version that was edited; another one in between is answered with VERSION_CONFLICT."`
	Body    tertulia.EditInstructionsRequest
}

// registerEditInstructions: PUT /api/admin/agents/{key}/instructions.
func registerEditInstructions(api *httpserver.API, uc *agentsuc.UseCases) {
	httpserver.Put(api, "/api/admin/agents/{key}/instructions", httpserver.Spec{
		ID: "editAgentInstructions", Tag: tag, Summary: "Change what an agent is told",
		Description: "Each change is a version. It holds for the next analysis and the next question.",
		Role:        kernel.Admin, Errors: errorsOfOne(agents.VersionConflict),
	}, func(ctx context.Context, in *instructionsInput) (*detailOutput, error) {
		version, err := versionOf(in.IfMatch)
		if err != nil {
			return nil, err
		}
		a, err := uc.EditInstructions.Execute(ctx, agentsuc.EditInstructionsInput{
			Actor: in.Principal, Agent: in.agent(), Instructions: in.Body.Instructions, Of: version,
		})
		return changed(ctx, uc, in.Principal, a, err)
	})
}

type questionsInput struct {
	OneAgent

	Body tertulia.SetQuestionsRequest
}

// registerSetQuestions: PUT /api/admin/agents/{key}/suggested-questions.
func registerSetQuestions(api *httpserver.API, uc *agentsuc.UseCases) {
	httpserver.Put(api, "/api/admin/agents/{key}/suggested-questions", httpserver.Spec{
		ID: "setAgentQuestions", Tag: tag, Summary: "Replace the questions that an agent suggests", Role: kernel.Admin, Errors: errorsOfOne(),
	}, func(ctx context.Context, in *questionsInput) (*detailOutput, error) {
		a, err := uc.SetQuestions.Execute(ctx, in.Principal, in.agent(), in.Body.SuggestedQuestions)
		return changed(ctx, uc, in.Principal, a, err)
	})
}

type modelInput struct {
	OneAgent

	Body tertulia.SetModelRequest
}

// registerSetModel: PUT /api/admin/agents/{key}/model.
func registerSetModel(api *httpserver.API, uc *agentsuc.UseCases) {
	httpserver.Put(api, "/api/admin/agents/{key}/model", httpserver.Spec{
		ID: "setAgentModel", Tag: tag, Summary: "Choose the model that an agent runs on",
		Description: "One of the models on offer, or null for the default. An agent with files needs a model that can search them.",
		Role:        kernel.Admin, Errors: errorsOfOne(agents.NoFileSearch),
	}, func(ctx context.Context, in *modelInput) (*detailOutput, error) {
		model := ""
		if in.Body.Model != nil {
			model = *in.Body.Model
		}
		a, err := uc.SetModel.Execute(ctx, in.Principal, in.agent(), model)
		return changed(ctx, uc, in.Principal, a, err)
	})
}

type paramsInput struct {
	OneAgent

	Body tertulia.SetParamsRequest
}

// registerSetParams: PUT /api/admin/agents/{key}/params.
func registerSetParams(api *httpserver.API, uc *agentsuc.UseCases) {
	httpserver.Put(api, "/api/admin/agents/{key}/params", httpserver.Spec{
		ID: "setAgentParams", Tag: tag, Summary: "Adjust temperature and top_p",
		Description: "Kept with the agent and sent only to models that take them: effective_params says which those are now.",
		Role:        kernel.Admin, Errors: errorsOfOne(),
	}, func(ctx context.Context, in *paramsInput) (*detailOutput, error) {
		a, err := uc.SetParams.Execute(ctx, agentsuc.SetParamsInput{
			Actor: in.Principal, Agent: in.agent(),
			Params:          agents.Params{Temperature: in.Body.Temperature.Ptr(), TopP: in.Body.TopP.Ptr()},
			KeepTemperature: !in.Body.Temperature.Set, KeepTopP: !in.Body.TopP.Set,
		})
		return changed(ctx, uc, in.Principal, a, err)
	})
}

type nameInput struct {
	OneAgent

	Body tertulia.RenameAgentRequest
}

// registerRename: PUT /api/admin/agents/{key}/name.
func registerRename(api *httpserver.API, uc *agentsuc.UseCases) {
	httpserver.Put(api, "/api/admin/agents/{key}/name", httpserver.Spec{
		ID: "renameAgent", Tag: tag, Summary: "Rename an agent", Role: kernel.Admin, Errors: errorsOfOne(),
	}, func(ctx context.Context, in *nameInput) (*detailOutput, error) {
		a, err := uc.Rename.Execute(ctx, in.Principal, in.agent(), in.Body.DisplayName)
		return changed(ctx, uc, in.Principal, a, err)
	})
}

type activeInput struct {
	OneAgent

	Body tertulia.SetActiveRequest
}

// registerArchive: PUT /api/admin/agents/{key}/active.
func registerArchive(api *httpserver.API, uc *agentsuc.UseCases) {
	httpserver.Put(api, "/api/admin/agents/{key}/active", httpserver.Spec{
		ID: "setAgentActive", Tag: tag, Summary: "Archive an agent, or take it back into use",
		Description: "Nobody can ask an archived follow-up agent; what an archived evaluator judged is judged by the product's general rules.",
		Role:        kernel.Admin, Errors: errorsOfOne(),
	}, func(ctx context.Context, in *activeInput) (*detailOutput, error) {
		var f fault.Fields
		f.Require(in.Body.Active != nil, "active", fault.Required)
		if err := f.Err(); err != nil {
			return nil, err
		}
		a, err := uc.Archive.Execute(ctx, in.Principal, in.agent(), *in.Body.Active)
		return changed(ctx, uc, in.Principal, a, err)
	})
}
