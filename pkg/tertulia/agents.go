package tertulia

import (
	"context"
	"net/http"
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
