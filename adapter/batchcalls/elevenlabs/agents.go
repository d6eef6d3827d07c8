package elevenlabs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/elevenlabs"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Agents implements batchcallsuc.Agents.
type Agents struct{ client *elevenlabs.Client }

// NewAgents makes them.
func NewAgents(client *elevenlabs.Client) *Agents { return &Agents{client} }

// Texts implements batchcallsuc.Agents. A variable may stand anywhere in an agent's configuration and workflow, so that both are
// the texts, as they came.
func (a *Agents) Texts(ctx context.Context, agentID string) (batchcallsuc.AgentTexts, error) {
	agent, err := a.client.Agent(ctx, agentID)
	switch {
	case elevenlabs.IsNotFound(err), errors.Is(err, elevenlabs.ErrMalformedID):
		return batchcallsuc.AgentTexts{}, fault.Wrap(fault.NotFound, batchcalls.AgentNotFound, err)
	case err != nil:
		failed := fault.Wrap(fault.Upstream, batchcalls.ProviderFailed, err)
		if e, ok := errors.AsType[*outbound.Error](err); ok && e.Message != "" {
			failed = failed.With("message", e.Message)
		}
		return batchcallsuc.AgentTexts{}, failed
	}
	var parts struct {
		Config   json.RawMessage `json:"conversation_config"`
		Workflow json.RawMessage `json:"workflow"`
	}
	if err := json.Unmarshal(agent.Raw, &parts); err != nil {
		return batchcallsuc.AgentTexts{}, fault.Wrap(fault.Upstream, batchcalls.ProviderFailed, fmt.Errorf("decode agent: %w", err))
	}
	return batchcallsuc.AgentTexts{
		Name: agent.Name, Texts: []string{string(parts.Config), string(parts.Workflow)},
		Defaults: agent.Config.Agent.DynamicVariables.Placeholders, Overrides: agent.Overrides(), Bursting: agent.Platform.Limits.Bursting,
	}, nil
}
