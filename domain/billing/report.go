package billing

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Line is what was used of one thing at one price, summed.
type Line struct {
	Activity Activity
	Kind     Kind
	Resource string
	Quantity int64
	Price    *Price // nil: unpriced
	Amount   Micros // 0 when unpriced

	Estimated bool // counted by us
}

// Total sums lines, and reports whether some have no price.
func Total(lines []Line) (sum Micros, unpriced bool) {
	for _, l := range lines {
		sum += l.Amount
		unpriced = unpriced || l.Price == nil
	}
	return sum, unpriced
}

// Period is a stretch of time, From included and To not.
type Period struct{ From, To time.Time }

// Month returns the calendar month, written as "2026-11", that a zone's clocks show. Errors: Invalid VALIDATION_ERROR.
func Month(month string, zone *time.Location) (Period, error) {
	from, err := time.ParseInLocation("2006-01", month, zone)
	if err != nil {
		var wrong fault.Fields
		wrong.Require(false, "month", fault.BadFormat, "expected", "2026-11")
		return Period{}, wrong.Err()
	}
	return Period{From: from, To: from.AddDate(0, 1, 0)}, nil
}

// MeetingCost is what one meeting cost in a period.
type MeetingCost struct {
	Meeting string
	Title   string // empty when the meeting has been deleted
	Company string
	Amount  Micros
}

// Average is what meetings cost that were held or analysed in a period.
type Average struct {
	Meetings int
	Amount   Micros // of all of them together, in that period
	Seconds  int64  // for which notetakers attended them
}

// PerMeeting returns the mean, 0 when there was no meeting.
func (a Average) PerMeeting() Micros {
	if a.Meetings == 0 {
		return 0
	}
	return (a.Amount + Micros(a.Meetings)/2) / Micros(a.Meetings)
}

// PerHour returns the mean of an attended hour, 0 when none was.
func (a Average) PerHour() Micros {
	return Price{Amount: a.Amount, Per: a.Seconds}.Of(3600)
}
