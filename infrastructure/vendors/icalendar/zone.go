package icalendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
)

// zone turns what a clock on a wall shows, written as a time in UTC, into the time that it is.
type zone func(wall time.Time) time.Time

func in(loc *time.Location) zone {
	return func(w time.Time) time.Time {
		return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, loc).UTC()
	}
}

// moment is a point in time as a calendar writes it.
type moment struct {
	wall  time.Time // as a time in UTC
	zone  zone
	isUTC bool // the wall is that of UTC, not of a place
	isDay bool // no time of the day is told
}

func (m moment) absolute() time.Time { return m.zone(m.wall) }

// zones are the time zones of one file.
type zones struct {
	local *time.Location
	own   map[string]zone // by TZID
}

func newZones(parsed *ics.Calendar, local *time.Location) zones {
	z := zones{local: local, own: map[string]zone{}}
	for _, p := range parsed.CalendarProperties {
		if p.IANAToken == string(ics.PropertyXWRTimezone) {
			if loc, ok := load(p.Value); ok {
				z.local = loc
			}
		}
	}
	for _, described := range parsed.Timezones() {
		id := described.GetProperty(ics.ComponentPropertyTzid)
		if id == nil {
			continue
		}
		if alias := described.GetProperty(ics.ComponentProperty("X-LIC-LOCATION")); alias != nil {
			if loc, ok := load(alias.Value); ok {
				z.own[id.Value] = in(loc)
				continue
			}
		}
		if rules := observances(described); len(rules) > 0 {
			z.own[id.Value] = rules.absolute
		}
	}
	return z
}

// load knows the names of the IANA database, also behind a prefix as in "/citadel.org/20210210_1/America/Mexico_City".
func load(name string) (*time.Location, bool) {
	for name != "" && name != "Local" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, true
		}
		_, rest, found := strings.Cut(strings.TrimPrefix(name, "/"), "/")
		if !found {
			break
		}
		name = rest
	}
	return nil, false
}

// named returns a zone by its TZID: the world's knowledge of it first, since files describe their zones carelessly; then
// the file's own description, which is all there is to "Central Standard Time (Mexico)"; then the calendar's own.
func (z zones) named(tzid string) zone {
	if loc, ok := load(tzid); ok {
		return in(loc)
	}
	if own, ok := z.own[tzid]; ok {
		return own
	}
	return in(z.local)
}

// offset is what the clock on the event's wall is ahead of UTC, in seconds. For a time in UTC that is the calendar's own.
func (z zones) offset(m moment, at time.Time) int {
	if m.isUTC {
		_, offset := at.In(z.local).Zone()
		return offset
	}
	return int(m.wall.Sub(at) / time.Second)
}

const (
	wallForm = "20060102T150405"
	dayForm  = "20060102"
)

// time reads a property that is one point in time.
func (z zones) time(p *ics.IANAProperty) (moment, error) {
	return z.parse(p.Value, strings.Join(p.ICalParameters["TZID"], ""))
}

func (z zones) parse(value, tzid string) (moment, error) {
	value = strings.TrimSpace(value)
	m := moment{zone: in(z.local)}
	var err error
	switch digits, isUTC := strings.CutSuffix(value, "Z"); {
	case len(value) == len(dayForm):
		m.isDay = true
		m.wall, err = time.Parse(dayForm, value)
	case isUTC:
		m.isUTC, m.zone = true, in(time.UTC)
		m.wall, err = time.Parse(wallForm, digits)
	default:
		if tzid != "" {
			m.zone = z.named(tzid)
		}
		m.wall, err = time.Parse(wallForm, value)
	}
	if err != nil {
		return moment{}, fmt.Errorf("read a calendar's time: %d characters", len(value))
	}
	return m, nil
}

// observance is one of a zone's clocks: what it is ahead of UTC from each onset on (RFC 5545 §3.6.5).
type observance struct {
	offset time.Duration
	onset  time.Time // the first, on the wall
	rule   *rrule.ROption
}

type ruleSet []observance

func observances(described *ics.VTimezone) ruleSet {
	var set ruleSet
	for _, part := range described.SubComponents() {
		var base *ics.ComponentBase
		switch p := part.(type) {
		case *ics.Standard:
			base = &p.ComponentBase
		case *ics.Daylight:
			base = &p.ComponentBase
		default:
			continue
		}
		if o, ok := readObservance(base); ok {
			set = append(set, o)
		}
	}
	return set
}

func readObservance(part *ics.ComponentBase) (observance, bool) {
	start, to := part.GetProperty(ics.ComponentPropertyDtStart), part.GetProperty("TZOFFSETTO")
	if start == nil || to == nil {
		return observance{}, false
	}
	onset, err := time.Parse(wallForm, start.Value)
	offset, ok := parseOffset(to.Value)
	if err != nil || !ok {
		return observance{}, false
	}
	o := observance{offset: offset, onset: onset}
	if rule := part.GetProperty(ics.ComponentPropertyRrule); rule != nil {
		if o.rule, err = rrule.StrToROption(rule.Value); err != nil {
			return observance{}, false
		}
	}
	return o, true
}

// parseOffset reads +hhmm and +hhmmss.
func parseOffset(s string) (time.Duration, bool) {
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	digits, err := strconv.Atoi((s[1:] + "00")[:6])
	if err != nil {
		return 0, false
	}
	d := time.Duration(digits/10000)*time.Hour + time.Duration(digits/100%100)*time.Minute + time.Duration(digits%100)*time.Second
	if s[0] == '-' {
		d = -d
	}
	return d, true
}

// absolute goes by the clock that was set last before a time on the wall.
func (set ruleSet) absolute(wall time.Time) time.Time {
	last, offset := time.Time{}, set[0].offset
	for _, o := range set {
		if onset, ok := o.lastOnset(wall); ok && onset.After(last) {
			last, offset = onset, o.offset
		}
	}
	return wall.Add(-offset)
}

// lastOnset is the last time that the clock was set. Clocks are set every year, so a few years back is far enough: Outlook
// begins in 1601.
func (o observance) lastOnset(wall time.Time) (time.Time, bool) {
	if o.rule == nil {
		return o.onset, !o.onset.After(wall)
	}
	rule := *o.rule
	rule.Dtstart = o.onset
	if years := wall.Year() - 2 - o.onset.Year(); years > 0 && rule.Freq == rrule.YEARLY && rule.Interval <= 1 && rule.Count == 0 {
		rule.Dtstart = o.onset.AddDate(years, 0, 0)
	}
	var onset time.Time
	if err := follow(rule, func(r *rrule.RRule) { onset = r.Before(wall, true) }); err != nil {
		return o.onset, !o.onset.After(wall)
	}
	return onset, !onset.IsZero()
}
