package meetingsuc

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// sweepBatch is how many meetings one look of the sweep takes.
const sweepBatch = 100

// SweepMedia deletes recordings whose retention is over. The meeting, its transcript and its analysis stay.
type SweepMedia struct {
	*changer
	reader        port.Reader
	reads         MeetingReads
	store         MediaStore
	retentionDays int
}

// Execute deletes what is due in one workspace and returns how many files that were. A file that cannot be deleted does
// not keep the others.
func (uc *SweepMedia) Execute(ctx context.Context, ws kernel.WorkspaceID) (int, error) {
	deleted := 0
	for failed := map[meetings.ID]error{}; ; {
		var due []meetings.ID
		err := uc.reader.Read(ctx, ws, func(ctx context.Context) (err error) {
			due, err = uc.reads.WithExpiredMedia(ctx, ws, uc.clock.Now().AddDate(0, 0, -uc.retentionDays), sweepBatch)
			return err
		})
		due = slices.DeleteFunc(due, func(id meetings.ID) bool { return failed[id] != nil })
		if err != nil || len(due) == 0 {
			return deleted, errors.Join(append(slices.Collect(maps.Values(failed)), err)...)
		}
		for _, id := range due {
			n, err := uc.sweep(ctx, ws, id)
			deleted += n
			if err != nil {
				failed[id] = fmt.Errorf("sweep media: %w", err)
			}
		}
	}
}

// sweep deletes the files first: a crash in between leaves a meeting that will be swept again, never a lost file.
func (uc *SweepMedia) sweep(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (int, error) {
	for _, kind := range []MediaKind{Video, Audio} {
		if err := uc.store.Delete(ctx, MediaKey(ws, id, kind)); err != nil {
			return 0, err
		}
	}
	n := 0
	_, err := uc.change(ctx, ws, id, func(_ context.Context, m *meetings.Meeting) error {
		for _, media := range []*meetings.Media{&m.Video, &m.Audio} {
			if media.State == meetings.MediaReady {
				n++
				*media = meetings.Media{State: meetings.MediaDeleted, Duration: media.Duration}
			}
		}
		return nil
	})
	return n, err
}
