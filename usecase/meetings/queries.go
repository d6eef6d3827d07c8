package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// mediaTTL is how long a link to a recording opens.
const mediaTTL = time.Hour

// signPatience is how long a reader of a meeting waits for the links to its recordings.
const signPatience = 3 * time.Second

// maxPage keeps the offset of a page within what a database counts.
const maxPage = 1 << 40

// ListFilter chooses meetings. The zero value of a field chooses all.
type ListFilter struct {
	OnlyVisibleTo kernel.RepID // with this rep's own ones come everybody's non-sales ones
	SeesAll       bool
	Statuses      []meetings.Status
	Type          meetings.Type
	From, To      Moment // inclusive, on when the meeting began, else was due
	Search        string // in title, company and contact; accents and case do not matter
	Page          int    // from 1
	Limit         int    // the default when it is unset, never more than the maximum
}

// Moment bounds a stretch of time: an instant, or a whole day of the workspace's calendar. The zero value bounds nothing.
type Moment struct {
	At  time.Time
	Day string // as in "2026-05-15"
}

// MeetingRow is a meeting with the names of its people.
type MeetingRow struct {
	meetings.Meeting

	SalesRep  *Rep
	CreatedBy *Rep
	Zone      string // IANA name of the workspace's time zone
}

// Responsible is the rep who speaks for us in the call, nil when there is none.
func (r MeetingRow) Responsible() *Rep {
	if r.SalesRep != nil {
		return r.SalesRep
	}
	return r.CreatedBy
}

// Detail is all there is to see of a meeting. What does not exist is nil.
type Detail struct {
	Row        MeetingRow
	Transcript *StoredTranscript   // as it was heard
	Corrected  meetings.Transcript // the same with the corrections of now
	Analysis   *meetings.Analysis
	VideoURL   string
	AudioURL   string
	ExpiresAt  time.Time // of the URLs
}

// Link is a URL that opens until a time.
type Link struct {
	URL       string
	ExpiresAt time.Time
}

// Queries reads meetings, for those who may see them.
type Queries struct {
	reader      port.Reader
	reads       MeetingReads
	store       MediaStore
	recordings  Recordings
	corrections CorrectionReads
	clock       port.Clock
}

// List returns one page of the meetings that the actor may see, newest first, and how many there are in all.
func (q *Queries) List(ctx context.Context, actor kernel.Principal, f ListFilter) (rows []MeetingRow, total int, err error) {
	f.SeesAll, f.OnlyVisibleTo = meetings.SeesAll(actor), actor.Rep
	f.Search, f.Page, f.Limit = meetings.TidyText(f.Search), min(max(f.Page, 1), maxPage), kernel.Page{Limit: f.Limit}.Size()
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		rows, total, err = q.reads.List(ctx, actor.Workspace, f)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("list meetings: %w", err)
	}
	return rows, total, nil
}

// Detail returns one meeting. Errors: NotFound MEETING_NOT_FOUND, Forbidden.
func (q *Queries) Detail(ctx context.Context, actor kernel.Principal, id meetings.ID) (Detail, error) {
	d, err := q.WithoutLinks(ctx, actor, id)
	if err != nil {
		return Detail{}, err
	}
	d.ExpiresAt = q.expiry()
	// A store that is away hides its recordings and nothing else. Who asks for the link itself is told why there is none.
	ctx, cancel := context.WithTimeout(ctx, signPatience)
	defer cancel()
	d.VideoURL, _ = q.sign(ctx, d.Row.Video)
	d.AudioURL, _ = q.sign(ctx, d.Row.Audio)
	return d, nil
}

// WithoutLinks returns one meeting as Detail does, without links to its recordings: nobody is asked but the database.
func (q *Queries) WithoutLinks(ctx context.Context, actor kernel.Principal, id meetings.ID) (d Detail, err error) {
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		if d, err = q.reads.Detail(ctx, actor.Workspace, id); err != nil {
			return err
		}
		if err := meetings.CanRead(actor, d.Row.Meeting); err != nil || d.Transcript == nil {
			return err
		}
		d.Corrected, err = corrected(ctx, q.corrections, actor.Workspace, d.Transcript.Transcript)
		return err
	})
	if err != nil {
		return Detail{}, fmt.Errorf("read meeting: %w", err)
	}
	return d, nil
}

// Row returns one meeting as the list shows it. Errors as Detail.
func (q *Queries) Row(ctx context.Context, actor kernel.Principal, id meetings.ID) (row MeetingRow, err error) {
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		row, err = q.row(ctx, actor, id)
		return err
	})
	if err != nil {
		return MeetingRow{}, fmt.Errorf("read meeting: %w", err)
	}
	return row, nil
}

// MediaLink returns a link that opens the recording for an hour. Audio that is not ours yet is the vendor's own link.
// Errors: as Detail; Conflict VIDEO_NOT_READY or AUDIO_NOT_READY.
func (q *Queries) MediaLink(ctx context.Context, actor kernel.Principal, id meetings.ID, kind MediaKind) (Link, error) {
	row, err := q.Row(ctx, actor, id)
	if err != nil {
		return Link{}, err
	}
	url, err := q.sign(ctx, *mediaOf(&row.Meeting, kind))
	if err == nil && url == "" && kind == Audio && row.Bot.ID != "" && row.Audio.State != meetings.MediaDeleted {
		url = q.vendorURL(ctx, row.Bot.ID)
	}
	if err != nil {
		return Link{}, fmt.Errorf("sign %s: %w", kind, err)
	}
	if url == "" {
		return Link{}, fault.New(fault.Conflict, notReady(kind))
	}
	return Link{URL: url, ExpiresAt: q.expiry()}, nil
}

func (q *Queries) row(ctx context.Context, actor kernel.Principal, id meetings.ID) (MeetingRow, error) {
	row, err := q.reads.Row(ctx, actor.Workspace, id)
	if err != nil {
		return MeetingRow{}, err
	}
	return row, meetings.CanRead(actor, row.Meeting)
}

// sign returns a link to what is in our storage, "" to what is not, or has been lost there: the rest of the meeting can
// be read all the same.
func (q *Queries) sign(ctx context.Context, m meetings.Media) (string, error) {
	if !m.IsReady() {
		return "", nil
	}
	url, err := q.store.SignedURL(ctx, m.Key, mediaTTL)
	if err != nil {
		return "", ignoreNotFound(err)
	}
	return url, nil
}

// vendorURL returns the vendor's link; that there is none, whatever the reason, is "not ready" to the caller.
func (q *Queries) vendorURL(ctx context.Context, bot meetings.BotID) string {
	url, err := q.recordings.URL(ctx, bot, Audio)
	if err != nil {
		return ""
	}
	return url
}

func notReady(kind MediaKind) fault.Code {
	if kind == Video {
		return meetings.VideoNotReady
	}
	return meetings.AudioNotReady
}

// expiry is when a link that is made now ends, in whole seconds: readers of times differ in how finely they read.
func (q *Queries) expiry() time.Time { return q.clock.Now().Add(mediaTTL).Truncate(time.Second) }
