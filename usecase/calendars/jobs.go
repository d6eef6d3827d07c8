package calendarsuc

import "github.com/tertulia-dev/tertulia/domain/calendars"

// PollCalendarFeed reads a calendar and books what it says. It enqueues its successor.
type PollCalendarFeed struct {
	Feed calendars.FeedID `json:"feed"`
}

// Kind implements port.Job.
func (PollCalendarFeed) Kind() string { return "poll_calendar_feed" }

// Unique allows one pending poll a feed.
func (j PollCalendarFeed) Unique() string { return j.Feed.String() }
