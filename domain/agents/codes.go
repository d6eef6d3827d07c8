package agents

import "github.com/tertulia-dev/tertulia/domain/fault"

// Codes of the agents capability.
const (
	AgentNotFound   fault.Code = "AGENT_NOT_FOUND"
	VersionConflict fault.Code = "VERSION_CONFLICT" // params: version, the current one
	AgentExists     fault.Code = "AGENT_EXISTS"
	AgentLimit      fault.Code = "AGENT_LIMIT_REACHED"       // params: max
	NoFileSearch    fault.Code = "MODEL_WITHOUT_FILE_SEARCH" // params: model
	MeetingNotFound fault.Code = "MEETING_NOT_FOUND"
)

// NotFound is the answer for an agent that is not there, is archived, or is not of the kind that is asked for.
func NotFound() error { return fault.New(fault.NotFound, AgentNotFound) }
