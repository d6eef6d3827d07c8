// Package openai runs agents at OpenAI, or at any base URL that speaks its protocol, and keeps there what they search in.
package openai

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

// openAIError is what a failure of the provider is called.
const openAIError fault.Code = "OPENAI_ERROR"

var _ agentsuc.ModelList = Models{}

// Models implements agentsuc.ModelList.
type Models struct{ client *openai.Client }

// NewModels lists the models of the client's provider; nil is no provider.
func NewModels(client *openai.Client) Models { return Models{client: client} }

// Models implements agentsuc.ModelList.
func (m Models) Models(ctx context.Context) ([]agentsuc.ListedModel, error) {
	if m.client == nil {
		return nil, nil
	}
	list, err := m.client.Models(ctx)
	if err != nil {
		return nil, outbound.Fault(err, openAIError)
	}
	listed := make([]agentsuc.ListedModel, len(list))
	for i, l := range list {
		listed[i] = agentsuc.ListedModel{Name: l.ID, ShutdownAt: l.ShutdownAt}
	}
	return listed, nil
}
