package agentsuc

import (
	"context"
	"fmt"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// SetModel chooses the model that an agent runs on; "" is the default of its kind.
//
// Allowed: admins.
// Errors: Forbidden, NotFound AGENT_NOT_FOUND, Invalid VALIDATION_ERROR for a model that is not offered, Conflict
// MODEL_WITHOUT_FILE_SEARCH for one that cannot search the agent's files.
type SetModel struct {
	*changer
	models *models
}

// Execute returns the changed agent.
func (uc *SetModel) Execute(ctx context.Context, actor kernel.Principal, key agents.Key, model string) (agents.Agent, error) {
	offered, err := uc.models.offered(ctx, actor.Workspace)
	if err != nil {
		return agents.Agent{}, fmt.Errorf("set model: %w", err)
	}
	a, err := uc.change(ctx, actor, key, func(_ context.Context, a *agents.Agent) error {
		if err := checkModel(model, offered); err != nil {
			return err
		}
		a.Model = model
		if m := uc.models.chosen(*a); a.HasStore() && !m.FileSearch {
			return fault.New(fault.Conflict, agents.NoFileSearch).With("model", m.Name)
		}
		return nil
	})
	if err != nil {
		return agents.Agent{}, fmt.Errorf("set model: %w", err)
	}
	return a, nil
}

// checkModel refuses a model that is not offered; "" always is.
func checkModel(model string, offered []agents.Model) error {
	var f fault.Fields
	var names []string
	found := model == ""
	for _, m := range offered {
		names = append(names, m.Name)
		found = found || m.Name == model
	}
	f.Require(found, "model", fault.OneOf, "allowed", strings.Join(names, ", "))
	return f.Err()
}
