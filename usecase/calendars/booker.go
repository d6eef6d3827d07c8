package calendarsuc

import (
	"context"
	"errors"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// maxRounds is how often one call may be called off and booked anew.
const maxRounds = 20

// booker brings what is booked in line with what calendars say. Every step is stored before the next and may be repeated,
// by itself or beside itself: bookings are one per call and round, and calling off is idempotent.
type booker struct {
	Shared
	Storage
	calls Calls
}

// settle does what there is to do about one event.
func (b *booker) settle(ctx context.Context, f calendars.Feed, rep kernel.Principal, e calendars.Event) error {
	now := b.Clock.Now()
	if e.Booking.IsIntended() && e.Booking.Meeting == "" {
		if !calendars.IsDue(e.Booking.Starts, now) {
			return b.release(ctx, f, e) // it came to nothing, and now it is too late
		}
		meeting, err := b.book(ctx, f, rep, e)
		if err != nil {
			return err
		}
		e.Booking.Meeting = meeting
	}
	if e.Booking.IsIntended() && (e.Gone || e.IsStale()) {
		if _, err := b.callOff(ctx, f.Workspace, "", e.Booking.Meeting); err != nil {
			return err
		}
	} else if e.Booking.IsIntended() {
		return nil
	}
	if e.Booking.IsIntended() || e.Gone {
		if err := b.release(ctx, f, e); err != nil {
			return err
		}
		e.Booking = calendars.Booking{}
	}
	if e.Gone || !calendars.IsDue(e.Starts, now) {
		return nil
	}
	e.Booking = calendars.Booking{Link: e.Link, Starts: e.Starts}
	err := b.Tx.InTx(ctx, f.Workspace, func(ctx context.Context) error { return b.Events.Intend(ctx, f.Workspace, f.ID, e) })
	if err != nil {
		return err
	}
	_, err = b.book(ctx, f, rep, e)
	return err
}

// book finishes an intended booking. A meeting that was called off before is not taken for it: the next round's is.
func (b *booker) book(ctx context.Context, f calendars.Feed, rep kernel.Principal, e calendars.Event) (string, error) {
	var meeting string
	for round := range maxRounds {
		booked, calledOff, err := b.calls.Book(ctx, BookRequest{
			Rep: rep, Key: calendars.CallKey(e.Booking, round), Link: e.Booking.Link, Title: e.Title, Starts: e.Booking.Starts, Offset: e.Offset,
			Guest: e.Guest,
		})
		if err != nil {
			return "", err
		}
		if meeting = booked; !calledOff {
			break
		}
	}
	var wanted bool
	err := b.Tx.InTx(ctx, f.Workspace, func(ctx context.Context) (err error) {
		wanted, err = b.Events.Settle(ctx, f.Workspace, f.ID, e, meeting)
		return err
	})
	if err == nil && !wanted { // the feed was removed while the vendor was asked
		_, err = b.callOff(ctx, f.Workspace, "", meeting)
	}
	return meeting, err
}

// callOff cancels a meeting, unless a calendar wants it all the same; the given feed, if any, does not count.
func (b *booker) callOff(ctx context.Context, ws kernel.WorkspaceID, except calendars.FeedID, meeting string) (bool, error) {
	var wanted bool
	err := b.Reader.Read(ctx, ws, func(ctx context.Context) (err error) {
		wanted, err = b.Bookings.IsWanted(ctx, ws, except, meeting)
		return err
	})
	if err != nil || wanted {
		return false, err
	}
	return true, b.calls.Cancel(ctx, ws, meeting)
}

func (b *booker) release(ctx context.Context, f calendars.Feed, e calendars.Event) error {
	return b.Tx.InTx(ctx, f.Workspace, func(ctx context.Context) error { return b.Events.Release(ctx, f.Workspace, f.ID, e) })
}

// settleAll settles every event for which there is something to do. One that fails does not keep the others waiting; the
// error is that of those for which it is worth trying again soon.
func (b *booker) settleAll(ctx context.Context, f calendars.Feed, rep kernel.Principal) error {
	now := b.Clock.Now()
	var events []calendars.Event
	err := b.Reader.Read(ctx, f.Workspace, func(ctx context.Context) (err error) {
		events, err = b.Events.Unsettled(ctx, f.Workspace, f.ID, now.Add(-calendars.Late), now.Add(calendars.Ahead))
		return err
	})
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range events {
		if err := b.settle(ctx, f, rep, e); err != nil && isWorthRetrying(err) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}
