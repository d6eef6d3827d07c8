package agentsuc

import (
	"context"
	"fmt"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// RenameAgent changes an agent's name for people. Its key stays.
//
// Allowed: admins.
// Errors: Forbidden, NotFound AGENT_NOT_FOUND, Invalid VALIDATION_ERROR.
type RenameAgent struct{ *changer }

// Execute returns the changed agent.
func (uc *RenameAgent) Execute(ctx context.Context, actor kernel.Principal, key agents.Key, name string) (agents.Agent, error) {
	a, err := uc.change(ctx, actor, key, func(_ context.Context, a *agents.Agent) error {
		a.DisplayName = strings.TrimSpace(name)
		return nil
	})
	if err != nil {
		return agents.Agent{}, fmt.Errorf("rename agent: %w", err)
	}
	return a, nil
}
