package agentsuc

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// CreateAgentInput is a new follow-up agent. Workspace, kind, version and position are not read.
type CreateAgentInput struct {
	Actor kernel.Principal
	Agent agents.Agent // an empty key is made of the name
}

// CreateAgent adds a follow-up agent. Evaluators come with the product and cannot be made.
//
// Allowed: admins.
// Errors: Forbidden, Invalid VALIDATION_ERROR, Conflict AGENT_EXISTS for a key that is taken, Conflict AGENT_LIMIT_REACHED.
type CreateAgent struct {
	*registry
	models *models
}

// Execute returns the new agent.
func (uc *CreateAgent) Execute(ctx context.Context, in CreateAgentInput) (agents.Agent, error) {
	if err := mustBeAdmin(in.Actor); err != nil {
		return agents.Agent{}, err
	}
	a, err := uc.plan(ctx, in)
	if err != nil {
		return agents.Agent{}, fmt.Errorf("create agent: %w", err)
	}
	err = uc.tx.InTx(ctx, a.Workspace, func(ctx context.Context) error {
		added, err := uc.agents.Add(ctx, a, in.Actor.Rep)
		if err == nil && !added {
			err = fault.New(fault.Conflict, agents.AgentExists).With("key", a.Key.String())
		}
		return err
	})
	if err != nil {
		return agents.Agent{}, fmt.Errorf("create agent: %w", err)
	}
	return a, nil
}

// plan makes the agent, which comes last in lists, and checks it against the domain's rules and the others.
func (uc *CreateAgent) plan(ctx context.Context, in CreateAgentInput) (agents.Agent, error) {
	a := in.Agent
	a.Workspace, a.Kind, a.Version, a.Active = in.Actor.Workspace, agents.FollowUp, 1, true
	a.CreatedAt = uc.clock.Now()
	a.UpdatedAt = a.CreatedAt
	a.DisplayName, a.Instructions = strings.TrimSpace(a.DisplayName), strings.TrimSpace(a.Instructions)
	if a.Key == "" {
		a.Key = agents.KeyOf(a.DisplayName)
	}
	offered, err := uc.models.offered(ctx, a.Workspace)
	if err != nil {
		return agents.Agent{}, err
	}
	var f fault.Fields
	f.Join(a.Check())
	f.Join(checkModel(a.Model, offered))
	if err := f.Err(); err != nil {
		return agents.Agent{}, err
	}
	all, err := uc.all(ctx, a.Workspace)
	if err != nil {
		return agents.Agent{}, err
	}
	if len(all) >= agents.MaxAgents {
		return agents.Agent{}, fault.New(fault.Conflict, agents.AgentLimit).With("max", strconv.Itoa(agents.MaxAgents))
	}
	a.Position = all[len(all)-1].Position + 1
	return a, nil
}
