package agentsuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// changer is the one way in which a stored agent changes: by an admin, under its row's lock, and within the domain's rules.
type changer struct{ *registry }

// change lets fn alter the agent, checks it and stores it. It returns the agent as stored. Errors: Forbidden, NotFound
// AGENT_NOT_FOUND, Invalid VALIDATION_ERROR.
func (c *changer) change(ctx context.Context, actor kernel.Principal, key agents.Key, fn func(ctx context.Context, a *agents.Agent) error) (agents.Agent, error) {
	if err := mustBeAdmin(actor); err != nil {
		return agents.Agent{}, err
	}
	var stored agents.Agent
	err := c.tx.InTx(ctx, actor.Workspace, func(ctx context.Context) error {
		a, err := c.lock(ctx, actor.Workspace, key)
		if err != nil {
			return err
		}
		a.UpdatedAt = c.clock.Now()
		if err := fn(ctx, &a); err != nil {
			return err
		}
		if err := a.Check(); err != nil {
			return err
		}
		stored = a
		return c.agents.Save(ctx, a)
	})
	if err != nil {
		return agents.Agent{}, err
	}
	return stored, nil
}
