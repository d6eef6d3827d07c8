// Package agentsbridge lets the agents of a workspace judge its meetings.
package agentsbridge

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var _ meetingsuc.Evaluators = Bridge{}

// Bridge implements meetingsuc.Evaluators.
type Bridge struct{ agents *agentsuc.Evaluators }

// New makes the bridge.
func New(e *agentsuc.Evaluators) Bridge { return Bridge{agents: e} }

// For implements meetingsuc.Evaluators.
func (b Bridge) For(ctx context.Context, ws kernel.WorkspaceID, t meetings.Type, s meetings.Subtype) (meetingsuc.Evaluator, error) {
	a, setup, err := b.agents.For(ctx, ws, agents.MeetingType(t), agents.Subtype(s))
	if err != nil {
		return meetingsuc.Evaluator{}, err
	}
	e := meetingsuc.Evaluator{
		Key: a.Key.String(), Version: a.Version, Instructions: a.Instructions, Model: setup.Model.Name,
		Temperature: setup.Params.Temperature, TopP: setup.Params.TopP,
	}
	if a.HasStore() && setup.Model.FileSearch {
		e.Stores = []string{a.StoreID}
	}
	return e, nil
}

// Detector implements meetingsuc.Evaluators.
func (b Bridge) Detector(ctx context.Context, ws kernel.WorkspaceID) (meetingsuc.Detector, error) {
	stages, model, err := b.agents.Stages(ctx, ws)
	if err != nil {
		return meetingsuc.Detector{}, err
	}
	d := meetingsuc.Detector{Model: model.Name}
	for _, s := range stages {
		d.Stages = append(d.Stages, meetings.Subtype(s))
	}
	return d, nil
}

// Retire implements meetingsuc.Evaluators.
func (b Bridge) Retire(ctx context.Context, ws kernel.WorkspaceID, model string) (bool, error) {
	return b.agents.Retire.Execute(ctx, ws, model)
}
