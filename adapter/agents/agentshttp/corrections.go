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

type correctionsInput struct {
	httpserver.Caller
	tertulia.CorrectionFilter
}

type correctionsOutput struct {
	Body tertulia.AgentCorrectionPage
}

// registerCorrections: GET /api/admin/corrections.
func registerCorrections(api *httpserver.API, q *agentsuc.LearningQueries) {
	httpserver.Get(api, "/api/admin/corrections", httpserver.Spec{
		ID: "listCorrections", Tag: tag, Summary: "The queue of corrections, newest first",
		Role: kernel.Admin, Errors: []fault.Code{fault.ForbiddenCode},
	}, func(ctx context.Context, in *correctionsInput) (*correctionsOutput, error) {
		list, next, err := q.Corrections(ctx, in.Principal,
			agentsuc.CorrectionFilter{Review: agents.Review(in.Status), Agent: agents.Key(in.Agent)},
			kernel.Page{Limit: in.Limit, Cursor: kernel.Cursor(in.Cursor)})
		if err != nil {
			return nil, err
		}
		out := correctionsOutput{Body: tertulia.AgentCorrectionPage{
			Data: httpserver.Each(list, toAPICorrection), NextCursor: httpserver.OrNull(string(next)),
		}}
		return &out, nil
	})
}

type reviewInput struct {
	httpserver.Caller

	ID   string `path:"id" doc:"The correction's ID." example:"0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f"`
	Body tertulia.ReviewCorrectionRequest
}

type correctionOutput struct {
	Body tertulia.AgentCorrection
}

// registerReview: PUT /api/admin/corrections/{id}.
func registerReview(api *httpserver.API, uc *agentsuc.ReviewCorrection) {
	httpserver.Put(api, "/api/admin/corrections/{id}", httpserver.Spec{
		ID: "reviewCorrection", Tag: tag, Summary: "Approve a correction as a lesson, or reject it",
		Description: "An approval needs `lesson_text`, which names nobody, and `pii_checked: true`. The agent's `lecciones.md` is then " +
			"written anew. An approved correction can still be rejected: that takes its lesson back.",
		Role: kernel.Admin, Errors: []fault.Code{agents.CorrectionNotFound, fault.ForbiddenCode, fault.Validation, agents.AlreadyReviewed},
	}, func(ctx context.Context, in *reviewInput) (*correctionOutput, error) {
		id, err := kernel.ParseID[agents.FeedbackID](in.ID)
		if err != nil {
			return nil, fault.New(fault.NotFound, agents.CorrectionNotFound)
		}
		c, err := uc.Execute(ctx, agentsuc.ReviewCorrectionInput{
			Actor: in.Principal, Correction: id, To: agents.Review(in.Body.Status), Lesson: in.Body.LessonText,
			PIIChecked: in.Body.PIIChecked, Reason: in.Body.Reason,
		})
		if err != nil {
			return nil, err
		}
		return &correctionOutput{Body: toAPICorrection(c)}, nil
	})
}

func toAPICorrection(c agentsuc.Correction) tertulia.AgentCorrection {
	return tertulia.AgentCorrection{
		ID: c.ID.String(), AgentKey: c.Agent.String(), AgentName: c.AgentName, MeetingID: c.Meeting, MeetingTitle: c.MeetingTitle,
		Source: string(c.Source), SourceRef: c.Ref, Question: httpserver.OrNull(c.Question), Answer: c.Answer, Correction: c.Correction,
		Status: string(c.Review), LessonText: httpserver.OrNull(c.Lesson), Reason: httpserver.OrNull(c.Reason),
		Author:     tertulia.RepRef{ID: c.Author.String(), Name: c.AuthorName, Email: c.AuthorEmail},
		ReviewedBy: httpserver.OrNull(c.ReviewerName), ReviewedAt: c.ReviewedAt, CreatedAt: c.CreatedAt,
	}
}
