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

	FileNotFound        fault.Code = "FILE_NOT_FOUND"
	TooManyFiles        fault.Code = "TOO_MANY_FILES"        // params: max
	FileIsGenerated     fault.Code = "FILE_IS_GENERATED"     // it is made of lessons: those are what can be taken back
	StoreHasFiles       fault.Code = "STORE_HAS_FILES"       // an agent with files of its own joins no other's store
	OpenAIError         fault.Code = "OPENAI_ERROR"          // the provider of models and stores failed or refused
	OpenAINotConfigured fault.Code = "OPENAI_NOT_CONFIGURED" // there is no key for the provider
)

// Rules that a field can break.
const (
	FileTypeRule    fault.Code = "FILE_TYPE"    // params: allowed
	FileContentRule fault.Code = "FILE_CONTENT" // params: expected
)

// NotFound is the answer for an agent that is not there, is archived, or is not of the kind that is asked for.
func NotFound() error { return fault.New(fault.NotFound, AgentNotFound) }
