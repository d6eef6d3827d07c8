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

// EditInstructionsInput is what an agent is told from now on.
type EditInstructionsInput struct {
	Actor        kernel.Principal
	Agent        agents.Key
	Instructions string
	Of           int // the version that was edited; 0: whatever it is
}

// EditInstructions adds a version of what an agent is told. It holds for the next analysis and the next question.
//
// Allowed: admins.
// Errors: Forbidden, NotFound AGENT_NOT_FOUND, Invalid VALIDATION_ERROR, Conflict VERSION_CONFLICT when somebody has edited
// it since.
type EditInstructions struct {
	*changer
	versions Versions
}

// Execute returns the agent with its new version.
func (uc *EditInstructions) Execute(ctx context.Context, in EditInstructionsInput) (agents.Agent, error) {
	a, err := uc.change(ctx, in.Actor, in.Agent, func(ctx context.Context, a *agents.Agent) error {
		if in.Of != 0 && in.Of != a.Version {
			return fault.New(fault.Conflict, agents.VersionConflict).With("version", strconv.Itoa(a.Version))
		}
		a.Version++
		a.Instructions = strings.TrimSpace(in.Instructions)
		if err := a.Check(); err != nil {
			return err
		}
		return uc.versions.Add(ctx, in.Actor.Workspace, a.Key, agents.Version{
			Number: a.Version, Instructions: a.Instructions, EditedBy: agents.Editor{ID: in.Actor.Rep}, CreatedAt: a.UpdatedAt,
		})
	})
	if err != nil {
		return agents.Agent{}, fmt.Errorf("edit instructions: %w", err)
	}
	return a, nil
}
