package batchcalls

import (
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// minutesOfDay is the end of a day, "24:00".
const minutesOfDay = 24 * 60

// horizon is how far ahead an opening is looked for. Any weekday comes within it; what does not is reported to a person.
const horizon = 8 * 24 * time.Hour

// Weekdays is a set of days, a bit for each time.Weekday.
type Weekdays uint8

// EveryDay has all seven days.
const EveryDay Weekdays = 1<<7 - 1

// OnDays makes the set of the given days.
func OnDays(days ...time.Weekday) Weekdays {
	var set Weekdays
	for _, d := range days {
		set |= 1 << d
	}
	return set
}

// Has reports whether the day is in the set.
func (s Weekdays) Has(d time.Weekday) bool { return s&(1<<d) != 0 }

// Window is when a person may be called, by the clock on that person's wall: from Start until before End, in minutes
// since midnight, on the days of that place. End may be 1440, which is 24:00; a window over midnight is not one.
type Window struct {
	Start, End int
	Days       Weekdays
}

// DefaultWindow is 8:00 to 21:00 on every day, the hours that 47 CFR § 64.1200(c)(1) leaves for telephone solicitation,
// "local time at the called party's location".
func DefaultWindow() Window { return Window{Start: 8 * 60, End: 21 * 60, Days: EveryDay} }

// Validate returns nil for a window that is open at some time, else Invalid VALIDATION_ERROR with what is wrong in
// window.start, window.end and window.days.
func (w Window) Validate() error {
	var wrong fault.Fields
	within := func(name string, minute, lowest, highest int) {
		wrong.Require(lowest <= minute && minute <= highest, name, fault.OutOfRange,
			"min", clockText(lowest), "max", clockText(highest))
	}
	within("window.start", w.Start, 0, minutesOfDay-1)
	within("window.end", w.End, min(max(w.Start, 0), minutesOfDay-1)+1, minutesOfDay)
	wrong.Require(w.Days&EveryDay != 0, "window.days", fault.Required)
	return wrong.Err()
}

// clockText writes minutes since midnight as "08:30".
func clockText(minute int) string {
	return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
}

// Open reports whether the window is open in all of the zones: a number that may belong to several is called only when
// it is a fit time wherever it may ring. Without a zone nothing is known, and the answer is no.
func (w Window) Open(at time.Time, zones []*time.Location) bool {
	for _, zone := range zones {
		if !w.openBy(at.In(zone)) {
			return false
		}
	}
	return len(zones) > 0
}

// Next returns the first instant, at or after the given one, from which the window is open in all of the zones for as
// long as room asks; room is how long a call is expected to take. False when there is none within eight days.
func (w Window) Next(at time.Time, zones []*time.Location, room time.Duration) (time.Time, bool) {
	limit := at.Add(horizon)
	for t := at; len(zones) > 0 && !t.After(limit); {
		if opens := w.opensIn(t, zones, limit); opens.After(t) {
			t = opens
			continue
		}
		closes, _ := w.ClosesAt(t, zones)
		if closes.Sub(t) >= room {
			return t.In(at.Location()), true
		}
		t = closes
	}
	return time.Time{}, false
}

// ClosesAt returns when the first of the zones closes a window that is open now, at most eight days on. False when it
// is not open.
func (w Window) ClosesAt(at time.Time, zones []*time.Location) (time.Time, bool) {
	if !w.Open(at, zones) {
		return time.Time{}, false
	}
	closes := at.Add(horizon)
	for _, zone := range zones {
		t := at
		for t.Before(closes) && w.openBy(t.In(zone)) {
			t = step(t.In(zone), w.End)
		}
		if t.Before(closes) {
			closes = t
		}
	}
	return closes.In(at.Location()), true
}

// opensIn returns the latest of the zones' next openings, or a later time than the limit.
func (w Window) opensIn(at time.Time, zones []*time.Location, limit time.Time) time.Time {
	latest := at
	for _, zone := range zones {
		t := at
		for !t.After(limit) && !w.openBy(t.In(zone)) {
			t = w.towardsOpening(t.In(zone))
		}
		if t.After(latest) {
			latest = t
		}
	}
	return latest
}

// openBy reports whether the wall clock shows a time of the window.
func (w Window) openBy(local time.Time) bool {
	minute := local.Hour()*60 + local.Minute()
	return w.Days.Has(local.Weekday()) && w.Start <= minute && minute < w.End
}

// towardsOpening moves a closed time to the next at which the window could be open.
func (w Window) towardsOpening(local time.Time) time.Time {
	if minute := local.Hour()*60 + local.Minute(); w.Days.Has(local.Weekday()) && minute < w.Start {
		return step(local, w.Start)
	}
	return step(local, minutesOfDay)
}

// step moves a local time on to where its wall clock shows the minute, which lies ahead on the same day, or to the
// change of the clock that comes first. Between two changes the clock and time run alike, so nothing is guessed about
// hours that are skipped or repeated: whoever steps looks at the clock again.
func step(local time.Time, minute int) time.Time {
	shown := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute +
		time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	next := local.Add(time.Duration(minute)*time.Minute - shown)
	if _, change := local.ZoneBounds(); !change.IsZero() && change.Before(next) {
		return change
	}
	return next
}
