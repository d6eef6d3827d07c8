package agentsuc

import (
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// ErrStoreGone says that the provider does not have a store any more in which a model was to search.
var ErrStoreGone = errors.New("the store is gone")

// StoreRestorer is the work of the job RestoreStore: a store that was deleted at the provider, or has expired there, is made
// again with the files that were in it, which the provider still has. It may run at any time, and twice.
type StoreRestorer struct{ *librarian }

// Execute restores one store. One that is there, or that no agent has, is left alone.
func (uc *StoreRestorer) Execute(ctx context.Context, ws kernel.WorkspaceID, store string) error {
	there, err := uc.stores.Exists(ctx, store)
	if err != nil || there {
		return err
	}
	all, err := uc.all(ctx, ws)
	if err != nil {
		return fmt.Errorf("restore store: %w", err)
	}
	keys := sharing(all, store)
	if len(keys) == 0 {
		return nil
	}
	made, err := uc.makeStore(ctx, ws, keys[0])
	if err != nil {
		return fmt.Errorf("restore store: %w", err)
	}
	if err := uc.tx.InTx(ctx, ws, func(ctx context.Context) error { return uc.move(ctx, ws, keys, store, made) }); err != nil {
		return fmt.Errorf("restore store: %w", err)
	}
	return nil
}

// move gives the agents that still have the one store the other, and its files with it: a job puts each of them there.
func (uc *StoreRestorer) move(ctx context.Context, ws kernel.WorkspaceID, keys []agents.Key, from, to string) error {
	moved := false
	for _, key := range keys {
		a, err := uc.lock(ctx, ws, key)
		if err != nil {
			return err
		}
		if a.StoreID != from {
			continue
		}
		a.StoreID, a.UpdatedAt, moved = to, uc.clock.Now(), true
		if err := uc.agents.Save(ctx, a); err != nil {
			return err
		}
	}
	if !moved { // somebody else was faster: what was made is nobody's
		return uc.jobs.Finish(ctx)
	}
	files, err := uc.files.List(ctx, ws, from)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := uc.moveFile(ctx, f, to); err != nil {
			return err
		}
	}
	return uc.jobs.Finish(ctx)
}

func (uc *StoreRestorer) moveFile(ctx context.Context, f agents.File, to string) error {
	f, found, err := uc.files.Lock(ctx, f.Workspace, f.ID)
	if err != nil || !found {
		return err
	}
	f.Store, f.UpdatedAt = to, uc.clock.Now()
	if f.State == agents.FileReady || f.State == agents.FileFailed {
		f.State, f.Problem = agents.FileReading, ""
	}
	if err := uc.files.Save(ctx, f); err != nil {
		return err
	}
	_, err = uc.jobs.Enqueue(ctx, f.Workspace, SettleFile{File: f.ID}, port.At(f.UpdatedAt.Add(firstLook)))
	return err
}

// restoreLater has a store restored that was found to be gone.
func restoreLater(ctx context.Context, jobs port.Jobs, ws kernel.WorkspaceID, store string) error {
	_, err := jobs.Enqueue(ctx, ws, RestoreStore{Store: store})
	return err
}

// Restore has stores restored that the analysis has found to be gone.
func (e *Evaluators) Restore(ctx context.Context, ws kernel.WorkspaceID, stores []string) error {
	return e.models.restore(ctx, ws, stores)
}
