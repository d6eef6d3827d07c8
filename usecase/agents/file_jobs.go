package agentsuc

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
)

// SettleFile brings a file to where it should be: read to its end, or gone.
type SettleFile struct {
	File  agents.FileID `json:"file"`
	Round int           `json:"round"`
}

// Kind implements port.Job.
func (SettleFile) Kind() string { return "settle_agent_file" }

// Unique allows one pending look a file.
func (j SettleFile) Unique() string { return j.File.String() }

// TidyStores deletes the stores that were made for an agent and are nobody's.
type TidyStores struct {
	Agent agents.Key `json:"agent"`
}

// Kind implements port.Job.
func (TidyStores) Kind() string { return "tidy_agent_stores" }

// Unique allows one pending tidying an agent.
func (j TidyStores) Unique() string { return j.Agent.String() }

// RestoreStore makes a store again that is gone at the provider.
type RestoreStore struct {
	Store string `json:"store"` // the provider's
}

// Kind implements port.Job.
func (RestoreStore) Kind() string { return "restore_agent_store" }

// Unique allows one pending restoration a store.
func (j RestoreStore) Unique() string { return j.Store }

const (
	// uploadLimit is how long an upload may take; what is on its way for longer has been given up.
	uploadLimit = 5 * time.Minute
	// storeAge is how old a store has to be before it is nobody's: making one and noting it takes seconds.
	storeAge = 10 * time.Minute
	// clockSlack is how far the provider's clock may be behind ours.
	clockSlack = time.Hour
	// firstLook and lastLook bound the pause between two looks at a file that the provider reads.
	firstLook, lastLook = time.Second, time.Minute
)

// nextLook is the pause before a look: twice that of the round before.
func nextLook(round int) time.Duration {
	return min(firstLook<<min(max(round, 0), 10), lastLook)
}
