// Package agentshttp serves the AI agents: those of a meeting, and the registry that admins keep.
package agentshttp

import (
	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

const tag = "agents"

// Register registers the routes of agents.
func Register(api *httpserver.API, uc *agentsuc.UseCases) {
	registerOfMeeting(api, uc.Queries)
	registerList(api, uc.Queries)
}

type callerInput struct{ httpserver.Caller }

// OneMeeting is the input of an operation on one meeting's agents.
type OneMeeting struct {
	httpserver.Caller

	ID string `path:"id" doc:"The meeting's ID." example:"8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6"`
}

// meeting returns the ID; what is no ID names no meeting.
func (in OneMeeting) meeting() (agentsuc.MeetingID, error) {
	id, err := kernel.ParseID[agentsuc.MeetingID](in.ID)
	if err != nil {
		return "", fault.New(fault.NotFound, agents.MeetingNotFound)
	}
	return id, nil
}
