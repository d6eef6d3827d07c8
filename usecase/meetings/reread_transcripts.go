package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// RereadTranscripts is the job that follows a change of the transcript corrections: what is kept of the words of meetings,
// which are the index of the search and the counts of trackers, is brought to what people read now.
type RereadTranscripts struct {
	After meetings.ID `json:"after"` // the last meeting done
}

// Kind implements port.Job.
func (RereadTranscripts) Kind() string { return "reread_transcripts" }

// Unique allows one pending run from a place.
func (j RereadTranscripts) Unique() string { return j.After.String() }

const (
	// rereadBatch is how many transcripts a run reads, each in a transaction of its own.
	rereadBatch = 200
	// rereadPause lets those who correct a few words at once be done with it.
	rereadPause = 15 * time.Second
)

// rereadLater enqueues the job in the transaction that changes corrections.
func rereadLater(ctx context.Context, jobs port.Jobs, ws kernel.WorkspaceID, now time.Time) error {
	_, err := jobs.Enqueue(ctx, ws, RereadTranscripts{}, port.At(now.Add(rereadPause)))
	return err
}

// Reread reads a batch of transcripts again, and enqueues the next. One that reads as it did costs a look.
type Reread struct {
	*IndexMissing
	count *CountTrackers
}

// Execute goes on after a meeting.
func (uc *Reread) Execute(ctx context.Context, ws kernel.WorkspaceID, after meetings.ID) error {
	var next []meetings.ID
	err := uc.reader.Read(ctx, ws, func(ctx context.Context) (err error) {
		next, err = uc.count.counts.Next(ctx, ws, after, rereadBatch)
		return err
	})
	if err != nil {
		return fmt.Errorf("reread transcripts: %w", err)
	}
	for _, id := range next {
		if err := uc.tx.InTx(ctx, ws, func(ctx context.Context) error { return uc.one(ctx, ws, id) }); err != nil {
			return fmt.Errorf("reread transcript: %w", err)
		}
	}
	return uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if len(next) == rereadBatch {
			if _, err := uc.jobs.Enqueue(ctx, ws, RereadTranscripts{After: next[len(next)-1]}); err != nil {
				return err
			}
		}
		return uc.jobs.Finish(ctx)
	})
}

func (uc *Reread) one(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) error {
	changed, err := uc.index(ctx, ws, id)
	if err != nil || !changed {
		return err
	}
	active, err := uc.count.counts.Active(ctx, ws)
	if err != nil {
		return err
	}
	return uc.count.count(ctx, ws, id, active...)
}
