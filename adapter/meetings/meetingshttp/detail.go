package meetingshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type detailOutput struct {
	Body tertulia.MeetingDetail
}

// registerDetail: GET /api/meetings/{id}.
func registerDetail(api *httpserver.API, q *meetingsuc.Queries, v view) {
	httpserver.Get(api, "/api/meetings/{id}", httpserver.Spec{
		ID: "getMeeting", Tag: tag, Summary: "One meeting, whole",
		Description: "The meeting, its transcript, its current analysis and links that open the recordings for an hour.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: errorsOfOne(),
	}, func(ctx context.Context, in *OneMeeting) (*detailOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		d, err := q.Detail(ctx, in.Principal, id)
		if err != nil {
			return nil, err
		}
		return &detailOutput{Body: v.toAPIDetail(d, httpserver.Language(ctx))}, nil
	})
}
