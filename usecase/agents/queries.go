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
	meetings Meetings
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

// mustBeAdmin is the rule of everything under /api/admin: Forbidden for everybody else.
func mustBeAdmin(actor kernel.Principal) error {
	if !actor.IsAdmin() {
		return fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	return nil
}
