package meetingsuc

import (
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// EraseTraces deletes what is left elsewhere of a meeting whose rows are gone: the notetaker and what it recorded at the
// vendor, the files in our storage, and jobs that have ended since. It may run any number of times.
type EraseTraces struct {
	tx         port.Transactor
	trail      Trail
	jobs       port.Jobs
	notetakers Notetakers
	store      MediaStore
}

// Execute deletes it all; no part keeps another. An error means that it is worth trying again.
func (uc *EraseTraces) Execute(ctx context.Context, ws kernel.WorkspaceID, traces EraseMeeting) error {
	_, recallErr := uc.recall(ctx, traces)
	_, storageErr := uc.storage(ctx, ws, traces.Meeting)
	if err := errors.Join(recallErr, storageErr); err != nil {
		return fmt.Errorf("erase meeting: %w", err)
	}
	return uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if err := uc.trail.Forget(ctx, ws, "", traces.Meeting.String()); err != nil {
			return fmt.Errorf("erase meeting: %w", err)
		}
		return uc.jobs.Finish(ctx)
	})
}

// recall calls the notetaker off and has the vendor delete what it recorded. A notetaker that is known under the meeting's
// ID only, since it was being sent while the meeting was deleted, is looked for.
func (uc *EraseTraces) recall(ctx context.Context, traces EraseMeeting) (PartStatus, error) {
	bot, found := traces.Bot, traces.Bot != ""
	if !found && traces.MayBeComing {
		var err error
		if bot, found, err = uc.notetakers.FindByMeeting(ctx, traces.Meeting); err != nil {
			return "", err
		}
	}
	if !found {
		return PartNone, nil
	}
	if err := uc.notetakers.Release(ctx, bot); err != nil {
		return "", err
	}
	return PartDeleted, uc.notetakers.Erase(ctx, bot)
}

// storage deletes the files, also those that no row has told of yet.
func (uc *EraseTraces) storage(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (PartStatus, error) {
	for _, kind := range []MediaKind{Video, Audio} {
		if err := uc.store.Delete(ctx, MediaKey(ws, id, kind)); err != nil {
			return "", fault.Wrap(fault.Upstream, meetings.StorageError, err)
		}
	}
	return PartDeleted, nil
}
