package calendarsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// RemoveFeed forgets a calendar of the actor's and calls off the notetakers that it has booked, unless another calendar
// wants them too. What is under way goes on.
//
// Errors: NotFound CALENDAR_FEED_NOT_FOUND, also for a feed of somebody else.
type RemoveFeed struct{ *booker }

// Execute returns how many meetings were called off. It may be repeated after a failure.
func (uc *RemoveFeed) Execute(ctx context.Context, actor kernel.Principal, id calendars.FeedID) (int, error) {
	ws := actor.Workspace
	var booked []string
	err := uc.Reader.Read(ctx, ws, func(ctx context.Context) error {
		f, err := uc.Reads.Get(ctx, ws, id)
		if err == nil && f.Rep != actor.Rep {
			err = notFound()
		}
		if err != nil {
			return err
		}
		booked, err = uc.Bookings.Booked(ctx, ws, id, uc.Clock.Now())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("remove calendar feed: %w", err)
	}
	cancelled := 0
	for _, meeting := range booked {
		done, err := uc.callOff(ctx, ws, id, meeting)
		if err != nil {
			return 0, fmt.Errorf("remove calendar feed: %w", err)
		}
		if done {
			cancelled++
		}
	}
	err = uc.Tx.InTx(ctx, ws, func(ctx context.Context) error { return uc.Feeds.Remove(ctx, ws, id) })
	if err != nil {
		return 0, fmt.Errorf("remove calendar feed: %w", err)
	}
	return cancelled, nil
}
