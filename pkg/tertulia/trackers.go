package tertulia

import (
	"context"
	"net/http"
	"net/url"
)

// Trackers counts topics over meetings.
type Trackers struct{ c *Client }

// List returns the first trackers by name.
func (t Trackers) List(ctx context.Context, filter TrackerFilter, opts ...CallOption) (TrackerPage, error) {
	return call[TrackerPage](ctx, t.c, request{method: http.MethodGet, path: "/api/trackers", query: queryOf(filter)}, opts)
}

// Add counts a topic from now on, and in the meetings so far. Administrators only. CodeTrackerExists when the name is taken.
func (t Trackers) Add(ctx context.Context, req TrackerRequest, opts ...CallOption) (Tracker, error) {
	return call[Tracker](ctx, t.c, request{method: http.MethodPost, path: "/api/trackers", body: req, idempotencyKey: freshKey()}, opts)
}

// Update changes a tracker. Administrators only.
func (t Trackers) Update(ctx context.Context, id string, patch TrackerPatch, opts ...CallOption) (Tracker, error) {
	return call[Tracker](ctx, t.c, request{method: http.MethodPatch, path: trackerPath(id, ""), body: patch}, opts)
}

// Remove deletes a tracker with its counts. Administrators only.
func (t Trackers) Remove(ctx context.Context, id string, opts ...CallOption) error {
	_, err := call[Removed](ctx, t.c, request{method: http.MethodDelete, path: trackerPath(id, "")}, opts)
	return err
}

// Trend returns how often the topic comes up, week by week.
func (t Trackers) Trend(ctx context.Context, id string, filter TrendFilter, opts ...CallOption) (TrackerTrend, error) {
	return call[TrackerTrend](ctx, t.c, request{method: http.MethodGet, path: trackerPath(id, "/trend"), query: queryOf(filter)}, opts)
}

// Trackers returns which topics come up in a meeting, and where. CodeTranscriptNotReady until there is a transcript.
func (m Meetings) Trackers(ctx context.Context, meeting string, filter TrackerFilter, opts ...CallOption) (MentionPage, error) {
	return call[MentionPage](ctx, m.c, request{method: http.MethodGet, path: meetingPath(meeting, "/trackers"), query: queryOf(filter)}, opts)
}

func trackerPath(id, rest string) string { return "/api/trackers/" + url.PathEscape(id) + rest }
