package icalendar

import (
	"errors"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
)

// maxSteps is how many occurrences of one rule are gone through: a daily series of more than a century.
const maxSteps = 50_000

// occurrences returns those of a series that may be in the window, each where the series' rule puts it. A series goes by
// the clock on the wall: it stays at ten o'clock when the clocks are changed.
func (c *calendar) occurrences(entry *ics.VEvent, start moment) []moment {
	excluded := map[string]bool{}
	excludedDays := map[string]bool{}
	for m := range c.dates(entry, ics.ComponentPropertyExdate) {
		if m.isDay {
			excludedDays[m.wall.Format(dayForm)] = true
		} else {
			excluded[instanceName(m.absolute())] = true
		}
	}
	var found []moment
	keep := func(m moment) {
		if !c.window.mayHold(m.wall) || excludedDays[m.wall.Format(dayForm)] {
			return
		}
		if name := instanceName(m.absolute()); !excluded[name] {
			excluded[name] = true // a date may be given by the rule and by RDATE
			found = append(found, m)
		}
	}
	keep(start)
	for m := range c.dates(entry, ics.ComponentPropertyRdate) {
		if !m.isDay {
			keep(m)
		}
	}
	for _, rule := range entry.GetProperties(ics.ComponentPropertyRrule) {
		for _, wall := range c.expand(rule.Value, start) {
			m := start
			m.wall = wall
			keep(m)
		}
	}
	return found
}

// dates iterates over the points in time of properties that are lists of them.
func (c *calendar) dates(entry *ics.VEvent, property ics.ComponentProperty) func(func(moment) bool) {
	return func(yield func(moment) bool) {
		for _, p := range entry.GetProperties(property) {
			for value := range strings.SplitSeq(p.Value, ",") {
				value, _, _ = strings.Cut(value, "/") // of a period the start
				m, err := c.parse(value, strings.Join(p.ICalParameters["TZID"], ""))
				if err == nil && !yield(m) {
					return
				}
			}
		}
	}
}

// expand returns when a rule takes place, on the wall, in and around the window. Rules that no meeting has, by the hour or
// finer, and rules that cannot be read have no occurrences.
func (c *calendar) expand(value string, start moment) []time.Time {
	option, err := rrule.StrToROption(value)
	if err != nil || option.Freq > rrule.DAILY {
		return nil
	}
	option.Dtstart = start.wall
	if !option.Until.IsZero() {
		option.Until = until(value, option.Until, start.zone)
	}
	var found []time.Time
	err = follow(*option, func(rule *rrule.RRule) {
		next := rule.Iterator()
		for range maxSteps {
			wall, ok := next()
			if !ok || !wall.Before(c.window.To.Add(day)) {
				break
			}
			if c.window.mayHold(wall) {
				found = append(found, wall)
			}
		}
	})
	if err != nil {
		return nil
	}
	return found
}

// errNotARule says that a rule makes no sense.
var errNotARule = errors.New("not a recurrence rule")

// follow lets do ask a rule for its occurrences. The library panics on some rules that it should refuse, such as the tenth
// Friday of every month; they are a customer's, and no rules.
func follow(option rrule.ROption, do func(*rrule.RRule)) (err error) {
	defer func() {
		if recover() != nil {
			err = errNotARule
		}
	}()
	rule, err := rrule.NewRRule(option)
	if err != nil {
		return errNotARule
	}
	do(rule)
	return nil
}

// until puts the end of a rule, which is written in UTC, on the wall. A day is meant to its end.
func until(value string, end time.Time, z zone) time.Time {
	_, text, _ := strings.Cut(strings.ToUpper(value), "UNTIL=")
	text, _, _ = strings.Cut(text, ";")
	switch {
	case len(text) == len(dayForm):
		return end.Add(day - time.Second)
	case strings.HasSuffix(text, "Z"):
		wall := end.Add(end.Sub(z(end)))
		return end.Add(wall.Sub(z(wall))) // again, as the clocks may have been changed in between
	default:
		return end
	}
}
