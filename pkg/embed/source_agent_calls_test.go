package embed_test

import (
	"context"
	"strings"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func agentCalls() map[string]sourceCall {
	return map[string]sourceCall{
		"GET /api/admin/agents": func(ctx context.Context, c callOf) (any, error) { return answered(c.Agents.List(ctx)) },
		"POST /api/admin/agents": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.Create(ctx, body[tertulia.CreateAgentRequest](c)))
		},
		"GET /api/admin/agents/models": func(ctx context.Context, c callOf) (any, error) { return answered(c.Agents.Models(ctx)) },
		"GET /api/admin/agents/:key":   func(ctx context.Context, c callOf) (any, error) { return answered(c.Agents.Get(ctx, c.id)) },
		"PUT /api/admin/agents/:key/instructions": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.EditInstructions(ctx, c.id, c.version(), body[tertulia.EditInstructionsRequest](c).Instructions))
		},
		"PUT /api/admin/agents/:key/suggested-questions": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.SetQuestions(ctx, c.id, body[tertulia.SetQuestionsRequest](c).SuggestedQuestions))
		},
		"PUT /api/admin/agents/:key/model": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.SetModel(ctx, c.id, *body[tertulia.SetModelRequest](c).Model))
		},
		"PUT /api/admin/agents/:key/params": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.SetParams(ctx, c.id, body[tertulia.SetParamsRequest](c)))
		},
		"PUT /api/admin/agents/:key/name": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.Rename(ctx, c.id, body[tertulia.RenameAgentRequest](c).DisplayName))
		},
		"PUT /api/admin/agents/:key/active": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.SetActive(ctx, c.id, *body[tertulia.SetActiveRequest](c).Active))
		},
		"POST /api/admin/agents/:key/test": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.Test(ctx, c.id, body[tertulia.TestAgentRequest](c)))
		},
		"GET /api/admin/agents/:key/files": func(ctx context.Context, c callOf) (any, error) { return answered(c.Agents.Files(ctx, c.id)) },
		"POST /api/admin/agents/:key/files": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.AddFile(ctx, c.id, c.header.Get("X-Filename"), strings.NewReader(c.body)))
		},
		"DELETE /api/admin/agents/:key/files/:fileId": func(ctx context.Context, c callOf) (any, error) {
			return nil, c.Agents.RemoveFile(ctx, c.id, c.other)
		},
		"GET /api/admin/corrections": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.Corrections(ctx, tertulia.CorrectionFilter{Status: c.q("status")}))
		},
		"PUT /api/admin/corrections/:id": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.ReviewCorrection(ctx, c.id, body[tertulia.ReviewCorrectionRequest](c)))
		},
	}
}
