// Package agentsuc holds what can be done with a workspace's AI agents: see them, change what they are told and how they
// run, try them. See README.md for the model, its states and its invariants.
package agentsuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Agents keeps agents. Every method stays inside the given workspace and runs in the caller's transaction or read.
type Agents interface {
	// Add stores a new agent with its first version, and reports whether it did: one of that key may be there already.
	Add(ctx context.Context, a agents.Agent, editedBy kernel.RepID) (bool, error)
	// List returns every agent in the order of lists, archived ones too. There are at most agents.MaxAgents.
	List(ctx context.Context, ws kernel.WorkspaceID) ([]agents.Agent, error)
	// Find returns one agent.
	Find(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) (agents.Agent, bool, error)
	// Lock returns one agent and holds its row until the transaction ends.
	Lock(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) (agents.Agent, bool, error)
	// Save stores an agent whose row the transaction holds. Its instructions are stored by Versions.Add.
	Save(ctx context.Context, a agents.Agent) error
}

// Meetings knows the meetings that people ask agents about.
type Meetings interface {
	// Visible returns a meeting that the actor may see. NotFound MEETING_NOT_FOUND, Forbidden.
	Visible(ctx context.Context, actor kernel.Principal, id MeetingID) (Meeting, error)
}

// MeetingID names a meeting.
type MeetingID string

// String returns the canonical UUID text.
func (id MeetingID) String() string { return string(id) }

// Meeting is what an agent needs to know of a meeting before it sees the transcript.
type Meeting struct {
	ID   MeetingID
	Type agents.MeetingType
}
