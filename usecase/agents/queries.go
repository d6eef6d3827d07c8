package agentsuc

import (
	"context"
	"fmt"
	"slices"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Queries reads agents.
type Queries struct {
	*registry
	models   *models
	versions Versions
	meetings Meetings
	prices   Prices
}

// OfferedModel is a model that an agent may be given.
type OfferedModel struct {
	agents.Model

	Price     *ModelPrice   // nil: nobody has published one
	DefaultOf []agents.Kind // the kinds of agents that run on it unless they choose another
}

// Detail is all there is to see of an agent.
type Detail struct {
	Agent    agents.Agent
	Setup    Setup
	Versions []agents.Version // newest first
}

// ForMeeting returns the agents that the actor may ask about a meeting: active follow-up agents for its type.
// Errors: NotFound MEETING_NOT_FOUND, Forbidden.
func (q *Queries) ForMeeting(ctx context.Context, actor kernel.Principal, id MeetingID) ([]agents.Agent, error) {
	m, err := q.meetings.Visible(ctx, actor, id)
	if err != nil {
		return nil, fmt.Errorf("list a meeting's agents: %w", err)
	}
	all, err := q.all(ctx, actor.Workspace)
	if err != nil {
		return nil, fmt.Errorf("list a meeting's agents: %w", err)
	}
	return slices.DeleteFunc(all, func(a agents.Agent) bool { return !a.Answers(m.Type) }), nil
}

// Answering returns the agent that the actor asks about a meeting of that type: NotFound AGENT_NOT_FOUND for one that
// does not exist, is archived, is an evaluator, or is not for such meetings.
func (q *Queries) Answering(ctx context.Context, ws kernel.WorkspaceID, key agents.Key, t agents.MeetingType) (agents.Agent, error) {
	a, err := q.find(ctx, ws, key)
	if err != nil {
		return agents.Agent{}, fmt.Errorf("find agent: %w", err)
	}
	if !a.Answers(t) {
		return agents.Agent{}, agents.NotFound()
	}
	return a, nil
}

// List returns every agent of the workspace, archived ones too. Admins only.
func (q *Queries) List(ctx context.Context, actor kernel.Principal) ([]agents.Agent, error) {
	if err := mustBeAdmin(actor); err != nil {
		return nil, err
	}
	all, err := q.all(ctx, actor.Workspace)
	if err != nil {
		return nil, fmt.Errorf("list agents: %w", err)
	}
	return all, nil
}

// Subtypes returns the active evaluators of sales meetings, in funnel order.
func (q *Queries) Subtypes(ctx context.Context, actor kernel.Principal) ([]agents.Agent, error) {
	all, err := q.all(ctx, actor.Workspace)
	if err != nil {
		return nil, fmt.Errorf("list sales subtypes: %w", err)
	}
	return slices.DeleteFunc(all, func(a agents.Agent) bool { return a.Subtype == "" || !a.Active }), nil
}

// Detail returns one agent with the newest versions of its instructions, archived or not. Admins only. limit is how many
// versions; the default when it is unset, never more than the maximum.
func (q *Queries) Detail(ctx context.Context, actor kernel.Principal, key agents.Key, limit int) (Detail, error) {
	if err := mustBeAdmin(actor); err != nil {
		return Detail{}, err
	}
	a, err := q.find(ctx, actor.Workspace, key)
	if err != nil {
		return Detail{}, fmt.Errorf("read agent: %w", err)
	}
	d := Detail{Agent: a}
	if d.Setup, err = q.models.setup(ctx, a); err != nil {
		return Detail{}, fmt.Errorf("read agent: %w", err)
	}
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		d.Versions, err = q.versions.Latest(ctx, actor.Workspace, key, kernel.Page{Limit: limit}.Size())
		return err
	})
	if err != nil {
		return Detail{}, fmt.Errorf("read agent: %w", err)
	}
	return d, nil
}

// Models returns the models that an agent may be given now. Admins only.
func (q *Queries) Models(ctx context.Context, actor kernel.Principal) ([]OfferedModel, error) {
	if err := mustBeAdmin(actor); err != nil {
		return nil, err
	}
	list, err := q.models.offered(ctx, actor.Workspace)
	if err != nil {
		return nil, fmt.Errorf("list models: %w", err)
	}
	offers := make([]OfferedModel, len(list))
	for i, m := range list {
		offers[i] = OfferedModel{Model: m, DefaultOf: q.models.defaultOf(m.Name)}
		if price, ok := q.prices.Of(m.Name); ok {
			offers[i].Price = &price
		}
	}
	return offers, nil
}

// Setup returns the model and the parameters that an agent runs with now.
func (q *Queries) Setup(ctx context.Context, a agents.Agent) (Setup, error) {
	s, err := q.models.setup(ctx, a)
	if err != nil {
		return Setup{}, fmt.Errorf("choose a model: %w", err)
	}
	return s, nil
}

// mustBeAdmin is the rule of everything under /api/admin: Forbidden for everybody else.
func mustBeAdmin(actor kernel.Principal) error {
	if !actor.IsAdmin() {
		return fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	return nil
}
