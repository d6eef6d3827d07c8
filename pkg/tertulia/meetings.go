package tertulia

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// Meetings schedules meetings and shows what became of them.
type Meetings struct{ c *Client }

// Schedule sends a notetaker to a call, now or at req.ScheduledAt. Without a MeetingURL a Google Meet is made.
// It carries a fresh Idempotency-Key unless one is given, so that a repeated attempt never sends two notetakers.
func (m Meetings) Schedule(ctx context.Context, req ScheduleRequest, opts ...CallOption) (ScheduledMeeting, error) {
	return m.book(ctx, "/api/meetings/schedule", req, req.SalesRepEmail, opts)
}

// Start sends a notetaker to a call that is going on.
func (m Meetings) Start(ctx context.Context, req StartRequest, opts ...CallOption) (ScheduledMeeting, error) {
	return m.book(ctx, "/api/meetings/start", req, req.SalesRepEmail, opts)
}

// InviteBot sends a notetaker to a meeting that is not about sales.
func (m Meetings) InviteBot(ctx context.Context, req InviteBotRequest, opts ...CallOption) (ScheduledMeeting, error) {
	return m.book(ctx, "/api/meetings/invite-bot", req, req.SalesRepEmail, opts)
}

func (m Meetings) book(ctx context.Context, path string, req any, rep string, opts []CallOption) (ScheduledMeeting, error) {
	return call[ScheduledMeeting](ctx, m.c, request{
		method: http.MethodPost, path: path, body: req, salesRep: rep, idempotencyKey: freshKey(),
	}, opts)
}

// List returns one page of the meetings that the caller may see.
func (m Meetings) List(ctx context.Context, filter MeetingFilter, opts ...CallOption) (MeetingPage, error) {
	return call[MeetingPage](ctx, m.c, request{
		method: http.MethodGet, path: "/api/meetings", query: queryOf(filter),
	}, opts)
}

// All walks over every meeting that the filter chooses, page by page from filter.Page on. It ends with the first error.
// A meeting that is added meanwhile moves the pages by one, so that a row may come twice.
func (m Meetings) All(ctx context.Context, filter MeetingFilter, opts ...CallOption) iter.Seq2[MeetingRow, error] {
	return func(yield func(MeetingRow, error) bool) {
		filter.Page = max(filter.Page, 1)
		for ; ; filter.Page++ {
			page, err := m.List(ctx, filter, opts...)
			if err != nil {
				yield(MeetingRow{}, err)
				return
			}
			for _, row := range page.Data {
				if !yield(row, nil) {
					return
				}
			}
			if len(page.Data) == 0 || page.Limit > 0 && page.Page*page.Limit >= page.Total {
				return
			}
		}
	}
}

// Get returns everything about a meeting. CodeMeetingNotFound when there is no such meeting in the workspace.
func (m Meetings) Get(ctx context.Context, id string, opts ...CallOption) (MeetingDetail, error) {
	return call[MeetingDetail](ctx, m.c, request{method: http.MethodGet, path: meetingPath(id, "")}, opts)
}

// Video returns a link that plays the video for an hour. CodeVideoNotReady until it is there.
func (m Meetings) Video(ctx context.Context, id string, opts ...CallOption) (MediaLink, error) {
	return call[MediaLink](ctx, m.c, request{method: http.MethodGet, path: meetingPath(id, "/video")}, opts)
}

// Audio returns a link that plays the audio for an hour. CodeAudioNotReady until it is there.
func (m Meetings) Audio(ctx context.Context, id string, opts ...CallOption) (MediaLink, error) {
	return call[MediaLink](ctx, m.c, request{method: http.MethodGet, path: meetingPath(id, "/audio")}, opts)
}

// Update changes the title, the customer or the owner, never the analysis.
func (m Meetings) Update(ctx context.Context, id string, req UpdateMeetingRequest, opts ...CallOption) (Meeting, error) {
	return call[Meeting](ctx, m.c, request{method: http.MethodPatch, path: meetingPath(id, ""), body: req}, opts)
}

// Cancel calls a scheduled meeting off. CodeInvalidState once it has begun.
func (m Meetings) Cancel(ctx context.Context, id string, opts ...CallOption) (CancelAnswer, error) {
	return call[CancelAnswer](ctx, m.c, request{method: http.MethodDelete, path: meetingPath(id, "")}, opts)
}

// Delete deletes a meeting for good, whatever its state, with everything that the notetaker's vendor and the storage hold
// of it. What cannot be deleted at once is pending in the answer, and is deleted by a job. Administrators only.
func (m Meetings) Delete(ctx context.Context, id string, opts ...CallOption) (DeleteAnswer, error) {
	return call[DeleteAnswer](ctx, m.c, request{method: http.MethodDelete, path: "/api/admin/meetings/" + url.PathEscape(id)}, opts)
}

// Reanalyze makes a new analysis, which replaces the old one when it is ready. A pending one is answered again, so
// that repeating the call is safe. CodeTranscriptNotReady until there is a transcript.
func (m Meetings) Reanalyze(ctx context.Context, id string, req ReanalyzeRequest, opts ...CallOption) (ReanalyzeAnswer, error) {
	return call[ReanalyzeAnswer](ctx, m.c, request{
		method: http.MethodPost, path: meetingPath(id, "/reanalyze"), body: req, idempotencyKey: freshKey(),
	}, opts)
}

func meetingPath(id, rest string) string { return "/api/meetings/" + url.PathEscape(id) + rest }
