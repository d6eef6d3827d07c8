// Package billinghttp serves what the workspace's use of vendors costs.
package billinghttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
)

const tag = "costs"

// meetingNotFound is meetings' code for one that the caller's workspace does not have.
const meetingNotFound fault.Code = "MEETING_NOT_FOUND"

// Register registers the routes of costs.
func Register(api *httpserver.API, q *billinguc.Queries) {
	registerMeetingCosts(api, q)
	registerMonthCosts(api, q)
}

type meetingInput struct {
	httpserver.Caller

	ID string `path:"id" doc:"The meeting's ID." example:"8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6"`
}

type meetingOutput struct {
	Body tertulia.MeetingCosts
}

// registerMeetingCosts: GET /api/meetings/{id}/costs.
func registerMeetingCosts(api *httpserver.API, q *billinguc.Queries) {
	httpserver.Get(api, "/api/meetings/{id}/costs", httpserver.Spec{
		ID: "getMeetingCosts", Tag: tag, Summary: "What a meeting costs",
		Description: "What the meeting has used at vendors so far, at the published prices of the day it was used: the notetaker's " +
			"time, the transcription, the models' tokens, and the recordings' place in the store.",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: []fault.Code{meetingNotFound, fault.ForbiddenCode},
	}, func(ctx context.Context, in *meetingInput) (*meetingOutput, error) {
		lines, err := q.OfMeeting(ctx, in.Principal, in.ID)
		if err != nil {
			return nil, err
		}
		return &meetingOutput{Body: toAPIMeetingCosts(in.ID, lines)}, nil
	})
}

type monthInput struct {
	httpserver.Caller
	tertulia.CostsFilter
}

type monthOutput struct {
	Body tertulia.MonthCosts
}

// registerMonthCosts: GET /api/admin/costs.
func registerMonthCosts(api *httpserver.API, q *billinguc.Queries) {
	httpserver.Get(api, "/api/admin/costs", httpserver.Spec{
		ID: "getMonthCosts", Tag: tag, Summary: "What a month costs",
		Description: "What the workspace used in a calendar month of its time zone, with the mean of a meeting and the dearest ones.",
		Role:        kernel.Admin, ActAs: httpserver.ServiceAllowed, Errors: []fault.Code{fault.Validation, fault.ForbiddenCode},
	}, func(ctx context.Context, in *monthInput) (*monthOutput, error) {
		month, err := q.OfMonth(ctx, in.Principal, in.Month, in.Limit)
		if err != nil {
			return nil, err
		}
		return &monthOutput{Body: toAPIMonthCosts(month)}, nil
	})
}
