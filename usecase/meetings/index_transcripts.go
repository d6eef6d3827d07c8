package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Segments keeps what was said, an utterance each, to be searched.
type Segments interface {
	// Index stores the transcript's utterances, in place of those that read otherwise, in the caller's transaction. It reports
	// whether any did, or was not there.
	Index(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID, t meetings.Transcript) (changed bool, err error)
	// Missing returns up to limit meetings, in the order of their IDs, of which the transcript is not indexed.
	Missing(ctx context.Context, ws kernel.WorkspaceID, after meetings.ID, limit int) ([]meetings.ID, error)
}

// IndexTranscript is the job that indexes one transcript, once it is stored. Nobody waits for it: to index the words of a
// meeting takes Postgres longer than everything else that is done with it.
type IndexTranscript struct {
	Meeting meetings.ID `json:"meeting"`
}

// Kind implements port.Job.
func (IndexTranscript) Kind() string { return "index_transcript" }

// Unique allows one pending run a meeting.
func (j IndexTranscript) Unique() string { return j.Meeting.String() }

// IndexTranscripts is the job that indexes the transcripts that were stored before there was an index.
type IndexTranscripts struct {
	After meetings.ID `json:"after"` // the last one done
}

// Kind implements port.Job.
func (IndexTranscripts) Kind() string { return "index_transcripts" }

// Unique allows one pending run from a place.
func (j IndexTranscripts) Unique() string { return j.After.String() }

// indexBatch is how many transcripts a run indexes, each in a transaction of its own.
const indexBatch = 200

// IndexOne indexes the transcript of one meeting. Run again it changes nothing.
type IndexOne struct{ *IndexMissing }

// Execute indexes the meeting's transcript.
func (uc *IndexOne) Execute(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) error {
	err := uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if _, err := uc.index(ctx, ws, id); err != nil {
			return err
		}
		return uc.jobs.Finish(ctx)
	})
	if err != nil {
		return fmt.Errorf("index transcript: %w", err)
	}
	return nil
}

// IndexMissing indexes a batch of transcripts, and enqueues the next.
type IndexMissing struct {
	tx          port.Transactor
	reader      port.Reader
	jobs        port.Jobs
	transcripts Transcripts
	corrections CorrectionReads
	segments    Segments
}

// Execute goes on after a meeting.
func (uc *IndexMissing) Execute(ctx context.Context, ws kernel.WorkspaceID, after meetings.ID) error {
	var missing []meetings.ID
	err := uc.reader.Read(ctx, ws, func(ctx context.Context) (err error) {
		missing, err = uc.segments.Missing(ctx, ws, after, indexBatch)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range missing {
		err := uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
			_, err := uc.index(ctx, ws, id)
			return err
		})
		if err != nil {
			return fmt.Errorf("index transcripts: %w", err)
		}
	}
	return uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if len(missing) == indexBatch {
			if _, err := uc.jobs.Enqueue(ctx, ws, IndexTranscripts{After: missing[len(missing)-1]}); err != nil {
				return err
			}
		}
		return uc.jobs.Finish(ctx)
	})
}

// index makes a transcript found by what people read of it, and reports whether that is something else than before.
func (uc *IndexMissing) index(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (changed bool, err error) {
	t, found, err := uc.transcripts.Find(ctx, ws, id)
	if err != nil || !found {
		return false, err
	}
	said, err := corrected(ctx, uc.corrections, ws, t.Transcript)
	if err != nil {
		return false, err
	}
	return uc.segments.Index(ctx, ws, id, said)
}
