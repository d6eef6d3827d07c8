package agentsuc

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// models tells on which model an agent runs: its own, else the default of its kind, and where that one has ended, the
// successor.
type models struct {
	retire   *RetireModel
	tx       port.Transactor
	jobs     port.Jobs
	reader   port.Reader
	notices  ModelNotices
	clock    port.Clock
	defaults Settings
}

// Setup is how an agent runs now.
type Setup struct {
	Model  agents.Model
	Params agents.Params // as far as the model takes them
}

// chosen is the model that was meant for the agent, whether it still answers or not.
func (m *models) chosen(a agents.Agent) agents.Model {
	switch {
	case a.Model != "":
		return agents.KnownModel(a.Model)
	case a.Kind == agents.Evaluator:
		return agents.KnownModel(m.defaults.EvaluatorModel)
	default:
		return agents.KnownModel(m.defaults.ChatModel)
	}
}

// defaultOf tells the kinds of agents that run on the model unless they choose another.
func (m *models) defaultOf(name string) []agents.Kind {
	var kinds []agents.Kind
	for _, kind := range []agents.Kind{agents.Evaluator, agents.FollowUp} {
		if m.chosen(agents.Agent{Kind: kind}).Name == name {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// setup resolves the agent's model and parameters.
func (m *models) setup(ctx context.Context, a agents.Agent) (Setup, error) {
	serving, err := m.serving(ctx, a.Workspace, m.chosen(a).Name)
	if err != nil {
		return Setup{}, err
	}
	return Setup{Model: serving, Params: serving.Taken(a.Params)}, nil
}

// serving returns the model that answers for the one of that name.
func (m *models) serving(ctx context.Context, ws kernel.WorkspaceID, name string) (agents.Model, error) {
	gone, err := m.gone(ctx, ws)
	if err != nil {
		return agents.Model{}, err
	}
	return m.answeringFor(name, gone), nil
}

// answeringFor is serving for who knows the models that are gone.
func (m *models) answeringFor(name string, gone func(model string) bool) agents.Model {
	return agents.Serving(name, m.clock.Now(), gone)
}

// gone tells the models that the provider has refused to the workspace.
func (m *models) gone(ctx context.Context, ws kernel.WorkspaceID) (func(string) bool, error) {
	var retired []string
	err := m.reader.Read(ctx, ws, func(ctx context.Context) (err error) {
		retired, err = m.notices.Retired(ctx, ws)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read retired models: %w", err)
	}
	return func(name string) bool { return slices.Contains(retired, name) }, nil
}

// offered are the models that an agent may be given now: those of the list that answer, and the operator's defaults.
func (m *models) offered(ctx context.Context, ws kernel.WorkspaceID) ([]agents.Model, error) {
	gone, err := m.gone(ctx, ws)
	if err != nil {
		return nil, err
	}
	return m.answering(m.clock.Now(), gone), nil
}

func (m *models) answering(at time.Time, gone func(string) bool) []agents.Model {
	list := agents.Models()
	for _, name := range []string{m.defaults.EvaluatorModel, m.defaults.ChatModel} {
		if !slices.ContainsFunc(list, func(l agents.Model) bool { return l.Name == name }) {
			list = append(list, agents.KnownModel(name))
		}
	}
	return slices.DeleteFunc(list, func(l agents.Model) bool { return l.IsRetired(at) || gone(l.Name) })
}
