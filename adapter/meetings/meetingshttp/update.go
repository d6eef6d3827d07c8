package meetingshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type updateInput struct {
	OneMeeting

	Body tertulia.UpdateMeetingRequest
}

type updateOutput struct {
	Body tertulia.Meeting
}

// registerUpdate: PATCH /api/meetings/{id}.
func registerUpdate(api *httpserver.API, uc *meetingsuc.UseCases, v view) {
	httpserver.Patch(api, "/api/meetings/{id}", httpserver.Spec{
		ID: "updateMeeting", Tag: tag, Summary: "Change a meeting's title, customer or owner",
		Description: "An absent field stays as it is, null clears it. The analysis is not touched. Only an administrator changes the owner.",
		Role:        kernel.Rep, Errors: errorsOfOne(meetings.SalesRepNotFound),
	}, func(ctx context.Context, in *updateInput) (*updateOutput, error) {
		edit, err := fromAPIUpdate(in)
		if err != nil {
			return nil, err
		}
		if _, err := uc.Edit.Execute(ctx, edit); err != nil {
			return nil, err
		}
		row, err := uc.Queries.Row(ctx, in.Principal, edit.Meeting)
		if err != nil {
			return nil, err
		}
		return &updateOutput{Body: v.toAPIMeeting(row, httpserver.Language(ctx))}, nil
	})
}

func fromAPIUpdate(in *updateInput) (meetingsuc.EditMeetingInput, error) {
	id, err := in.meeting()
	if err != nil {
		return meetingsuc.EditMeetingInput{}, err
	}
	edit := meetingsuc.EditMeetingInput{
		Actor: in.Principal, Meeting: id, Title: fromAPIChange(in.Body.Title),
		Customer: fromAPIPatch(in.Body.CustomerInfo, in.Body.HubspotContactID),
		SalesRep: meetings.Change[kernel.RepID]{Set: in.Body.SalesRepID.Set},
	}
	if raw, ok := in.Body.SalesRepID.Get(); ok {
		if edit.SalesRep.To, ok = repID(raw); !ok {
			var wrong fault.Fields
			wrong.Add("sales_rep_id", fault.BadUUID)
			return meetingsuc.EditMeetingInput{}, wrong.Err()
		}
	}
	return edit, nil
}
