package agentsuc

import (
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// FileSettler is the work of the job SettleFile: what a request has left half way is brought to an end, and what the
// provider reads is watched until it is read. It may run at any time, and twice.
type FileSettler struct{ *librarian }

// Execute looks at one file. A file that is gone is settled.
func (uc *FileSettler) Execute(ctx context.Context, ws kernel.WorkspaceID, job SettleFile) error {
	f, found, err := uc.read(ctx, ws, job.File)
	if err != nil || !found {
		return err
	}
	switch {
	case f.State == agents.FileReading:
		err = uc.watch(ctx, f, job.Round)
	case f.State == agents.FileRemoving, f.State == agents.FileUploading && uc.isAbandoned(f):
		err = uc.clear(ctx, f)
	case f.State == agents.FileUploading:
		err = uc.again(ctx, f, job.Round)
	}
	if err != nil {
		return fmt.Errorf("settle file: %w", err)
	}
	return nil
}

func (uc *FileSettler) read(ctx context.Context, ws kernel.WorkspaceID, id agents.FileID) (f agents.File, found bool, err error) {
	err = uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		f, found, err = uc.files.Lock(ctx, ws, id)
		return err
	})
	return f, found, err
}

func (uc *FileSettler) isAbandoned(f agents.File) bool {
	return !uc.clock.Now().Before(f.CreatedAt.Add(uploadLimit))
}

// watch asks how far the provider is with a file. One that never came into its store, because whoever sent it was stopped
// in between, is put there now.
func (uc *FileSettler) watch(ctx context.Context, f agents.File, round int) error {
	state, problem, err := uc.library.Progress(ctx, f.Store, f.ProviderID)
	if err != nil {
		return err
	}
	switch state {
	case "":
		if err := uc.attach(ctx, f); err != nil && !errors.Is(err, ErrStoreGone) {
			return err
		}
		return uc.again(ctx, f, round)
	case agents.FileReading:
		return uc.again(ctx, f, round)
	}
	return uc.tx.InTx(ctx, f.Workspace, func(ctx context.Context) error {
		now, found, err := uc.files.Lock(ctx, f.Workspace, f.ID)
		if err != nil || !found || now.State != agents.FileReading {
			return err
		}
		now.State, now.Problem, now.UpdatedAt = state, problem, uc.clock.Now()
		if err := uc.files.Save(ctx, now); err != nil {
			return err
		}
		if state == agents.FileReady { // now the one before it may go
			if err := uc.rewrite(ctx, now); err != nil {
				return err
			}
		}
		return uc.jobs.Finish(ctx)
	})
}

// again has another look later.
func (uc *FileSettler) again(ctx context.Context, f agents.File, round int) error {
	return uc.tx.InTx(ctx, f.Workspace, func(ctx context.Context) error {
		next := SettleFile{File: f.ID, Round: round + 1}
		if _, err := uc.jobs.Enqueue(ctx, f.Workspace, next, port.At(uc.clock.Now().Add(nextLook(round)))); err != nil {
			return err
		}
		return uc.jobs.Finish(ctx)
	})
}

// clear deletes a file at the provider, looking for it there when its upload lost its answer, and then forgets it.
func (uc *FileSettler) clear(ctx context.Context, f agents.File) error {
	ids := []string{f.ProviderID}
	if f.ProviderID == "" {
		var err error
		if ids, err = uc.library.Find(ctx, f.RemoteName(), f.CreatedAt.Add(-clockSlack)); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := uc.library.Delete(ctx, id); err != nil {
			return err
		}
	}
	return uc.tx.InTx(ctx, f.Workspace, func(ctx context.Context) error {
		if err := uc.files.Remove(ctx, f.Workspace, f.ID); err != nil {
			return err
		}
		if f.State == agents.FileUploading { // whoever wrote it was stopped, and took it for written
			if err := uc.rewrite(ctx, f); err != nil {
				return err
			}
		}
		return uc.jobs.Finish(ctx)
	})
}

// rewrite has the lessons looked at again of which a file was made, in the caller's transaction.
func (uc *FileSettler) rewrite(ctx context.Context, f agents.File) error {
	if !f.IsLessons() {
		return nil
	}
	_, err := uc.jobs.Enqueue(ctx, f.Workspace, WriteLessons{Agent: f.Agent})
	return err
}

// StoreTidier is the work of the job TidyStores.
type StoreTidier struct{ *librarian }

// Execute deletes the stores that were made for the agent, and that no agent has by now.
func (uc *StoreTidier) Execute(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) error {
	owned, err := uc.stores.Owned(ctx, ws, key)
	if err != nil {
		return fmt.Errorf("tidy stores: %w", err)
	}
	all, err := uc.all(ctx, ws)
	if err != nil {
		return fmt.Errorf("tidy stores: %w", err)
	}
	for _, s := range owned {
		if len(sharing(all, s.ID)) > 0 || uc.clock.Now().Sub(s.CreatedAt) < storeAge/2 {
			continue
		}
		if err := uc.stores.Delete(ctx, s.ID); err != nil {
			return fmt.Errorf("tidy stores: %w", err)
		}
	}
	return nil
}

// sharing returns the keys of the agents that have the store.
func sharing(all []agents.Agent, store string) []agents.Key {
	var keys []agents.Key
	for _, a := range all {
		if a.StoreID == store && store != "" {
			keys = append(keys, a.Key)
		}
	}
	return keys
}
