package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ArchiveAgent puts an agent out of use, or back. An archived agent keeps its history.
//
// Allowed: admins.
// Errors: Forbidden, NotFound AGENT_NOT_FOUND.
type ArchiveAgent struct{ *changer }

// Execute returns the changed agent.
func (uc *ArchiveAgent) Execute(ctx context.Context, actor kernel.Principal, key agents.Key, active bool) (agents.Agent, error) {
	a, err := uc.change(ctx, actor, key, func(_ context.Context, a *agents.Agent) error {
		a.Active = active
		return nil
	})
	if err != nil {
		return agents.Agent{}, fmt.Errorf("archive agent: %w", err)
	}
	return a, nil
}
