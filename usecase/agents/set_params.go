package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// SetParamsInput changes what is set in it. A nil parameter is left to the model.
type SetParamsInput struct {
	Actor           kernel.Principal
	Agent           agents.Key
	Params          agents.Params
	KeepTemperature bool
	KeepTopP        bool
}

// SetParams changes the parameters that an agent runs with. They are sent only to models that take them.
//
// Allowed: admins.
// Errors: Forbidden, NotFound AGENT_NOT_FOUND, Invalid VALIDATION_ERROR.
type SetParams struct{ *changer }

// Execute returns the changed agent.
func (uc *SetParams) Execute(ctx context.Context, in SetParamsInput) (agents.Agent, error) {
	a, err := uc.change(ctx, in.Actor, in.Agent, func(_ context.Context, a *agents.Agent) error {
		if !in.KeepTemperature {
			a.Params.Temperature = in.Params.Temperature
		}
		if !in.KeepTopP {
			a.Params.TopP = in.Params.TopP
		}
		return nil
	})
	if err != nil {
		return agents.Agent{}, fmt.Errorf("set parameters: %w", err)
	}
	return a, nil
}
