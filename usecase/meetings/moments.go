package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// MomentStorage is where words are kept to be found.
type MomentStorage struct {
	Rows     MeetingRows
	Search   MomentSearch
	Segments Segments
	Clips    Clips
	Trackers TrackerStorage
}

// TrackerStorage keeps trackers, their counts, and what can be asked of both.
type TrackerStorage interface {
	Trackers
	TrackerReads
	TrackerCounts
}

// Moments is what is found in the words of meetings, and made of them.
type Moments struct {
	Queries      *MomentQueries
	IndexOne     *IndexOne
	IndexMissing *IndexMissing
	Reread       *Reread
	AddClip      *AddClip
	RemoveClip   *RemoveClip

	EditTracker   *EditTracker
	RemoveTracker *RemoveTracker
	CountTrackers *CountTrackers
}

func newMoments(p Shared, s Storage, q *Queries) *Moments {
	missing := &IndexMissing{
		tx: p.Tx, reader: p.Reader, jobs: p.Jobs, transcripts: s.Transcripts, corrections: s.CorrectionReads, segments: s.Moments.Segments,
	}
	counter := &CountTrackers{
		tx: p.Tx, reader: p.Reader, jobs: p.Jobs, rows: s.Moments.Rows, transcripts: s.Transcripts,
		corrections: s.CorrectionReads,
		trackers:    s.Moments.Trackers, counts: s.Moments.Trackers,
	}
	return &Moments{
		Queries:      &MomentQueries{Queries: q, transcripts: s.Transcripts, search: s.Moments.Search, rows: s.Moments.Rows, clips: s.Moments.Clips, trackers: s.Moments.Trackers},
		IndexOne:     &IndexOne{missing},
		IndexMissing: missing,
		Reread:       &Reread{IndexMissing: missing, count: counter},
		AddClip:      &AddClip{tx: p.Tx, keys: p.Keys, meetings: s.Meetings, clips: s.Moments.Clips, clock: p.Clock, ids: p.IDs},
		RemoveClip:   &RemoveClip{tx: p.Tx, meetings: s.Meetings, clips: s.Moments.Clips},

		EditTracker:   &EditTracker{tx: p.Tx, keys: p.Keys, trackers: s.Moments.Trackers, jobs: p.Jobs, clock: p.Clock, ids: p.IDs},
		RemoveTracker: &RemoveTracker{tx: p.Tx, trackers: s.Moments.Trackers},
		CountTrackers: counter,
	}
}

// MomentQueries reads what was said in meetings, for those who may see them.
type MomentQueries struct {
	*Queries

	transcripts Transcripts
	search      MomentSearch
	rows        MeetingRows
	clips       Clips
	trackers    TrackerReads
}

// TranscriptFile is a transcript to take away.
type TranscriptFile struct {
	Name string
	Body string // UTF-8
}

// TranscriptFile returns a meeting's transcript in a format. Errors: NotFound MEETING_NOT_FOUND, Forbidden, Conflict
// TRANSCRIPT_NOT_READY.
func (q *MomentQueries) TranscriptFile(ctx context.Context, actor kernel.Principal, id meetings.ID, f meetings.TranscriptFormat) (TranscriptFile, error) {
	row, transcript, err := q.transcript(ctx, actor, id)
	if err != nil {
		return TranscriptFile{}, fmt.Errorf("read transcript: %w", err)
	}
	zone := zoneOf(row.Zone)
	return TranscriptFile{
		Name: meetings.TranscriptFileName(row.Meeting, f, zone), Body: meetings.TranscriptFile(row.Meeting, transcript, f, zone),
	}, nil
}

// transcript returns a meeting that the actor may see and what was said in it.
func (q *MomentQueries) transcript(ctx context.Context, actor kernel.Principal, id meetings.ID) (row MeetingRow, t meetings.Transcript, err error) {
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		if row, err = q.row(ctx, actor, id); err != nil {
			return err
		}
		stored, found, err := q.transcripts.Find(ctx, actor.Workspace, id)
		if err == nil && !found {
			err = fault.New(fault.Conflict, meetings.TranscriptNotReady)
		}
		if err != nil {
			return err
		}
		t, err = corrected(ctx, q.corrections, actor.Workspace, stored.Transcript)
		return err
	})
	return row, t, err
}

// zoneOf returns a time zone whose name was checked when it was stored.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
