package tertulia

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// Agents are the AI agents of the workspace.
type Agents struct{ c *Client }

// OfMeeting returns the agents that can be asked about a meeting.
func (a Agents) OfMeeting(ctx context.Context, meeting string, opts ...CallOption) (MeetingAgentList, error) {
	return call[MeetingAgentList](ctx, a.c, request{method: http.MethodGet, path: meetingPath(meeting, "/agents")}, opts)
}

// List returns every agent of the workspace, archived ones too. Administrators only.
func (a Agents) List(ctx context.Context, opts ...CallOption) (AgentList, error) {
	return call[AgentList](ctx, a.c, request{method: http.MethodGet, path: "/api/admin/agents"}, opts)
}

// Subtypes returns the stages of a sale that have an evaluator in use, in the order of the funnel.
func (a Agents) Subtypes(ctx context.Context, opts ...CallOption) (SalesSubtypeList, error) {
	return call[SalesSubtypeList](ctx, a.c, request{method: http.MethodGet, path: "/api/sales-subtypes"}, opts)
}

// Models returns the models that an agent may be given. Administrators only.
func (a Agents) Models(ctx context.Context, opts ...CallOption) (AgentModelList, error) {
	return call[AgentModelList](ctx, a.c, request{method: http.MethodGet, path: "/api/admin/agents/models"}, opts)
}

// Create adds a follow-up agent. CodeAgentExists when its key is taken. Administrators only.
func (a Agents) Create(ctx context.Context, req CreateAgentRequest, opts ...CallOption) (AgentDetail, error) {
	return call[AgentDetail](ctx, a.c, request{method: http.MethodPost, path: "/api/admin/agents", body: req}, opts)
}

// Get returns an agent with the newest versions of its instructions. Administrators only.
func (a Agents) Get(ctx context.Context, key string, opts ...CallOption) (AgentDetail, error) {
	return call[AgentDetail](ctx, a.c, request{method: http.MethodGet, path: agentPath(key, "")}, opts)
}

// EditInstructions adds a version of what an agent is told. CodeVersionConflict when version is no longer the current one; 0
// is whatever it is. Administrators only.
func (a Agents) EditInstructions(ctx context.Context, key string, version int, instructions string, opts ...CallOption) (AgentDetail, error) {
	r := request{
		method: http.MethodPut, path: agentPath(key, "/instructions"), body: EditInstructionsRequest{Instructions: instructions},
	}
	if version != 0 {
		r.ifMatch = strconv.Quote(strconv.Itoa(version))
	}
	return call[AgentDetail](ctx, a.c, r, opts)
}

// SetQuestions replaces the questions that an agent suggests. Administrators only.
func (a Agents) SetQuestions(ctx context.Context, key string, questions []string, opts ...CallOption) (AgentDetail, error) {
	return a.put(ctx, key, "/suggested-questions", SetQuestionsRequest{SuggestedQuestions: questions}, opts)
}

// SetModel chooses the model that an agent runs on; "" is the default of its kind. Administrators only.
func (a Agents) SetModel(ctx context.Context, key, model string, opts ...CallOption) (AgentDetail, error) {
	var req SetModelRequest
	if model != "" {
		req.Model = &model
	}
	return a.put(ctx, key, "/model", req, opts)
}

// SetParams adjusts the parameters that an agent runs with. Administrators only.
func (a Agents) SetParams(ctx context.Context, key string, req SetParamsRequest, opts ...CallOption) (AgentDetail, error) {
	return a.put(ctx, key, "/params", req, opts)
}

// Rename changes an agent's name for people. Administrators only.
func (a Agents) Rename(ctx context.Context, key, name string, opts ...CallOption) (AgentDetail, error) {
	return a.put(ctx, key, "/name", RenameAgentRequest{DisplayName: name}, opts)
}

// SetActive archives an agent (false), or takes it back into use. Administrators only.
func (a Agents) SetActive(ctx context.Context, key string, active bool, opts ...CallOption) (AgentDetail, error) {
	return a.put(ctx, key, "/active", SetActiveRequest{Active: &active}, opts)
}

// Test asks an agent and keeps nothing. Administrators only.
func (a Agents) Test(ctx context.Context, key string, req TestAgentRequest, opts ...CallOption) (TestAgentAnswer, error) {
	return call[TestAgentAnswer](ctx, a.c, request{method: http.MethodPost, path: agentPath(key, "/test"), body: req}, opts)
}

func (a Agents) put(ctx context.Context, key, rest string, body any, opts []CallOption) (AgentDetail, error) {
	return call[AgentDetail](ctx, a.c, request{method: http.MethodPut, path: agentPath(key, rest), body: body}, opts)
}

func agentPath(key, rest string) string { return "/api/admin/agents/" + url.PathEscape(key) + rest }
