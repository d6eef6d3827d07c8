package agentshttp

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

// tryTime is the deadline of an operation that waits for a model to write.
const tryTime = 2 * time.Minute

type tryInput struct {
	OneAgent

	Body tertulia.TestAgentRequest
}

type tryOutput struct {
	Body tertulia.TestAgentAnswer
}

// RegisterTry registers POST /api/admin/agents/{key}/test.
func RegisterTry(api *httpserver.API, uc *agentsuc.TryAgent) {
	httpserver.Post(api, "/api/admin/agents/{key}/test", httpserver.Spec{
		ID: "testAgent", Tag: tag, Summary: "Try an agent and keep nothing",
		Description: "Asks the agent as it is, or with other instructions, about a transcript, a meeting or nothing at all. No chat, version or analysis comes of it.",
		Role:        kernel.Admin, Timeout: tryTime,
		Errors: errorsOfOne(agents.MeetingNotFound, agents.TranscriptNotReady, agents.AnswerFailed, agents.AnswerUnavailable),
	}, func(ctx context.Context, in *tryInput) (*tryOutput, error) {
		request := agentsuc.TryAgentInput{
			Actor: in.Principal, Agent: in.agent(), Question: in.Body.Question, Transcript: in.Body.Transcript, Instructions: in.Body.Instructions,
		}
		if in.Body.MeetingID != "" {
			id, err := kernel.ParseID[agentsuc.MeetingID](in.Body.MeetingID)
			if err != nil {
				return nil, fault.New(fault.NotFound, agents.MeetingNotFound) // what is no ID names no meeting
			}
			request.Meeting = id
		}
		trial, err := uc.Execute(ctx, request)
		if err != nil {
			return nil, err
		}
		return &tryOutput{Body: toAPITrial(trial)}, nil
	})
}

func toAPITrial(t agentsuc.Trial) tertulia.TestAgentAnswer {
	return tertulia.TestAgentAnswer{
		Answer: t.Text, Model: t.Model, Version: httpserver.OrNull(t.Version), DurationMS: t.Took.Milliseconds(),
		Usage: tertulia.TokenUsage{
			InputTokens: t.Usage.InputTokens, CachedTokens: t.Usage.CachedTokens, OutputTokens: t.Usage.OutputTokens,
		},
	}
}
