package tertulia

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// ClipRequest is a stretch of a meeting to keep.
type ClipRequest struct {
	Title   string `json:"title" doc:"What it shows, up to 200 characters." example:"La objeción del precio"`
	StartMS int64  `json:"start_ms" doc:"Where it begins, in milliseconds of the recording." example:"61200"`
	EndMS   int64  `json:"end_ms" doc:"Where it ends: a second to fifteen minutes later, within the recording." example:"95000"`
}

// ClipFilter bounds a list of clips.
type ClipFilter struct {
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Clips at most; a meeting has up to 100."`
}

// Clip is a stretch of a meeting that somebody wants to be seen.
type Clip struct {
	ID         string              `json:"id" doc:"The clip's ID."`
	MeetingID  string              `json:"meeting_id" doc:"The meeting's ID."`
	Title      string              `json:"title" doc:"What it shows." example:"La objeción del precio"`
	StartMS    int64               `json:"start_ms" doc:"Where it begins, in milliseconds of the recording." example:"61200"`
	EndMS      int64               `json:"end_ms" doc:"Where it ends." example:"95000"`
	CreatedBy  *RepRef             `json:"created_by" doc:"Who made it; null when it was a service."`
	CreatedAt  time.Time           `json:"created_at" doc:"When it was made."`
	VideoURL   *string             `json:"video_url" doc:"Plays the stretch, without a credential; null until the video is there." example:"https://media.example.com/video.mp4?sig=x#t=61.2,95"`
	AudioURL   *string             `json:"audio_url" doc:"The same of the audio."`
	ExpiresAt  *time.Time          `json:"expires_at" doc:"Until when the links open."`
	Transcript []TranscriptSegment `json:"transcript" doc:"What is said in it."`
}

// ClipPage is a meeting's clips, in the order of the recording.
type ClipPage struct {
	Data  []Clip `json:"data" doc:"The clips."`
	Total int    `json:"total" doc:"How many the meeting has."`
	Limit int    `json:"limit" doc:"At most so many are in data."`
}

// Removed answers a deletion.
type Removed struct {
	OK bool `json:"ok" doc:"Always true."`
}

// AddClip keeps a stretch of a meeting. CodeInvalidState before there is something to show.
func (m Meetings) AddClip(ctx context.Context, meeting string, req ClipRequest, opts ...CallOption) (Clip, error) {
	return call[Clip](ctx, m.c, request{method: http.MethodPost, path: meetingPath(meeting, "/clips"), body: req, idempotencyKey: freshKey()}, opts)
}

// Clips returns a meeting's clips.
func (m Meetings) Clips(ctx context.Context, meeting string, filter ClipFilter, opts ...CallOption) (ClipPage, error) {
	return call[ClipPage](ctx, m.c, request{method: http.MethodGet, path: meetingPath(meeting, "/clips"), query: queryOf(filter)}, opts)
}

// RemoveClip deletes a clip, not what it shows. CodeClipNotFound when there is none.
func (m Meetings) RemoveClip(ctx context.Context, meeting, clip string, opts ...CallOption) error {
	_, err := call[Removed](ctx, m.c, request{method: http.MethodDelete, path: meetingPath(meeting, "/clips/"+url.PathEscape(clip))}, opts)
	return err
}
