package meetingshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type cancelOutput struct {
	Body tertulia.CancelAnswer
}

// registerCancel: DELETE /api/meetings/{id}.
func registerCancel(api *httpserver.API, uc *meetingsuc.CancelMeeting) {
	httpserver.Delete(api, "/api/meetings/{id}", httpserver.Spec{
		ID: "cancelMeeting", Tag: tag, Summary: "Cancel a scheduled meeting",
		Description: "Calls the notetaker off, or out of the call when it is on its way. Only from SCHEDULED.",
		Role:        kernel.Rep, Errors: errorsOfOne(meetings.InvalidState),
	}, func(ctx context.Context, in *OneMeeting) (*cancelOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		m, err := uc.Execute(ctx, in.Principal, id)
		if err != nil {
			return nil, err
		}
		return &cancelOutput{Body: tertulia.CancelAnswer{OK: true, Status: tertulia.MeetingStatus(m.Status)}}, nil
	})
}
