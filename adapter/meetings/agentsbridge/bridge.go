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

// Panel implements meetingsuc.Evaluators.
func (b Bridge) Panel(ctx context.Context, ws kernel.WorkspaceID) (meetingsuc.Panel, error) {
	p, err := b.agents.Panel(ctx, ws)
	if err != nil {
		return nil, err
	}
	return panel{p}, nil
}

// panel implements meetingsuc.Panel.
type panel struct{ agents agentsuc.Panel }

func (p panel) For(t meetings.Type, s meetings.Subtype) meetingsuc.Evaluator {
	a, setup := p.agents.For(agents.MeetingType(t), agents.Subtype(s))
	e := meetingsuc.Evaluator{
		Key: a.Key.String(), Version: a.Version, Instructions: a.Instructions, Model: setup.Model.Name,
		Temperature: setup.Params.Temperature, TopP: setup.Params.TopP,
	}
	if a.HasStore() && setup.Model.FileSearch {
		e.Stores = []string{a.StoreID}
	}
	return e
}

func (p panel) Detector() meetingsuc.Detector {
	stages, model := p.agents.Stages()
	d := meetingsuc.Detector{Model: model.Name}
	for _, s := range stages {
		d.Stages = append(d.Stages, meetings.Subtype(s))
	}
	return d
}

// Retire implements meetingsuc.Evaluators.
func (b Bridge) Retire(ctx context.Context, ws kernel.WorkspaceID, model string) (bool, error) {
	return b.agents.Retire.Execute(ctx, ws, model)
}
