package tertulia

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// CalendarFeeds are the caller's calendars, whose calls book their notetakers themselves.
type CalendarFeeds struct{ c *Client }

// List returns the caller's calendars, the oldest first. There are at most ten.
func (f CalendarFeeds) List(ctx context.Context, opts ...CallOption) (CalendarFeedList, error) {
	return call[CalendarFeedList](ctx, f.c, request{method: http.MethodGet, path: "/api/me/calendar-feeds"}, opts)
}

// Add registers a calendar, which is read at once and every 15 minutes from then on. CodeCalendarFeedExists,
// CodeCalendarFeedLimit.
func (f CalendarFeeds) Add(ctx context.Context, req AddCalendarFeedRequest, opts ...CallOption) (CalendarFeed, error) {
	return call[CalendarFeed](ctx, f.c, request{method: http.MethodPost, path: "/api/me/calendar-feeds", body: req}, opts)
}

// Remove forgets a calendar and calls off the notetakers that it has booked. CodeCalendarFeedNotFound.
func (f CalendarFeeds) Remove(ctx context.Context, id string, opts ...CallOption) (CalendarFeedRemoval, error) {
	return call[CalendarFeedRemoval](ctx, f.c, request{
		method: http.MethodDelete, path: "/api/me/calendar-feeds/" + url.PathEscape(id),
	}, opts)
}

// AddCalendarFeedRequest registers a calendar: POST /api/me/calendar-feeds.
type AddCalendarFeedRequest struct {
	URL             string `json:"url" doc:"The calendar's secret iCal address, https or webcal. It is kept secret." example:"https://calendar.google.com/calendar/ical/ana%40example.com/private-0123/basic.ics"`
	Name            string `json:"name,omitempty" doc:"A name to know it by, at most 100 characters." example:"Trabajo"`
	IncludeInternal bool   `json:"includeInternal,omitempty" doc:"Also send a notetaker to calls with nobody from outside; everybody in the workspace can read those."`
}

// CalendarFeedStatus is how a calendar fares.
type CalendarFeedStatus string

// How a calendar fares.
const (
	CalendarFeedPending CalendarFeedStatus = "pending" // not read yet
	CalendarFeedOK      CalendarFeedStatus = "ok"
	CalendarFeedFailing CalendarFeedStatus = "failing" // see error_code
)

// CalendarFeed is a calendar that the caller has registered.
type CalendarFeed struct {
	ID              string             `json:"id" doc:"The feed's ID."`
	Name            string             `json:"name" doc:"The name it was given."`
	URL             string             `json:"url" doc:"Where the calendar is, without what is secret in its address." example:"https://calendar.google.com/…"`
	IncludeInternal bool               `json:"include_internal" doc:"Whether calls with nobody from outside get a notetaker too."`
	Status          CalendarFeedStatus `json:"status" enum:"pending,ok,failing" doc:"How it fares."`
	ErrorCode       *string            `json:"error_code" doc:"Why it could not be read when it was last tried." example:"CALENDAR_REFUSED"`
	ErrorMessage    *string            `json:"error_message" doc:"The same in a sentence."`
	LastReadAt      *time.Time         `json:"last_read_at" doc:"When it was last read as a whole."`
	LastPolledAt    *time.Time         `json:"last_polled_at" doc:"When it was last asked for."`
	NextPollAt      time.Time          `json:"next_poll_at" doc:"When it will be asked for again."`
	UpcomingCalls   int                `json:"upcoming_calls" doc:"Calls of the next 48 hours that have or get a notetaker."`
	CreatedAt       time.Time          `json:"created_at" doc:"When it was registered."`
}

// CalendarFeedList is every calendar of the caller: GET /api/me/calendar-feeds.
type CalendarFeedList struct {
	Data []CalendarFeed `json:"data" doc:"The calendars, the oldest first."`
}

// CalendarFeedRemoval is what forgetting a calendar has led to: DELETE /api/me/calendar-feeds/{id}.
type CalendarFeedRemoval struct {
	OK                bool `json:"ok" doc:"Always true."`
	MeetingsCancelled int  `json:"meetings_cancelled" doc:"Scheduled meetings that were called off with it."`
}
