// Package agentsuc holds what can be done with a workspace's AI agents: see them, change what they are told and how they
// run, try them. See README.md for the model, its states and its invariants.
package agentsuc

import (
	"context"
	"time"

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

// Versions keeps what agents were told, for good. It runs as Agents does.
type Versions interface {
	// Add stores a new version of an agent whose row the transaction holds.
	Add(ctx context.Context, ws kernel.WorkspaceID, key agents.Key, v agents.Version) error
	// Latest returns the newest versions, newest first, at most limit, with the names of who wrote them.
	Latest(ctx context.Context, ws kernel.WorkspaceID, key agents.Key, limit int) ([]agents.Version, error)
}

// ModelNotices keeps what became known of models: that the provider refuses one, that one will end. It runs as Agents does.
type ModelNotices interface {
	// Add stores a notice and reports whether it is news.
	Add(ctx context.Context, n ModelNotice) (bool, error)
	// Retired returns the models that the provider refuses to the workspace.
	Retired(ctx context.Context, ws kernel.WorkspaceID) ([]string, error)
	// Remove forgets that models were refused: the provider lists them again.
	Remove(ctx context.Context, ws kernel.WorkspaceID, models []string) error
}

// ModelNotice is one thing that became known of a model.
type ModelNotice struct {
	Workspace kernel.WorkspaceID
	Model     string
	About     Notice
	At        time.Time
}

// Notice is what became known.
type Notice string

// Notices.
const (
	NoticeRetired Notice = "retired" // it answers no more
	NoticeEnding  Notice = "ending"  // its end is announced
)

// Prices knows what models cost.
type Prices interface {
	// Of returns the published price of a model that holds now, if there is one.
	Of(model string) (ModelPrice, bool)
}

// ModelPrice is what a million tokens cost, in US dollars.
type ModelPrice struct {
	Input, Cached, Output float64
	AsOf                  time.Time
	Source                string
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
