package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// RemoveFileInput names a file of an agent's store.
type RemoveFileInput struct {
	Actor kernel.Principal
	Agent agents.Key
	File  agents.FileID
}

// RemoveFile takes a file out of an agent's store, and out of those of the agents that share it.
//
// Allowed: admins.
// Errors: NotFound AGENT_NOT_FOUND or FILE_NOT_FOUND, Conflict FILE_IS_GENERATED.
// Effects: the file is gone from the list at once; a job deletes it at the provider, as often as it takes.
type RemoveFile struct{ *librarian }

// Execute removes the file.
func (uc *RemoveFile) Execute(ctx context.Context, in RemoveFileInput) error {
	if err := mustBeAdmin(in.Actor); err != nil {
		return err
	}
	ws := in.Actor.Workspace
	a, err := uc.find(ctx, ws, in.Agent)
	if err != nil {
		return fmt.Errorf("remove file: %w", err)
	}
	err = uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		f, found, err := uc.files.Lock(ctx, ws, in.File)
		switch {
		case err != nil:
			return err
		case !found || !a.HasStore() || f.Store != a.StoreID || f.State == agents.FileRemoving:
			return fault.New(fault.NotFound, agents.FileNotFound)
		case f.IsLessons():
			return fault.New(fault.Conflict, agents.FileIsGenerated)
		}
		return uc.discard(ctx, f)
	})
	if err != nil {
		return fmt.Errorf("remove file: %w", err)
	}
	return nil
}

// discard marks a file whose row the transaction holds, and has a job remove it now.
func (l *librarian) discard(ctx context.Context, f agents.File) error {
	f.State, f.UpdatedAt = agents.FileRemoving, l.clock.Now()
	if err := l.files.Save(ctx, f); err != nil {
		return err
	}
	_, err := l.jobs.Enqueue(ctx, f.Workspace, SettleFile{File: f.ID})
	return err
}
