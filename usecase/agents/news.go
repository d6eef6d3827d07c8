package agentsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Events of models. Their payload is ModelEvent.
const (
	EventModelRetired = "model.retired" // it answers no more, and its successor does
	EventModelEnding  = "model.ending"  // its end is announced
)

// ModelEvent is what happened to a model that agents run on.
type ModelEvent struct {
	Model     string         `json:"model"`
	Successor string         `json:"successor,omitempty"`
	Shutdown  string         `json:"shutdown,omitempty"` // a date
	Admins    []kernel.RepID `json:"admins"`             // whom it concerns
}

// Admins knows who keeps a workspace's agents. It runs as Agents does.
type Admins interface {
	// Admins returns the active administrators.
	Admins(ctx context.Context, ws kernel.WorkspaceID) ([]kernel.RepID, error)
}

// news tells admins of models, each thing once.
type news struct {
	notices ModelNotices
	admins  Admins
	events  port.Events
	clock   port.Clock
}

// tell stores the notice and its event in the caller's transaction, unless it is known already.
func (n *news) tell(ctx context.Context, ws kernel.WorkspaceID, about Notice, m agents.Model) error {
	isNew, err := n.notices.Add(ctx, ModelNotice{Workspace: ws, Model: m.Name, About: about, At: n.clock.Now()})
	if err != nil || !isNew {
		return err
	}
	e := ModelEvent{Model: m.Name, Successor: m.Successor}
	if !m.ShutdownAt.IsZero() {
		e.Shutdown = m.ShutdownAt.Format(time.DateOnly)
	}
	if e.Admins, err = n.admins.Admins(ctx, ws); err != nil {
		return err
	}
	eventType := EventModelEnding
	if about == NoticeRetired {
		eventType = EventModelRetired
	}
	return n.events.Record(ctx, port.Event{Workspace: ws, Stream: "model/" + m.Name, Type: eventType, Payload: e})
}
