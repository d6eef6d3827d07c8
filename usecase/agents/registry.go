package agentsuc

import (
	"context"
	"fmt"
	"slices"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// registry is the one way to a workspace's agents. Whoever looks first makes those that come with the product: there is no
// other way in which a workspace gets them, old or new. The watch over their models begins with them.
type registry struct {
	tx     port.Transactor
	reader port.Reader
	jobs   port.Jobs
	agents Agents
	clock  port.Clock
}

// all returns every agent in the order of lists.
func (r *registry) all(ctx context.Context, ws kernel.WorkspaceID) ([]agents.Agent, error) {
	list, err := r.list(ctx, ws)
	if err != nil || !lacksDefaults(list) {
		return list, err
	}
	if err := r.seed(ctx, ws); err != nil {
		return nil, err
	}
	return r.list(ctx, ws)
}

// find returns one agent, archived or not. NotFound AGENT_NOT_FOUND.
func (r *registry) find(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) (agents.Agent, error) {
	return r.one(ctx, ws, key, func(ctx context.Context) (a agents.Agent, found bool, err error) {
		err = r.reader.Read(ctx, ws, func(ctx context.Context) error {
			a, found, err = r.agents.Find(ctx, ws, key)
			return err
		})
		return a, found, err
	})
}

// lock returns one agent and holds its row until the caller's transaction ends. NotFound AGENT_NOT_FOUND.
func (r *registry) lock(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) (agents.Agent, error) {
	return r.one(ctx, ws, key, func(ctx context.Context) (agents.Agent, bool, error) {
		return r.agents.Lock(ctx, ws, key)
	})
}

func (r *registry) one(ctx context.Context, ws kernel.WorkspaceID, key agents.Key, look func(context.Context) (agents.Agent, bool, error)) (agents.Agent, error) {
	a, found, err := look(ctx)
	if err == nil && !found && agents.IsDefault(key) {
		if err := r.seed(ctx, ws); err != nil {
			return agents.Agent{}, err
		}
		a, found, err = look(ctx)
	}
	if err == nil && !found {
		err = agents.NotFound()
	}
	return a, err
}

func (r *registry) list(ctx context.Context, ws kernel.WorkspaceID) (list []agents.Agent, err error) {
	err = r.reader.Read(ctx, ws, func(ctx context.Context) error {
		list, err = r.agents.List(ctx, ws)
		return err
	})
	return list, err
}

// seed makes the agents that come with the product, as far as they are not there.
func (r *registry) seed(ctx context.Context, ws kernel.WorkspaceID) error {
	err := r.tx.InTx(ctx, ws, func(ctx context.Context) error {
		for _, a := range agents.Defaults(ws, r.clock.Now()) {
			if _, err := r.agents.Add(ctx, a, ""); err != nil {
				return err
			}
		}
		return r.watch(ctx, ws)
	})
	if err != nil {
		return fmt.Errorf("make the default agents: %w", err)
	}
	return nil
}

func lacksDefaults(list []agents.Agent) bool {
	return slices.ContainsFunc(agents.DefaultKeys(), func(key agents.Key) bool {
		return !slices.ContainsFunc(list, func(a agents.Agent) bool { return a.Key == key })
	})
}
