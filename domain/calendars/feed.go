// Package calendars holds the rules by which a rep's calendar books notetakers: what a feed is, which of its events want
// one, and when. It knows no file format, no table and no route.
package calendars

import (
	"net/url"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Codes of the calendars capability.
const (
	FeedNotFound fault.Code = "CALENDAR_FEED_NOT_FOUND"
	FeedExists   fault.Code = "CALENDAR_FEED_EXISTS"
	TooManyFeeds fault.Code = "CALENDAR_FEED_LIMIT" // params: max
)

// Codes of a feed that could not be read, its error_code.
const (
	Unreachable   fault.Code = "CALENDAR_UNREACHABLE"
	Refused       fault.Code = "CALENDAR_REFUSED" // params: status
	TooLarge      fault.Code = "CALENDAR_TOO_LARGE"
	NotACalendar  fault.Code = "CALENDAR_NOT_A_CALENDAR"
	AddressDenied fault.Code = "CALENDAR_ADDRESS_NOT_ALLOWED"
)

// MaxFeeds is how many feeds a rep may have.
const MaxFeeds = 10

// FeedID names a feed.
type FeedID string

// String returns the canonical UUID text.
func (id FeedID) String() string { return string(id) }

// Feed is a calendar that a rep has registered.
type Feed struct {
	ID        FeedID
	Workspace kernel.WorkspaceID
	Rep       kernel.RepID
	Name      string
	URL       string // a secret: who knows it reads the calendar. It is shown as Masked only.
	Internal  bool   // also calls with nobody from outside

	Known    Validators // of what was read last
	ReadAt   *time.Time // when it was last read as a whole
	PolledAt *time.Time // when it was last asked for
	Failure  Failure    // of the last poll; zero when it went well
	Failures int        // polls in a row that failed
	NextPoll time.Time

	CreatedAt time.Time
}

// Validators tell the feed's server which version is known.
type Validators struct{ ETag, LastModified string }

// Failure is why a feed could not be read.
type Failure struct {
	Code   fault.Code
	Params map[string]string
}

const (
	maxURL  = 2048
	maxName = 100
)

// CheckFeed tidies what a rep registers. The URL is https, or the webcal by which calendars are subscribed to; plain http
// is for this machine only, where the guard of outgoing calls decides. Invalid VALIDATION_ERROR on url and name.
func CheckFeed(rawURL, name string) (string, string, error) {
	var f fault.Fields
	rawURL, name = strings.TrimSpace(rawURL), strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), ""))
	u, err := url.Parse(rawURL)
	switch {
	case rawURL == "":
		f.Add("url", fault.Required)
	case err != nil, u.Hostname() == "", u.Opaque != "", !isFeedScheme(u), len(rawURL) > maxURL, strings.Contains(rawURL, "\x00"):
		f.Add("url", fault.BadFormat, "expected", "https://calendar.example.com/…/basic.ics")
	}
	f.Require(len([]rune(name)) <= maxName, "name", fault.TooLong, "max", "100")
	return rawURL, name, f.Err()
}

func isFeedScheme(u *url.URL) bool {
	switch strings.ToLower(u.Scheme) {
	case "https", "webcal", "webcals":
		return true
	case "http":
		return u.Hostname() == "localhost" || strings.HasPrefix(u.Hostname(), "127.") || u.Hostname() == "::1"
	default:
		return false
	}
}

// Masked is the feed's URL as far as it may be shown: where it leads, without what makes it secret.
func (f Feed) Masked() string {
	u, err := url.Parse(f.URL)
	if err != nil {
		return "…"
	}
	return u.Scheme + "://" + u.Host + "/…"
}

// How often feeds are polled.
const (
	pollPause    = 15 * time.Minute
	longestPause = 6 * time.Hour
	// wholeAgain is after what time a feed is read even if its server says that it is as it was: new days have come into
	// Horizon.
	wholeAgain = 24 * time.Hour
)

// Validate returns what to tell the server of the version that is known: nothing when the feed is to be read as a whole.
func (f Feed) Validate(now time.Time) Validators {
	if f.ReadAt == nil || now.Sub(*f.ReadAt) >= wholeAgain {
		return Validators{}
	}
	return f.Known
}

// Polled notes a poll: failure is zero when it went well. Failing feeds are asked ever more rarely, at most every six
// hours.
func (f Feed) Polled(now time.Time, failure Failure) Feed {
	f.PolledAt, f.Failure = &now, failure
	if failure.Code == "" {
		f.Failures, f.NextPoll = 0, now.Add(pollPause)
		return f
	}
	f.Failures++
	f.NextPoll = now.Add(min(pollPause<<min(f.Failures, 10), longestPause))
	return f
}
