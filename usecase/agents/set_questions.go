package agentsuc

import (
	"context"
	"fmt"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// SetQuestions replaces the questions that an agent suggests.
//
// Allowed: admins.
// Errors: Forbidden, NotFound AGENT_NOT_FOUND, Invalid VALIDATION_ERROR.
type SetQuestions struct{ *changer }

// Execute returns the changed agent.
func (uc *SetQuestions) Execute(ctx context.Context, actor kernel.Principal, key agents.Key, questions []string) (agents.Agent, error) {
	a, err := uc.change(ctx, actor, key, func(_ context.Context, a *agents.Agent) error {
		a.SuggestedQuestions = make([]string, len(questions))
		for i, q := range questions {
			a.SuggestedQuestions[i] = strings.TrimSpace(q)
		}
		return nil
	})
	if err != nil {
		return agents.Agent{}, fmt.Errorf("set suggested questions: %w", err)
	}
	return a, nil
}
