package meetingsuc

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// EditMeetingInput changes what is set in it.
type EditMeetingInput struct {
	Actor    kernel.Principal
	Meeting  meetings.ID
	Title    meetings.Change[string]
	Customer meetings.CustomerPatch
	SalesRep meetings.Change[kernel.RepID] // admins only; empty: nobody's
}

// EditMeeting changes a meeting's title, customer and owner. It never touches the analysis.
//
// Allowed: who may change the meeting; the owner only by an admin.
// Errors: NotFound MEETING_NOT_FOUND or SALES_REP_NOT_FOUND, Forbidden, Invalid VALIDATION_ERROR.
type EditMeeting struct {
	*changer
	reps Reps
}

// Execute returns the changed meeting.
func (uc *EditMeeting) Execute(ctx context.Context, in EditMeetingInput) (meetings.Meeting, error) {
	m, err := uc.change(ctx, in.Actor.Workspace, in.Meeting, func(ctx context.Context, m *meetings.Meeting) error {
		if err := meetings.CanWrite(in.Actor, *m); err != nil {
			return err
		}
		if err := uc.assign(ctx, m, in); err != nil {
			return err
		}
		return in.edit(m)
	})
	if err != nil {
		return meetings.Meeting{}, fmt.Errorf("edit meeting: %w", err)
	}
	return m, nil
}

func (uc *EditMeeting) assign(ctx context.Context, m *meetings.Meeting, in EditMeetingInput) error {
	if !in.SalesRep.Set {
		return nil
	}
	if !in.Actor.IsAdmin() {
		return fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	if rep := in.SalesRep.To; rep != "" {
		_, found, err := uc.reps.Find(ctx, m.Workspace, rep)
		if err != nil {
			return err
		}
		if !found {
			return fault.New(fault.NotFound, meetings.SalesRepNotFound)
		}
	}
	m.SalesRep = in.SalesRep.To
	return nil
}

func (in EditMeetingInput) edit(m *meetings.Meeting) error {
	var f fault.Fields
	if in.Title.Set {
		m.Title = meetings.TidyText(in.Title.To)
		f.Require(utf8.RuneCountInString(m.Title) <= maxTitle, "title", fault.TooLong, "max", "300")
	}
	if in.Customer != (meetings.CustomerPatch{}) {
		m.Customer = m.Customer.Merge(in.Customer)
		m.Customer.Check(&f, "customerInfo")
	}
	return f.Err()
}
