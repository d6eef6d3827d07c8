// Package agentshttp serves the AI agents: those of a meeting, and the registry that admins keep.
package agentshttp

import (
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

const tag = "agents"

// Register registers the routes of agents.
func Register(api *httpserver.API, uc *agentsuc.UseCases) {
	registerOfMeeting(api, uc.Queries)
	registerSubtypes(api, uc.Queries)
	registerList(api, uc.Queries)
	registerModels(api, uc.Queries)
	registerDetail(api, uc.Queries)
	registerCreate(api, uc)
	registerEditInstructions(api, uc)
	registerSetQuestions(api, uc)
	registerSetModel(api, uc)
	registerSetParams(api, uc)
	registerRename(api, uc)
	registerArchive(api, uc)
	registerKnowledge(api, uc.Knowledge)
	registerLearning(api, uc.Learning)
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

// OneAgent is the input of an operation on one agent.
type OneAgent struct {
	httpserver.Caller

	Key string `path:"key" maxLength:"60" doc:"The agent's key." example:"seguimiento_general"`
}

// agent returns the key; what is no key names no agent.
func (in OneAgent) agent() agents.Key { return agents.Key(in.Key) }

// detailOutput is what every operation that answers one agent answers.
type detailOutput struct {
	ETag string `header:"ETag" doc:"The version of the instructions, for If-Match."`
	Body tertulia.AgentDetail
}

func detailAnswer(d agentsuc.Detail) *detailOutput {
	return &detailOutput{ETag: strconv.Quote(strconv.Itoa(d.Agent.Version)), Body: toAPIDetail(d)}
}

// versionOf reads If-Match: a version, quoted or not; "" and "*" are whatever it is.
func versionOf(ifMatch string) (int, error) {
	text := strings.Trim(strings.TrimPrefix(strings.TrimSpace(ifMatch), "W/"), `"`)
	if text == "" || text == "*" {
		return 0, nil
	}
	version, err := strconv.Atoi(text)
	var f fault.Fields
	f.Require(err == nil && version > 0, "If-Match", fault.BadFormat, "expected", `"2"`)
	return version, f.Err()
}

// errorsOfOne are the codes of every operation on one agent.
func errorsOfOne(more ...fault.Code) []fault.Code {
	return append([]fault.Code{fault.ForbiddenCode, agents.AgentNotFound}, more...)
}
