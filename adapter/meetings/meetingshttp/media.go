package meetingshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type mediaOutput struct {
	Body tertulia.MediaLink
}

// registerMedia: GET /api/meetings/{id}/video and /audio.
func registerMedia(api *httpserver.API, q *meetingsuc.Queries) {
	httpserver.Get(api, "/api/meetings/{id}/video", httpserver.Spec{
		ID: "getMeetingVideo", Tag: tag, Summary: "A link to the video",
		Description: "Opens for an hour, without a credential.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: errorsOfOne(meetings.VideoNotReady),
	}, mediaLink(q, meetingsuc.Video))
	httpserver.Get(api, "/api/meetings/{id}/audio", httpserver.Spec{
		ID: "getMeetingAudio", Tag: tag, Summary: "A link to the audio",
		Description: "Opens for an hour, without a credential. Until the audio is in our storage it is the vendor's own link.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: errorsOfOne(meetings.AudioNotReady),
	}, mediaLink(q, meetingsuc.Audio))
}

func mediaLink(q *meetingsuc.Queries, kind meetingsuc.MediaKind) func(context.Context, *OneMeeting) (*mediaOutput, error) {
	return func(ctx context.Context, in *OneMeeting) (*mediaOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		link, err := q.MediaLink(ctx, in.Principal, id, kind)
		if err != nil {
			return nil, err
		}
		return &mediaOutput{Body: tertulia.MediaLink(link)}, nil
	}
}
