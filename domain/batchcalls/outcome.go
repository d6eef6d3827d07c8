package batchcalls

import "time"

// Outcome is what became of one call.
type Outcome struct {
	Conversation string // the provider's ID of the call
	Batch        BatchID
	Position     int
	Status       CallStatus
	Reason       string // why it ended, in the provider's words; "" when it does not say
	Successful   string // what the agent's own evaluation says: success, failure or unknown; "" for none
	Summary      string
	Seconds      int // that it lasted
	Transcript   []Turn
	Collected    map[string]string // what the agent has found out, by name
	EndedAt      time.Time
}

// Turn is what one side of a call says at a time.
type Turn struct {
	Role   string // agent or user
	Text   string
	Second int // from the beginning of the call
}
