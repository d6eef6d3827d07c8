package calendars

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// How far ahead a calendar is looked at.
const (
	// Ahead is how long before a call its notetaker is booked.
	Ahead = 48 * time.Hour
	// Late is how long after its start a call that has just come to be known is still joined.
	Late = 15 * time.Minute
	// Horizon is how much of a feed is kept, so that what comes into Ahead is known while the feed does not change.
	Horizon = Ahead + 2*wholeAgain
)

// Occurrence is one event of a calendar, as it is written there.
type Occurrence struct {
	UID       string
	Instance  string // which of a series; "" when there is none
	Title     string
	Starts    time.Time // UTC
	Offset    int       // of the calendar's clock, seconds from UTC
	Texts     []string  // where a link may be
	Organizer string    // e-mail address
	Attendees []Attendee
	Cancelled bool
	IsFree    bool // takes none of the owner's time
	IsPrivate bool
}

// Attendee is who is invited.
type Attendee struct {
	Name, Email string
	Declined    bool
	IsPerson    bool // not a room
}

// Event is an occurrence that wants a notetaker, and what was done about it. A feed has one per UID and instance.
type Event struct {
	UID, Instance string
	Title         string
	Link          string // of the call
	Starts        time.Time
	Offset        int
	Guest         Guest
	Gone          bool // the calendar has it no more, or wants no notetaker any more
	Booking       Booking
}

// Guest is whom the call is with; zero when it is with colleagues only.
type Guest struct {
	Name    string `json:"name,omitempty"`
	Email   string `json:"email,omitempty"`
	Company string `json:"company,omitempty"`
}

// Booking is the notetaker that is booked, or about to be: an intent without a meeting yet is finished before anything
// else is done.
type Booking struct {
	Link    string
	Starts  time.Time // zero: there is no booking
	Meeting string    // "" until the notetaker is booked
}

// IsIntended reports whether a notetaker is booked or about to be.
func (b Booking) IsIntended() bool { return !b.Starts.IsZero() }

// IsStale reports whether the notetaker is booked for another call or time than the calendar says.
func (e Event) IsStale() bool {
	return e.Booking.IsIntended() && (e.Booking.Link != e.Link || !e.Booking.Starts.Equal(e.Starts))
}

// IsDue reports whether a call that starts then is to be booked now.
func IsDue(starts, now time.Time) bool {
	return starts.After(now.Add(-Late)) && starts.Before(now.Add(Ahead))
}

// maxEvents is how many events of one feed are kept: more than a person can attend within Horizon.
const maxEvents = 500

// optOut in a title or a description keeps the notetaker away.
const optOut = "[no bot]"

// maxUID is the longest UID kept as it is; others are kept as their digest.
const maxUID = 255

// Wanted returns the events of a feed that want a notetaker, one each per UID and instance. findLink finds the link of a
// call.
//
// An event wants one when it has a link, takes its owner's time, is neither cancelled nor private, nor declined by the
// owner, does not say "[no bot]", and is with somebody from outside: an attendee or the organiser with an address of
// another domain than the owner's. Where the calendar tells of nobody at all, the call is taken for one with a customer,
// named by its title. Feeds may ask for calls among colleagues as well.
func Wanted(f Feed, owner string, all []Occurrence, findLink func(texts []string) (string, bool)) []Event {
	var wanted []Event
	for _, o := range all {
		link, found := findLink(o.Texts)
		guest, isInternal := o.guest(owner)
		if !found || o.keepsAway(owner) || isInternal && !f.Internal {
			continue
		}
		e := Event{
			UID: shorten(o.UID), Instance: o.Instance, Title: clip(o.Title, 300), Link: link, Starts: o.Starts, Offset: o.Offset, Guest: guest,
		}
		if !slices.ContainsFunc(wanted, func(w Event) bool { return w.UID == e.UID && w.Instance == e.Instance }) {
			wanted = append(wanted, e)
		}
		if len(wanted) == maxEvents {
			break
		}
	}
	return wanted
}

func (o Occurrence) keepsAway(owner string) bool {
	saysNo := func(text string) bool { return strings.Contains(strings.ToLower(text), optOut) }
	hasDeclined := func(a Attendee) bool { return a.Declined && strings.EqualFold(a.Email, owner) }
	return o.Cancelled || o.IsFree || o.IsPrivate || saysNo(o.Title) || slices.ContainsFunc(o.Texts, saysNo) ||
		slices.ContainsFunc(o.Attendees, hasDeclined)
}

// guest is the first person from outside, those who have declined last.
func (o Occurrence) guest(owner string) (g Guest, isInternal bool) {
	people := slices.DeleteFunc(slices.Clone(o.Attendees), func(a Attendee) bool { return !a.IsPerson || a.Email == "" })
	slices.SortStableFunc(people, func(a, b Attendee) int {
		if a.Declined == b.Declined {
			return 0
		}
		if a.Declined {
			return 1
		}
		return -1
	})
	if o.Organizer != "" {
		people = append(people, Attendee{Email: o.Organizer})
	}
	for _, p := range people {
		if _, domain, _ := strings.Cut(p.Email, "@"); !strings.EqualFold(domain, domainOf(owner)) && !isGroupCalendar(domain) {
			return guestOf(p), false
		}
	}
	isAlone := !slices.ContainsFunc(people, func(a Attendee) bool { return !strings.EqualFold(a.Email, owner) })
	if isAlone {
		return Guest{Name: clip(o.Title, 200)}, false
	}
	return Guest{}, true
}

func guestOf(p Attendee) Guest {
	g := Guest{Name: clip(p.Name, 200), Email: p.Email}
	name, domain, _ := strings.Cut(p.Email, "@")
	if g.Name == "" || strings.Contains(g.Name, "@") {
		g.Name = clip(name, 200)
	}
	if !isMailProvider(domain) {
		g.Company = clip(domain, 200)
	}
	return g
}

func domainOf(email string) string {
	_, domain, _ := strings.Cut(email, "@")
	return domain
}

// isGroupCalendar knows the addresses that Google gives to calendars, which organise events but attend none.
func isGroupCalendar(domain string) bool { return strings.HasSuffix(domain, "calendar.google.com") }

// isMailProvider knows domains that say nothing of their users' company.
func isMailProvider(domain string) bool {
	return slices.Contains([]string{
		"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "yahoo.com.mx", "yahoo.es", "icloud.com",
		"me.com", "aol.com", "proton.me", "protonmail.com", "gmx.com", "prodigy.net.mx",
	}, strings.ToLower(domain))
}

// CallKey names a call at a time: whoever's calendar it is in, it is one call, and gets one notetaker. The round tells a
// booking from an earlier one of the same call that was called off.
func CallKey(b Booking, round int) string {
	return digest(fmt.Sprintf("%s\n%d\n%d", b.Link, b.Starts.Unix(), round))
}

func shorten(uid string) string {
	uid = strings.ReplaceAll(strings.ToValidUTF8(uid, ""), "\x00", "")
	if len(uid) <= maxUID {
		return uid
	}
	return digest(uid)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// clip returns at most so many characters, without what no database keeps.
func clip(s string, most int) string {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), ""))
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}
