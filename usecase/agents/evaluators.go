package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Evaluators tells the analysis how a workspace has its meetings judged. It stands beside UseCases, because meetings need
// it and the rest of the agents needs meetings.
type Evaluators struct {
	*registry
	models *models
	Retire *RetireModel
}

// NewEvaluators builds it.
func NewEvaluators(p Shared, s Storage, settings Settings) *Evaluators {
	m := newModels(p, s, settings)
	return &Evaluators{registry: newRegistry(p, s), models: m, Retire: m.retire}
}

// For returns the evaluator of a type of meeting and, of sales, of a stage, with how it runs now. Where that one is
// archived it is the zero agent, which has no instructions and runs as evaluators do.
func (e *Evaluators) For(ctx context.Context, ws kernel.WorkspaceID, t agents.MeetingType, s agents.Subtype) (agents.Agent, Setup, error) {
	a := agents.Agent{Workspace: ws, Kind: agents.Evaluator}
	if key := agents.EvaluatorKey(t, s); agents.IsDefault(key) {
		found, err := e.find(ctx, ws, key)
		if err != nil {
			return agents.Agent{}, Setup{}, fmt.Errorf("find evaluator: %w", err)
		}
		if found.Active {
			a = found
		}
	}
	setup, err := e.models.setup(ctx, a)
	if err != nil {
		return agents.Agent{}, Setup{}, fmt.Errorf("choose the evaluator's model: %w", err)
	}
	return a, setup, nil
}

// Stages returns the stages of a sale that have an evaluator in use, in funnel order, and the model that tells them apart.
func (e *Evaluators) Stages(ctx context.Context, ws kernel.WorkspaceID) ([]agents.Subtype, agents.Model, error) {
	all, err := e.all(ctx, ws)
	if err != nil {
		return nil, agents.Model{}, fmt.Errorf("list the stages of a sale: %w", err)
	}
	var stages []agents.Subtype
	for _, a := range all {
		if a.Subtype != "" && a.Active {
			stages = append(stages, a.Subtype)
		}
	}
	model, err := e.models.serving(ctx, ws, e.models.defaults.ChatModel)
	return stages, model, err
}

func newRegistry(p Shared, s Storage) *registry {
	return &registry{tx: p.Tx, reader: p.Reader, jobs: p.Jobs, agents: s.Agents, clock: p.Clock}
}

func newModels(p Shared, s Storage, settings Settings) *models {
	retire := &RetireModel{tx: p.Tx, clock: p.Clock, news: newNews(p, s)}
	return &models{retire: retire, tx: p.Tx, jobs: p.Jobs, reader: p.Reader, notices: s.Notices, clock: p.Clock, defaults: settings}
}

func newNews(p Shared, s Storage) *news {
	return &news{notices: s.Notices, admins: s.Admins, events: p.Events, clock: p.Clock}
}
