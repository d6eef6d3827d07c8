package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// ShareStoreInput has an agent search in another's files.
type ShareStoreInput struct {
	Actor kernel.Principal
	Agent agents.Key
	With  agents.Key // empty: nobody's; the agent has files of its own again
}

// ShareStore puts an agent on another's store, or off it.
//
// Allowed: admins.
// Errors: NotFound AGENT_NOT_FOUND; Conflict STORE_HAS_FILES for an agent that has files of its own; those of New.
// Effects: the other's store is made when there is none; one that nobody has is deleted by a job.
type ShareStore struct{ *librarian }

// Execute changes the agent's store.
func (uc *ShareStore) Execute(ctx context.Context, in ShareStoreInput) error {
	if err := mustBeAdmin(in.Actor); err != nil {
		return err
	}
	ws, store := in.Actor.Workspace, ""
	if in.With != "" && in.With != in.Agent {
		var err error
		if store, err = uc.store(ctx, ws, in.With); err != nil {
			return fmt.Errorf("share store: %w", err)
		}
	}
	if _, err := uc.find(ctx, ws, in.Agent); err != nil {
		return fmt.Errorf("share store: %w", err)
	}
	err := uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		a, err := uc.lock(ctx, ws, in.Agent)
		if err != nil || a.StoreID == store || in.With == in.Agent {
			return err
		}
		own, err := uc.files.List(ctx, ws, a.StoreID)
		if err != nil {
			return err
		}
		for _, f := range own {
			if f.Agent == a.Key {
				return fault.New(fault.Conflict, agents.StoreHasFiles)
			}
		}
		a.StoreID, a.UpdatedAt = store, uc.clock.Now()
		if _, err := uc.jobs.Enqueue(ctx, ws, TidyStores{Agent: in.Agent}, port.At(a.UpdatedAt.Add(storeAge))); err != nil {
			return err
		}
		return uc.agents.Save(ctx, a)
	})
	if err != nil {
		return fmt.Errorf("share store: %w", err)
	}
	return nil
}
