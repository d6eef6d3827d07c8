package icalendar

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// ErrNotACalendar says that a file is not an iCalendar file.
var ErrNotACalendar = errors.New("not an iCalendar file")

// Event is one occurrence of an event. Of a series each occurrence is one.
type Event struct {
	UID string
	// Instance tells the occurrences of a series apart: when this one takes place by the series' rule, in UTC as
	// 20060102T150405Z, wherever it has been moved to; "" when there is no series.
	Instance  string
	Title     string
	Starts    time.Time // UTC
	Offset    int       // seconds from UTC of the clock on the event's wall
	Texts     []string  // where a link to a call may be, the likeliest first
	Organizer string    // e-mail address, "" when not told
	Attendees []Attendee
	Cancelled bool
	IsFree    bool // it takes none of its owner's time
	IsPrivate bool
}

// Attendee is who is invited.
type Attendee struct {
	Name, Email string
	Declined    bool
	IsPerson    bool // not a room or another resource
}

// Window is what part of a calendar is wanted: occurrences that start from From on and before To.
type Window struct{ From, To time.Time }

func (w Window) holds(t time.Time) bool { return !t.Before(w.From) && t.Before(w.To) }

// mayHold tells whether a time on a wall somewhere may be in the window, wherever the wall is.
func (w Window) mayHold(wall time.Time) bool {
	return wall.After(w.From.Add(-day)) && wall.Before(w.To.Add(day))
}

const day = 24 * time.Hour

// Events lists what takes place in the window, in order. Times without a zone are those of the calendar's own zone
// (X-WR-TIMEZONE), else of the given one. Days without a time are left out, and so are events that cannot be read.
// Errors: ErrNotACalendar, and the context's when it ends meanwhile.
func Events(ctx context.Context, file []byte, w Window, local *time.Location) ([]Event, error) {
	parsed, err := ics.ParseCalendar(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	if err != nil || parsed == nil {
		return nil, ErrNotACalendar // the cause quotes the file
	}
	c := newCalendar(parsed, w, local)
	for _, entry := range parsed.Events() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.read(entry)
	}
	slices.SortFunc(c.found, func(a, b Event) int {
		return cmp.Or(a.Starts.Compare(b.Starts), cmp.Compare(a.UID, b.UID), cmp.Compare(a.Instance, b.Instance))
	})
	return c.found, nil
}

// calendar is a file that is being read.
type calendar struct {
	zones
	window Window
	// overrides are the occurrences of series that have an entry of their own, by UID and instance.
	overrides map[string]int // the newest SEQUENCE
	masters   map[string]int // of events and series, by UID
	found     []Event
	listed    map[string]bool // by UID and instance
}

func newCalendar(parsed *ics.Calendar, w Window, local *time.Location) *calendar {
	c := &calendar{zones: newZones(parsed, local), window: w, overrides: map[string]int{}, masters: map[string]int{}, listed: map[string]bool{}}
	for _, entry := range parsed.Events() {
		uid, list := entry.Id(), c.masters
		if id, ok := c.instanceOf(entry); ok {
			uid, list = uid+"\n"+id, c.overrides
		}
		list[uid] = max(list[uid], sequence(entry))
	}
	return c
}

func sequence(entry *ics.VEvent) int {
	n, _ := strconv.Atoi(text(entry, ics.ComponentPropertySequence)) // none is the first
	return n
}

// instanceOf names the occurrence that an entry stands for, when it stands for one of a series.
func (c *calendar) instanceOf(entry *ics.VEvent) (string, bool) {
	id := entry.GetProperty(ics.ComponentPropertyRecurrenceId)
	if id == nil {
		return "", false
	}
	at, err := c.time(id)
	if err != nil {
		return "", false
	}
	return instanceName(at.absolute()), true
}

func instanceName(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// read adds the occurrences of an entry that are in the window.
func (c *calendar) read(entry *ics.VEvent) {
	start := entry.GetProperty(ics.ComponentPropertyDtStart)
	if start == nil || entry.Id() == "" {
		return
	}
	at, err := c.time(start)
	if err != nil || at.isDay {
		return
	}
	if instance, ok := c.instanceOf(entry); ok {
		if sequence(entry) == c.overrides[entry.Id()+"\n"+instance] {
			c.add(entry, instance, at)
		}
		return
	}
	if sequence(entry) != c.masters[entry.Id()] {
		return // an older version
	}
	if !isSeries(entry) {
		c.add(entry, "", at)
		return
	}
	for _, occurrence := range c.occurrences(entry, at) {
		instance := instanceName(occurrence.absolute())
		if _, hasOwn := c.overrides[entry.Id()+"\n"+instance]; !hasOwn {
			c.add(entry, instance, occurrence)
		}
	}
}

func isSeries(entry *ics.VEvent) bool {
	return entry.HasProperty(ics.ComponentPropertyRrule) || entry.HasProperty(ics.ComponentPropertyRdate)
}

func (c *calendar) add(entry *ics.VEvent, instance string, at moment) {
	if !c.window.mayHold(at.wall) {
		return
	}
	starts := at.absolute()
	name := entry.Id() + "\n" + instance
	if !c.window.holds(starts) || c.listed[name] {
		return
	}
	c.listed[name] = true
	e := Event{
		UID: entry.Id(), Instance: instance, Title: text(entry, ics.ComponentPropertySummary), Starts: starts,
		Offset: c.offset(at, starts), Texts: texts(entry), Organizer: address(text(entry, ics.ComponentPropertyOrganizer)),
		Cancelled: strings.EqualFold(text(entry, ics.ComponentPropertyStatus), string(ics.ObjectStatusCancelled)),
		IsFree:    strings.EqualFold(text(entry, ics.ComponentPropertyTransp), string(ics.TransparencyTransparent)),
	}
	class := text(entry, ics.ComponentPropertyClass)
	e.IsPrivate = class != "" && !strings.EqualFold(class, string(ics.ClassificationPublic))
	for _, a := range entry.Attendees() {
		e.Attendees = append(e.Attendees, attendee(a))
	}
	c.found = append(c.found, e)
}

func attendee(a *ics.Attendee) Attendee {
	parameter := func(name ics.Parameter) string { return strings.Join(a.ICalParameters[string(name)], "") }
	kind := strings.ToUpper(parameter(ics.ParameterCutype))
	return Attendee{
		Name: parameter(ics.ParameterCn), Email: address(a.Value),
		Declined: strings.EqualFold(parameter(ics.ParameterParticipationStatus), string(ics.ParticipationStatusDeclined)),
		IsPerson: kind == "" || kind == string(ics.CalendarUserTypeIndividual),
	}
}

// address takes the scheme off a calendar address.
func address(value string) string {
	if len(value) > 7 && strings.EqualFold(value[:7], "mailto:") {
		value = value[7:]
	}
	if !strings.Contains(value, "@") {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(value))
}

func text(entry *ics.VEvent, property ics.ComponentProperty) string {
	p := entry.GetProperty(property)
	if p == nil {
		return ""
	}
	return p.Value
}

// texts are the values that may hold a link: what names the call itself first, then what people write.
func texts(entry *ics.VEvent) []string {
	var found []string
	for _, name := range []string{
		"X-GOOGLE-CONFERENCE", "CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGCONFLINK", "LOCATION", "URL",
		"DESCRIPTION", "X-ALT-DESC",
	} {
		for _, p := range entry.GetProperties(ics.ComponentProperty(name)) {
			if p.Value != "" {
				found = append(found, p.Value)
			}
		}
	}
	return found
}
