package meetingshttp

import (
	"context"
	"net/http"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type reanalyzeInput struct {
	OneMeeting

	Body *tertulia.ReanalyzeRequest
}

type reanalyzeOutput struct {
	Body tertulia.ReanalyzeAnswer
}

// registerReanalyze: POST /api/meetings/{id}/reanalyze.
func registerReanalyze(api *httpserver.API, uc *meetingsuc.ReanalyzeMeeting) {
	httpserver.Post(api, "/api/meetings/{id}/reanalyze", httpserver.Spec{
		ID: "reanalyzeMeeting", Tag: tag, Summary: "Analyse a meeting again",
		Description: "Against the customer and the type of now. The earlier analysis stands until the new one replaces it; a run that is pending is answered again.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed, Status: http.StatusAccepted,
		Errors: errorsOfOne(meetings.TranscriptNotReady),
	}, func(ctx context.Context, in *reanalyzeInput) (*reanalyzeOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		request := meetingsuc.ReanalyzeMeetingInput{Actor: in.Principal, Meeting: id}
		if in.Body != nil {
			request.Subtype = meetings.Subtype(in.Body.SalesSubtype)
		}
		job, err := uc.Execute(ctx, request)
		if err != nil {
			return nil, err
		}
		return &reanalyzeOutput{Body: tertulia.ReanalyzeAnswer{
			JobID: string(job), MeetingID: id.String(), Status: tertulia.Processing,
		}}, nil
	})
}
