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

// registerLearning registers the routes of votes and corrections.
func registerLearning(api *httpserver.API, uc *agentsuc.Learning) {
	registerVote(api, uc.Vote)
	registerWithdrawVote(api, uc.Withdraw)
	registerMyVotes(api, uc.Queries)
	registerCorrections(api, uc.Queries)
	registerReview(api, uc.Review)
}

type voteInput struct {
	OneMeeting

	Body tertulia.VoteRequest
}

type voteOutput struct {
	Body tertulia.AgentFeedback
}

// registerVote: POST /api/meetings/{id}/agent-feedback.
func registerVote(api *httpserver.API, uc *agentsuc.Vote) {
	httpserver.Post(api, "/api/meetings/{id}/agent-feedback", httpserver.Spec{
		ID: "voteOnAgent", Tag: tag, Summary: "Vote on an agent's answer or on the analysis",
		Description: "`source_ref` is the `message_id` of an answer in the own chat (`source` chat), or the ID of the meeting's " +
			"analysis, or of the meeting (`source` analysis). Another vote on the same takes the pending one's place. A correction is kept with a dislike.",
		Role: kernel.Rep, Errors: []fault.Code{
			agents.MeetingNotFound, agents.AnswerNotFound, fault.ForbiddenCode, fault.Validation, agents.AlreadyReviewed,
		},
	}, func(ctx context.Context, in *voteInput) (*voteOutput, error) {
		meeting, err := in.meeting()
		if err != nil {
			return nil, err
		}
		f, err := uc.Execute(ctx, agentsuc.VoteInput{
			Actor: in.Principal, Vote: agents.Vote(in.Body.Vote), Correction: in.Body.Correction,
			On: agentsuc.AnswerRef{Meeting: meeting, Source: agents.Source(in.Body.Source), Ref: in.Body.SourceRef},
		})
		if err != nil {
			return nil, err
		}
		return &voteOutput{Body: toAPIFeedback(f)}, nil
	})
}

type withdrawInput struct {
	OneMeeting
	tertulia.VoteRef
}

// registerWithdrawVote: DELETE /api/meetings/{id}/agent-feedback.
func registerWithdrawVote(api *httpserver.API, uc *agentsuc.WithdrawVote) {
	httpserver.Delete(api, "/api/meetings/{id}/agent-feedback", httpserver.Spec{
		ID: "withdrawVote", Tag: tag, Summary: "Take the own pending vote back",
		Description: "Answers 200 without a vote too.",
		Role:        kernel.Rep, Errors: []fault.Code{agents.MeetingNotFound, fault.ForbiddenCode, fault.Validation, agents.AlreadyReviewed},
	}, func(ctx context.Context, in *withdrawInput) (*okOutput, error) {
		meeting, err := in.meeting()
		if err != nil {
			return nil, err
		}
		_, err = uc.Execute(ctx, agentsuc.WithdrawVoteInput{
			Actor: in.Principal, On: agentsuc.AnswerRef{Meeting: meeting, Source: agents.Source(in.Source), Ref: in.SourceRef},
		})
		if err != nil {
			return nil, err
		}
		return &okOutput{Body: tertulia.Done{OK: true}}, nil
	})
}

type myVotesOutput struct {
	Body tertulia.AgentFeedbackList
}

// registerMyVotes: GET /api/meetings/{id}/my-agent-feedback.
func registerMyVotes(api *httpserver.API, q *agentsuc.LearningQueries) {
	httpserver.Get(api, "/api/meetings/{id}/my-agent-feedback", httpserver.Spec{
		ID: "listMyVotes", Tag: tag, Summary: "The own pending votes in a meeting",
		Role: kernel.Rep, Errors: []fault.Code{agents.MeetingNotFound, fault.ForbiddenCode},
	}, func(ctx context.Context, in *OneMeeting) (*myVotesOutput, error) {
		meeting, err := in.meeting()
		if err != nil {
			return nil, err
		}
		list, err := q.Mine(ctx, in.Principal, meeting)
		if err != nil {
			return nil, err
		}
		out := myVotesOutput{Body: tertulia.AgentFeedbackList{Data: httpserver.Each(list, toAPIFeedback)}}
		return &out, nil
	})
}

func toAPIFeedback(f agents.Feedback) tertulia.AgentFeedback {
	return tertulia.AgentFeedback{
		ID: f.ID.String(), Agent: f.Agent.String(), Source: string(f.Source), SourceRef: f.Ref, Vote: string(f.Vote),
		Correction: httpserver.OrNull(f.Correction), Status: string(f.Review), CreatedAt: f.CreatedAt,
	}
}
