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

// Panel is a workspace's evaluators and models as they were when it was asked for.
type Panel struct {
	agents []agents.Agent
	models *models
	gone   func(model string) bool
}

// Panel returns how the workspace's meetings are judged now, in two questions whatever is asked of it.
func (e *Evaluators) Panel(ctx context.Context, ws kernel.WorkspaceID) (Panel, error) {
	all, err := e.all(ctx, ws)
	if err != nil {
		return Panel{}, fmt.Errorf("list evaluators: %w", err)
	}
	gone, err := e.models.gone(ctx, ws)
	return Panel{agents: all, models: e.models, gone: gone}, err
}

// For returns the evaluator of a type of meeting and, of sales, of a stage, with how it runs. Where that one is archived
// it is the zero agent, which has no instructions and runs as evaluators do.
func (p Panel) For(t agents.MeetingType, s agents.Subtype) (agents.Agent, Setup) {
	a := agents.Agent{Kind: agents.Evaluator}
	key := agents.EvaluatorKey(t, s)
	for _, known := range p.agents {
		if known.Key == key && known.Active && agents.IsDefault(key) {
			a = known
		}
	}
	serving := p.models.answeringFor(p.models.chosen(a).Name, p.gone)
	return a, Setup{Model: serving, Params: serving.Taken(a.Params)}
}

// Stages returns the stages of a sale that have an evaluator in use, in funnel order, and the model that tells them apart.
func (p Panel) Stages() ([]agents.Subtype, agents.Model) {
	var stages []agents.Subtype
	for _, a := range p.agents {
		if a.Subtype != "" && a.Active {
			stages = append(stages, a.Subtype)
		}
	}
	return stages, p.models.answeringFor(p.models.defaults.ChatModel, p.gone)
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
