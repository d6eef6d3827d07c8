package agentsuc

import "github.com/tertulia-dev/tertulia/domain/agents"

// WriteLessons brings the file of an agent's lessons up to date in its store.
type WriteLessons struct {
	Agent agents.Key `json:"agent"`
}

// Kind implements port.Job.
func (WriteLessons) Kind() string { return "write_agent_lessons" }

// Unique allows one pending writing an agent: one that runs already may have read the lessons before, so it is no reason
// not to write again.
func (j WriteLessons) Unique() string { return j.Agent.String() }
