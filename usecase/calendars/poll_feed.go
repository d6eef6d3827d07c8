package calendarsuc

import (
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// PollFeed reads a calendar, keeps what it says, and books notetakers for the calls of the next 48 hours. Calls that were
// moved get their notetaker at the new time; those that are gone lose it while the meeting is SCHEDULED.
//
// It may run any number of times and beside itself. What keeps the feed from being read is shown on it; an error means
// that something of ours or of the notetaker's vendor failed, and is worth trying again. Either way the next poll is
// enqueued when this one ends for good.
type PollFeed struct {
	*booker
	source Source
}

// Execute polls one feed. last tells that a failure will not be tried again.
func (uc *PollFeed) Execute(ctx context.Context, ws kernel.WorkspaceID, id calendars.FeedID, last bool) error {
	f, owner, found, err := uc.load(ctx, ws, id)
	if fault.CodeOf(err) == calendars.FeedNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("poll calendar feed: %w", err)
	}
	var failure calendars.Failure
	var failed error
	if found { // else its owner is gone, and nobody's calls are booked
		if failure, failed = uc.read(ctx, f, owner); failed == nil {
			failed = uc.settleAll(ctx, f, kernel.Principal{
				Kind: kernel.Machine, Workspace: ws, Rep: f.Rep, Email: owner.Email, Name: owner.Name, Role: owner.Role,
			})
		}
	}
	if failed == nil || last {
		failed = errors.Join(failed, uc.end(ctx, f, failure))
	}
	if failed != nil {
		return fmt.Errorf("poll calendar feed: %w", failed)
	}
	return nil
}

func (uc *PollFeed) load(ctx context.Context, ws kernel.WorkspaceID, id calendars.FeedID) (f calendars.Feed, owner Owner, found bool, err error) {
	err = uc.Reader.Read(ctx, ws, func(ctx context.Context) error {
		if f, err = uc.Reads.Get(ctx, ws, id); err != nil {
			return err
		}
		owner, found, err = uc.Reads.Owner(ctx, ws, f.Rep)
		return err
	})
	return f, owner, found, err
}

// read fetches the calendar and stores what it wants. A failure is the feed's, an error ours.
func (uc *PollFeed) read(ctx context.Context, f calendars.Feed, owner Owner) (calendars.Failure, error) {
	now := uc.Clock.Now()
	from := now.Add(-calendars.Late)
	read, changed, err := uc.source.Read(ctx, ReadRequest{
		URL: f.URL, Known: f.Validate(now), From: from, To: now.Add(calendars.Horizon), Zone: owner.Zone,
	})
	if refused, ok := errors.AsType[*ReadError](err); ok {
		return refused.Failure, nil
	}
	if err != nil || !changed {
		return calendars.Failure{}, err
	}
	wanted := calendars.Wanted(f, owner.Email, read.Occurrences, uc.calls.FindLink)
	err = uc.Tx.InTx(ctx, f.Workspace, func(ctx context.Context) error {
		stored, err := uc.Feeds.Lock(ctx, f.Workspace, f.ID)
		if err != nil {
			return err
		}
		stored.Known, stored.ReadAt = read.Validators, &now
		if err := uc.Events.Replace(ctx, stored, wanted, from); err != nil {
			return err
		}
		return uc.Feeds.Save(ctx, stored)
	})
	return calendars.Failure{}, whenGone(err)
}

// end stores how the poll went and enqueues the next, with the end of the job that runs.
func (uc *PollFeed) end(ctx context.Context, f calendars.Feed, failure calendars.Failure) error {
	return whenGone(uc.Tx.InTx(ctx, f.Workspace, func(ctx context.Context) error {
		stored, err := uc.Feeds.Lock(ctx, f.Workspace, f.ID)
		if err != nil {
			return err
		}
		stored = stored.Polled(uc.Clock.Now(), failure)
		if err := uc.Feeds.Save(ctx, stored); err != nil {
			return err
		}
		if _, err := uc.Jobs.Enqueue(ctx, f.Workspace, PollCalendarFeed{Feed: f.ID}, port.At(stored.NextPoll)); err != nil {
			return err
		}
		return uc.Jobs.Finish(ctx)
	}))
}

// whenGone ends the poll of a feed that was removed meanwhile.
func whenGone(err error) error {
	if fault.CodeOf(err) == calendars.FeedNotFound {
		return nil
	}
	return err
}
