package meetingshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type deleteOutput struct {
	Body tertulia.DeleteAnswer
}

// registerDelete: DELETE /api/admin/meetings/{id}.
func registerDelete(api *httpserver.API, uc *meetingsuc.DeleteMeeting, v view) {
	httpserver.Delete(api, "/api/admin/meetings/{id}", httpserver.Spec{
		ID: "deleteMeeting", Tag: tag, Summary: "Delete a meeting for good",
		Description: "In any state: our rows at once, then what the notetaker's vendor and our storage hold. A part that cannot be deleted now is pending, and a job goes on with it. What HubSpot was told stays there.",
		Role:        kernel.Admin, Timeout: vendorTime, Errors: errorsOfOne(),
	}, func(ctx context.Context, in *OneMeeting) (*deleteOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		d, err := uc.Execute(ctx, in.Principal, id)
		if err != nil {
			return nil, err
		}
		lang := httpserver.Language(ctx)
		return &deleteOutput{Body: tertulia.DeleteAnswer{
			OK: true, MeetingID: id.String(), JobID: string(d.Job), Deleted: tertulia.DeletedParts{
				Database: v.toAPIPart(meetingsuc.PartOutcome{Status: meetingsuc.PartDeleted}, lang),
				Recall:   v.toAPIPart(d.Recall, lang), Storage: v.toAPIPart(d.Storage, lang),
			},
		}}, nil
	})
}

func (v view) toAPIPart(p meetingsuc.PartOutcome, lang string) tertulia.DeletedPart {
	part := tertulia.DeletedPart{Status: string(p.Status), Reason: httpserver.OrNull(string(p.Reason))}
	if p.Reason != "" {
		part.Message = httpserver.OrNull(v.texts.Text(lang, string(p.Reason), nil))
	}
	return part
}
