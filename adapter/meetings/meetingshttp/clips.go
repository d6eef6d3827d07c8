package meetingshttp

import (
	"context"
	"net/http"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type addClipInput struct {
	OneMeeting

	Body tertulia.ClipRequest
}

type listClipsInput struct {
	OneMeeting
	tertulia.ClipFilter
}

type oneClipInput struct {
	OneMeeting

	Clip string `path:"clip" doc:"The clip's ID."`
}

type clipOutput struct {
	Body tertulia.Clip
}

type clipsOutput struct {
	Body tertulia.ClipPage
}

type removedOutput struct {
	Body tertulia.Removed
}

// registerClips: POST and GET /api/meetings/{id}/clips, DELETE /api/meetings/{id}/clips/{clip}.
func registerClips(api *httpserver.API, uc *meetingsuc.Moments) {
	httpserver.Post(api, "/api/meetings/{id}/clips", httpserver.Spec{
		ID: "addClip", Tag: tag, Summary: "Keep a stretch of a meeting",
		Description: "From one second to fifteen minutes, at most 100 a meeting. The recording is not cut: the clip's links play its stretch.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed, Status: http.StatusCreated, Idempotent: true,
		Errors: errorsOfOne(meetings.InvalidState, meetings.TooManyClips, meetings.ClipNotFound),
	}, func(ctx context.Context, in *addClipInput) (*clipOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		clip, err := uc.AddClip.Execute(ctx, meetingsuc.AddClipInput{
			Actor: in.Principal, Meeting: id, Title: in.Body.Title,
			Start: meetings.Millis(in.Body.StartMS), End: meetings.Millis(in.Body.EndMS),
			Key: keyOf(in.Caller, "addClip/"+id.String()),
		})
		if err != nil {
			return nil, err
		}
		view, err := uc.Queries.Clip(ctx, in.Principal, id, clip.ID)
		if err != nil {
			return nil, err
		}
		return &clipOutput{Body: toAPIClip(view)}, nil
	})
	httpserver.Get(api, "/api/meetings/{id}/clips", httpserver.Spec{
		ID: "listClips", Tag: tag, Summary: "A meeting's clips, in the order of the recording",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: errorsOfOne(),
	}, func(ctx context.Context, in *listClipsInput) (*clipsOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		page, err := uc.Queries.Clips(ctx, in.Principal, id, in.Limit)
		if err != nil {
			return nil, err
		}
		out := clipsOutput{Body: tertulia.ClipPage{Data: []tertulia.Clip{}, Total: page.Total, Limit: page.Limit}}
		for _, view := range page.Clips {
			out.Body.Data = append(out.Body.Data, toAPIClip(view))
		}
		return &out, nil
	})
	httpserver.Delete(api, "/api/meetings/{id}/clips/{clip}", httpserver.Spec{
		ID: "removeClip", Tag: tag, Summary: "Delete a clip",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: errorsOfOne(meetings.ClipNotFound),
	}, func(ctx context.Context, in *oneClipInput) (*removedOutput, error) {
		meeting, err := in.meeting()
		if err != nil {
			return nil, err
		}
		clip, err := kernel.ParseID[meetings.ClipID](in.Clip)
		if err != nil {
			return nil, fault.New(fault.NotFound, meetings.ClipNotFound)
		}
		if err := uc.RemoveClip.Execute(ctx, in.Principal, meeting, clip); err != nil {
			return nil, err
		}
		return &removedOutput{Body: tertulia.Removed{OK: true}}, nil
	})
}

func toAPIClip(v meetingsuc.ClipView) tertulia.Clip {
	clip := tertulia.Clip{
		ID: v.ID.String(), MeetingID: v.Meeting.String(), Title: v.Title, StartMS: int64(v.Start), EndMS: int64(v.End),
		CreatedBy: toAPIRep(v.Author), CreatedAt: v.CreatedAt, Transcript: []tertulia.TranscriptSegment{},
		VideoURL: httpserver.OrNull(v.VideoURL), AudioURL: httpserver.OrNull(v.AudioURL),
	}
	if v.VideoURL != "" || v.AudioURL != "" {
		clip.ExpiresAt = &v.ExpiresAt
	}
	for _, s := range v.Words {
		clip.Transcript = append(clip.Transcript, tertulia.TranscriptSegment{
			Speaker: s.Speaker, Text: s.Text, StartMS: int64(s.StartMS), EndMS: int64(s.EndMS),
		})
	}
	return clip
}
