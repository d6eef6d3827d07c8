// Package meetingsbridge books the calls of calendars as meetings.
package meetingsbridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	calendarsuc "github.com/tertulia-dev/tertulia/usecase/calendars"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// scope keeps the keys of calendars apart from those of callers.
const scope = "calendar"

// Bridge implements calendarsuc.Calls.
type Bridge struct {
	Schedule  *meetingsuc.ScheduleMeeting
	CancelOne *meetingsuc.CancelMeeting
	Clock     port.Clock
}

// FindLink goes by the rules of meeting links.
func (Bridge) FindLink(texts []string) (string, bool) {
	link, found := meetings.FindLink(texts...)
	return link.URL, found
}

// Book schedules a sales meeting with the guest, or without one an internal meeting.
func (b Bridge) Book(ctx context.Context, r calendarsuc.BookRequest) (string, bool, error) {
	in := meetingsuc.ScheduleMeetingInput{
		Actor: r.Rep, Key: port.IdempotencyKey{Scope: scope, Key: r.Key, BodyHash: scope}, MeetingURL: r.Link, Title: r.Title,
	}
	if r.Starts.After(b.Clock.Now()) {
		in.ScheduledAt = r.Starts.In(time.FixedZone("", wholeMinutes(r.Offset))).Format(time.RFC3339)
	}
	if r.Guest == (calendars.Guest{}) {
		in.Booking = meetingsuc.ByInvite
	} else {
		in.Customer = customer(r.Guest)
	}
	m, err := b.Schedule.Execute(ctx, in)
	if fault.CodeOf(err) == meetings.RecallError { // refused for good: the meeting is there, and FAILED
		return "", false, errors.Join(calendarsuc.ErrRefused, err)
	}
	if err != nil {
		return "", false, err
	}
	return m.ID.String(), m.Status == meetings.Cancelled, nil
}

// wholeMinutes is an offset as RFC 3339 can write it: those of long ago have seconds.
func wholeMinutes(offset int) int { return offset / 60 * 60 }

// customer leaves out what meetings would refuse: what a calendar says of a guest is not typed by anybody who could
// correct it.
func customer(g calendars.Guest) meetings.Customer {
	c := meetings.Customer{ContactName: g.Name, Company: g.Company, Email: g.Email}.Tidy()
	c.ContactName = cmp.Or(c.ContactName, c.Company, "—")
	var f fault.Fields
	if c.Check(&f, "customer"); f.Err() != nil {
		return meetings.Customer{ContactName: c.ContactName}
	}
	return c
}

// Cancel calls a meeting off as the workspace itself: who owned it may have changed.
func (b Bridge) Cancel(ctx context.Context, ws kernel.WorkspaceID, meeting string) error {
	_, err := b.CancelOne.Execute(ctx, kernel.System(ws), meetings.ID(meeting))
	switch fault.CodeOf(err) {
	case meetings.InvalidState, meetings.MeetingNotFound:
		return nil
	default:
		if err != nil {
			return fmt.Errorf("call off the notetaker: %w", err)
		}
		return nil
	}
}
