package meetingsuc

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Booking is which of the three ways of asking for a notetaker is used.
type Booking int

// Bookings.
const (
	BySchedule Booking = iota // a customer's meeting, now or later, with or without a URL
	ByStart                   // a customer's meeting, now, with a URL
	ByInvite                  // a meeting without a customer, with a URL
)

// ScheduleMeetingInput is a request for a notetaker. Strings are as the caller sent them.
type ScheduleMeetingInput struct {
	Actor       kernel.Principal
	Key         port.IdempotencyKey
	Booking     Booking
	MeetingURL  string
	Password    string // goes into the one request to the vendor; never stored
	Title       string
	Type        meetings.Type // empty: ventas, or general for an invitation
	ScheduledAt string        // RFC 3339 with offset; empty: now
	Customer    meetings.Customer
	RepEmail    string // the rep whose meeting it is; empty: the actor's
}

const maxTitle = 300

// plan is what a valid request comes to: the meeting to store and how the call is reached.
type plan struct {
	meeting  meetings.Meeting
	link     meetings.Link // zero when a link has yet to be made
	repEmail string        // in whose calendar it is made
	password string
}

// plan validates the input as a whole, so that the caller hears of every wrong field at once, and decides whose meeting
// it is.
func (uc *ScheduleMeeting) plan(ctx context.Context, in ScheduleMeetingInput) (plan, error) {
	now := uc.clock.Now()
	p := plan{password: in.Password, meeting: meetings.Meeting{
		ID: meetings.ID(uc.ids.New()), Workspace: in.Actor.Workspace, CreatedBy: in.Actor.Rep,
		Title: meetings.TidyText(in.Title), Type: in.typeOrDefault(), Customer: in.Customer.Tidy(), Status: meetings.Joining,
		Bot:   meetings.Bot{IdempotencyKey: uc.ids.New(), State: meetings.BotRequested},
		Video: meetings.Media{State: meetings.MediaNone}, Audio: meetings.Media{State: meetings.MediaNone},
		CRM:       meetings.CRMSync{State: meetings.SyncNone},
		CreatedAt: now, UpdatedAt: now,
	}}
	if err := in.check(&p, now); err != nil {
		return plan{}, err
	}
	p.meeting.URL, p.meeting.Platform = p.link.URL, p.link.Platform
	p.meeting.Bot.NeedsPassword = in.Password != "" && p.link.WithPassword(in.Password) != p.link.URL
	owner, err := uc.owner(ctx, in)
	if err != nil {
		return plan{}, err
	}
	p.repEmail = owner.Email
	if in.Booking != ByInvite {
		p.meeting.SalesRep = owner.ID
	}
	return p, nil
}

func (in ScheduleMeetingInput) typeOrDefault() meetings.Type {
	switch {
	case in.Type != "":
		return in.Type
	case in.Booking == ByInvite:
		return meetings.General
	default:
		return meetings.Sales
	}
}

// check notes every broken rule and fills in what was parsed on the way.
func (in ScheduleMeetingInput) check(p *plan, now time.Time) error {
	var f fault.Fields
	m := &p.meeting
	switch in.Booking {
	case ByInvite:
		f.Require(m.Type.IsValid() && !m.Type.IsSales(), "meetingType", fault.OneOf, "allowed", typeNames(meetings.Types()[1:]))
	default:
		f.Require(m.Type.IsValid(), "meetingType", fault.OneOf, "allowed", typeNames(meetings.Types()))
		m.Customer.Check(&f, "customerInfo")
	}
	f.Require(utf8.RuneCountInString(m.Title) <= maxTitle, "title", fault.TooLong, "max", "300")
	if in.MeetingURL == "" {
		f.Require(in.Booking == BySchedule, "meetingUrl", fault.Required)
	} else {
		var err error
		p.link, err = meetings.ParseMeetingURL(in.MeetingURL)
		f.Join(err)
	}
	if in.ScheduledAt != "" && in.Booking != ByStart {
		at, offset, err := meetings.ParseScheduledAt(in.ScheduledAt, now)
		f.Join(err)
		m.ScheduledAt, m.ScheduledOffset = &at, offset
		if at.After(now) {
			m.Status = meetings.Scheduled
		}
	}
	return f.Err()
}

func typeNames(types []meetings.Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}

// owner returns the rep whose meeting it is: the actor, unless another is named, which takes an admin. An invitation
// names nobody.
func (uc *ScheduleMeeting) owner(ctx context.Context, in ScheduleMeetingInput) (Rep, error) {
	isOwn := in.RepEmail == "" || in.Actor.Kind != kernel.Person || strings.EqualFold(in.RepEmail, in.Actor.Email)
	if isOwn || in.Booking == ByInvite {
		return Rep{ID: in.Actor.Rep, Email: in.Actor.Email}, nil
	}
	if !in.Actor.IsAdmin() {
		return Rep{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	rep, found, err := findRep(ctx, uc.reader, uc.reps, in.Actor.Workspace, in.RepEmail)
	if err == nil && !found {
		err = fault.New(fault.NotFound, meetings.SalesRepNotFound)
	}
	return rep, err
}

func findRep(ctx context.Context, reader port.Reader, reps Reps, ws kernel.WorkspaceID, email string) (rep Rep, found bool, err error) {
	err = reader.Read(ctx, ws, func(ctx context.Context) error {
		rep, found, err = reps.FindByEmail(ctx, ws, email)
		return err
	})
	return rep, found, err
}
