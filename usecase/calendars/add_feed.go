package calendarsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// AddFeedInput registers a calendar.
type AddFeedInput struct {
	Actor    kernel.Principal
	URL      string // secret
	Name     string // empty: the calendar's host
	Internal bool   // also calls with nobody from outside
}

// Validate returns the input tidied. Invalid VALIDATION_ERROR on url and name.
func (in AddFeedInput) Validate() (AddFeedInput, error) {
	var err error
	in.URL, in.Name, err = calendars.CheckFeed(in.URL, in.Name)
	return in, err
}

// AddFeed registers a calendar of the actor's. It is read by a job, at once and every 15 minutes from then on.
//
// Errors: Invalid VALIDATION_ERROR; Conflict CALENDAR_FEED_EXISTS or CALENDAR_FEED_LIMIT.
type AddFeed struct {
	Shared
	Storage
}

// Execute returns the feed.
func (uc *AddFeed) Execute(ctx context.Context, in AddFeedInput) (calendars.Feed, error) {
	in, err := in.Validate()
	if err != nil {
		return calendars.Feed{}, fmt.Errorf("add calendar feed: %w", err)
	}
	now := uc.Clock.Now()
	f := calendars.Feed{
		ID: calendars.FeedID(uc.IDs.New()), Workspace: in.Actor.Workspace, Rep: in.Actor.Rep, Name: in.Name, URL: in.URL, Internal: in.Internal,
		NextPoll: now, CreatedAt: now,
	}
	err = uc.Tx.InTx(ctx, f.Workspace, func(ctx context.Context) error {
		if err := uc.Feeds.Add(ctx, f); err != nil {
			return err
		}
		mine, err := uc.Reads.List(ctx, f.Workspace, f.Rep, now, now)
		if err != nil {
			return err
		}
		if len(mine) > calendars.MaxFeeds {
			return fault.New(fault.Conflict, calendars.TooManyFeeds).With("max", fmt.Sprint(calendars.MaxFeeds))
		}
		_, err = uc.Jobs.Enqueue(ctx, f.Workspace, PollCalendarFeed{Feed: f.ID})
		return err
	})
	if err != nil {
		return calendars.Feed{}, fmt.Errorf("add calendar feed: %w", err)
	}
	return f, nil
}
