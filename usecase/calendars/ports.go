// Package calendarsuc lets reps register their calendars, and books notetakers for the calls in them. See README.md for
// the model and its invariants.
package calendarsuc

import (
	"context"
	"errors"
	"time"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Feeds keeps feeds. Every method stays inside the given workspace and runs in the caller's transaction or read.
type Feeds interface {
	// Add stores a feed. Conflict CALENDAR_FEED_EXISTS when the rep has one of that URL.
	Add(ctx context.Context, f calendars.Feed) error
	// Lock returns a feed and holds its row until the transaction ends. NotFound CALENDAR_FEED_NOT_FOUND.
	Lock(ctx context.Context, ws kernel.WorkspaceID, id calendars.FeedID) (calendars.Feed, error)
	// Save stores what polls have changed of a feed whose row the transaction holds.
	Save(ctx context.Context, f calendars.Feed) error
	// Remove deletes a feed with its events.
	Remove(ctx context.Context, ws kernel.WorkspaceID, id calendars.FeedID) error
}

// FeedReads answers questions about feeds.
type FeedReads interface {
	// Get returns a feed. NotFound CALENDAR_FEED_NOT_FOUND.
	Get(ctx context.Context, ws kernel.WorkspaceID, id calendars.FeedID) (calendars.Feed, error)
	// List returns a rep's feeds, the oldest first, with how many calls until a time each has booked or will book.
	List(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, from, until time.Time) ([]FeedRow, error)
	// Owner returns whose calendar a rep's is; found is false for one who has been removed.
	Owner(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID) (owner Owner, found bool, err error)
}

// FeedRow is a feed as a list shows it.
type FeedRow struct {
	calendars.Feed

	Upcoming int // calls within calendars.Ahead
}

// Owner is the rep whose calendar it is.
type Owner struct {
	Email, Name string
	Role        kernel.Role
	Zone        string // IANA name of the workspace's time zone
}

// Events keeps what a feed's calendar wants, and what was booked for it.
type Events interface {
	// Replace keeps the feed's events from a time on as the calendar has them now. Bookings stay; events that are not among
	// them are marked as gone, and those of earlier days are forgotten.
	Replace(ctx context.Context, f calendars.Feed, events []calendars.Event, from time.Time) error
	// Unsettled returns the feed's events about which something is to be done: gone, stale, with a booking that was not
	// finished, or without one and starting after from and before until.
	Unsettled(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, from, until time.Time) ([]calendars.Event, error)
	// Intend stores the booking that e is about to get, unless it has one.
	Intend(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, e calendars.Event) error
	// Settle stores the meeting of e's booking, and reports whether that is still wanted: not when the feed was removed.
	Settle(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, e calendars.Event, meeting string) (bool, error)
	// Release forgets e's booking, and e itself when it is gone.
	Release(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, e calendars.Event) error
}

// Bookings tells what feeds have booked together.
type Bookings interface {
	// IsWanted reports whether an event of any feed in the workspace still wants a meeting; of the given feed none counts.
	IsWanted(ctx context.Context, ws kernel.WorkspaceID, except calendars.FeedID, meeting string) (bool, error)
	// Booked returns the meetings that a feed has booked for calls after a time.
	Booked(ctx context.Context, ws kernel.WorkspaceID, feed calendars.FeedID, from time.Time) ([]string, error)
}

// Source reads calendars.
type Source interface {
	// Read fetches a feed and lists its occurrences between two times, those without a zone by the given one. changed is
	// false when the feed is as it was. What keeps the feed from being read is a *ReadError.
	Read(ctx context.Context, r ReadRequest) (read Reading, changed bool, err error)
}

// ReadRequest is one feed to read. The URL is secret.
type ReadRequest struct {
	URL      string
	Known    calendars.Validators
	From, To time.Time
	Zone     string // IANA name
}

// Reading is what a calendar says.
type Reading struct {
	Occurrences []calendars.Occurrence
	Validators  calendars.Validators
}

// ReadError is why a feed could not be read: its owner's or its server's matter, and shown on the feed.
type ReadError struct {
	calendars.Failure

	Cause error
}

// Error says what went wrong without the feed's URL.
func (e *ReadError) Error() string { return "read calendar: " + string(e.Code) }

// Unwrap returns the cause.
func (e *ReadError) Unwrap() error { return e.Cause }

// Calls books notetakers: meetings, behind a bridge.
type Calls interface {
	// FindLink returns the first link of a call in the texts.
	FindLink(texts []string) (link string, found bool)
	// Book books a notetaker as the rep, at most one per key, and returns its meeting. called tells that the key's meeting
	// has been called off meanwhile. ErrRefused; other errors as of scheduling
	// a meeting.
	Book(ctx context.Context, r BookRequest) (meeting string, calledOff bool, err error)
	// Cancel calls a meeting off. One that has begun, is over or does not exist is no error.
	Cancel(ctx context.Context, ws kernel.WorkspaceID, meeting string) error
}

// ErrRefused says that the notetaker's vendor will never take a call. Its meeting is there, and shows that it has failed.
var ErrRefused = errors.New("the notetaker was refused")

// BookRequest is one call to book.
type BookRequest struct {
	Rep    kernel.Principal
	Key    string
	Link   string
	Title  string
	Starts time.Time // in the past: now
	Offset int       // seconds from UTC
	Guest  calendars.Guest
}

// Shared are the ports that every capability shares.
type Shared struct {
	Tx     port.Transactor
	Reader port.Reader
	Jobs   port.Jobs
	Clock  port.Clock
	IDs    port.IDs
}

func notFound() error { return fault.New(fault.NotFound, calendars.FeedNotFound) }

// isWorthRetrying tells whether booking again soon may fare better.
func isWorthRetrying(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Forbidden, fault.NotFound, fault.Conflict:
		return false
	default:
		return !errors.Is(err, ErrRefused)
	}
}
