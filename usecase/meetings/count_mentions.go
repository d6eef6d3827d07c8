package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// TrackerCounts keeps how often trackers come up in meetings, in the caller's transaction.
type TrackerCounts interface {
	// Active returns every tracker, and keeps them from changing until the transaction ends.
	Active(ctx context.Context, ws kernel.WorkspaceID) ([]meetings.Tracker, error)
	// Replace stores how often a tracker, as it is now, comes up in a meeting.
	Replace(ctx context.Context, t meetings.Tracker, meeting meetings.ID, mentions int) error
	// Next returns up to limit meetings with a transcript, in the order of their IDs, after one of them.
	Next(ctx context.Context, ws kernel.WorkspaceID, after meetings.ID, limit int) ([]meetings.ID, error)
}

// CountMentions is the job that counts every tracker in a meeting that has been analysed.
type CountMentions struct {
	Meeting meetings.ID `json:"meeting"`
}

// Kind implements port.Job.
func (CountMentions) Kind() string { return "count_mentions" }

// Unique allows one pending count a meeting.
func (j CountMentions) Unique() string { return j.Meeting.String() }

// CountTracker is the job that counts a tracker that is new, or counts something else, in the meetings so far.
type CountTracker struct {
	Tracker  meetings.TrackerID `json:"tracker"`
	Revision int                `json:"revision"`
	After    meetings.ID        `json:"after"` // the last meeting done
}

// Kind implements port.Job.
func (CountTracker) Kind() string { return "count_tracker" }

// Unique allows one pending run of a revision from a place.
func (j CountTracker) Unique() string { return fmt.Sprintf("%s/%d/%s", j.Tracker, j.Revision, j.After) }

// countBatch is how many meetings a run of CountTracker goes through, each in a transaction of its own.
const countBatch = 200

// CountTrackers counts how often trackers come up in the transcript as people read it. A meeting is counted when it has been analysed, by the trackers of
// then; a tracker that changes is counted in every meeting that has a transcript. Whichever comes first, the trackers are
// held while a meeting is counted, so that the count that stays is one of the newest revision.
type CountTrackers struct {
	tx          port.Transactor
	reader      port.Reader
	jobs        port.Jobs
	rows        MeetingRows
	transcripts Transcripts
	corrections CorrectionReads
	trackers    Trackers
	counts      TrackerCounts
}

// Meeting counts every tracker in one meeting.
func (uc *CountTrackers) Meeting(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) error {
	err := uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		active, err := uc.counts.Active(ctx, ws)
		if err != nil {
			return err
		}
		if err := uc.count(ctx, ws, id, active...); err != nil {
			return err
		}
		return uc.jobs.Finish(ctx)
	})
	if err != nil {
		return fmt.Errorf("count mentions: %w", err)
	}
	return nil
}

// Tracker counts a tracker in a batch of meetings and enqueues the next. A newer revision, which has a job of its own, or
// the tracker's end, ends it.
func (uc *CountTrackers) Tracker(ctx context.Context, ws kernel.WorkspaceID, job CountTracker) error {
	var next []meetings.ID
	err := uc.reader.Read(ctx, ws, func(ctx context.Context) (err error) {
		next, err = uc.counts.Next(ctx, ws, job.After, countBatch)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range next {
		err := uc.held(ctx, ws, job, func(ctx context.Context, t meetings.Tracker) error { return uc.count(ctx, ws, id, t) })
		if err != nil {
			return err
		}
	}
	return uc.held(ctx, ws, job, func(ctx context.Context, t meetings.Tracker) error {
		if len(next) == countBatch {
			job.After = next[len(next)-1]
			_, err := uc.jobs.Enqueue(ctx, ws, job)
			return err
		}
		t.Counted = job.Revision
		return uc.trackers.Save(ctx, t)
	})
}

// held runs fn in a transaction that holds the tracker, unless its time is over.
func (uc *CountTrackers) held(ctx context.Context, ws kernel.WorkspaceID, job CountTracker, fn func(context.Context, meetings.Tracker) error) error {
	err := uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		t, err := uc.trackers.Lock(ctx, ws, job.Tracker)
		if fault.CodeOf(err) == meetings.TrackerNotFound || err == nil && t.Revision != job.Revision {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(ctx, t)
	})
	if err != nil {
		return fmt.Errorf("count tracker: %w", err)
	}
	return nil
}

// count stores how often the trackers come up in a meeting.
func (uc *CountTrackers) count(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, trackers ...meetings.Tracker) error {
	if len(trackers) == 0 {
		return nil
	}
	rows, err := uc.rows.Rows(ctx, ws, []meetings.ID{id})
	if err != nil || len(rows) == 0 {
		return err
	}
	t, found, err := uc.transcripts.Find(ctx, ws, id)
	if err != nil || !found {
		return err
	}
	said, err := corrected(ctx, uc.corrections, ws, t.Transcript)
	if err != nil {
		return err
	}
	for _, tracker := range trackers {
		mentions := tracker.Mentions(said, rows[0].repIdentity())
		if err := uc.counts.Replace(ctx, tracker, id, len(mentions)); err != nil {
			return err
		}
	}
	return nil
}
