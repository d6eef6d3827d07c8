package billinguc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// measuredDays is how far back the public averages look.
const measuredDays = 90

// Queries tells what was used and what it costs.
type Queries struct {
	reader   port.Reader
	reports  Reports
	meetings Meetings
	clock    port.Clock
}

// Month is what a workspace's month cost.
type Month struct {
	Month    string // as in "2026-11"
	Zone     string // IANA name of the zone whose months they are
	Lines    []billing.Line
	Average  billing.Average
	Dearest  []billing.MeetingCost
	Total    billing.Micros
	Unpriced bool // some lines have no price: the total is a lower bound
}

// OfMeeting returns what a meeting has used so far, dearest first.
//
// Allowed: who may read the meeting. Errors: NotFound MEETING_NOT_FOUND, Forbidden.
func (q *Queries) OfMeeting(ctx context.Context, actor kernel.Principal, meeting string) (lines []billing.Line, err error) {
	if err := q.meetings.CanRead(ctx, actor, meeting); err != nil {
		return nil, fmt.Errorf("read costs of a meeting: %w", err)
	}
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		lines, err = q.reports.OfMeeting(ctx, actor.Workspace, meeting)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read costs of a meeting: %w", err)
	}
	return lines, nil
}

// OfMonth returns what a calendar month of the workspace's zone cost, the present one when month is empty, with its
// dearest meetings, at most limit.
//
// Allowed: admins. Errors: Forbidden, Invalid VALIDATION_ERROR.
func (q *Queries) OfMonth(ctx context.Context, actor kernel.Principal, month string, limit int) (out Month, err error) {
	if !actor.IsAdmin() {
		return Month{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		out, err = q.month(ctx, actor.Workspace, month, limit)
		return err
	})
	if err != nil {
		return Month{}, fmt.Errorf("read costs of a month: %w", err)
	}
	return out, nil
}

func (q *Queries) month(ctx context.Context, ws kernel.WorkspaceID, month string, limit int) (Month, error) {
	name, err := q.reports.Zone(ctx, ws)
	if err != nil {
		return Month{}, err
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return Month{}, err
	}
	if month == "" {
		month = q.clock.Now().In(zone).Format("2006-01")
	}
	period, err := billing.Month(month, zone)
	if err != nil {
		return Month{}, err
	}
	out := Month{Month: month, Zone: name}
	if out.Lines, err = q.reports.Of(ctx, ws, period); err != nil {
		return Month{}, err
	}
	if out.Dearest, err = q.reports.Dearest(ctx, ws, period, kernel.Page{Limit: limit}.Size()); err != nil {
		return Month{}, err
	}
	out.Average, err = q.reports.Average(ctx, ws, period)
	out.Total, out.Unpriced = billing.Total(out.Lines)
	return out, err
}

// Measured is what meetings have cost lately, for everybody to see: means only, from which no volume can be told.
type Measured struct {
	Days       int
	PerMeeting billing.Micros
	PerHour    billing.Micros
	Found      bool // false while no meeting has been held
}

// Measured returns the means of a workspace's last days. Allowed: anybody.
func (q *Queries) Measured(ctx context.Context, ws kernel.WorkspaceID) (Measured, error) {
	now := q.clock.Now()
	var a billing.Average
	err := q.reader.Read(ctx, ws, func(ctx context.Context) (err error) {
		a, err = q.reports.Average(ctx, ws, billing.Period{From: now.AddDate(0, 0, -measuredDays), To: now})
		return err
	})
	if err != nil {
		return Measured{}, fmt.Errorf("read what meetings cost: %w", err)
	}
	return Measured{Days: measuredDays, PerMeeting: a.PerMeeting(), PerHour: a.PerHour(), Found: a.Meetings > 0}, nil
}
