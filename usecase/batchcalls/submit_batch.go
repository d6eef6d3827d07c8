// Package batchcallsuc is what can be done about batch calls: submitting a batch so that nobody is dialled twice, following
// it, stopping it, and finding out what became of a request that was never answered.
package batchcallsuc

import (
	"encoding/json"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// SubmitInput is a batch that a caller wants dialled. The edge has checked its shape; see batchcallshttp.
type SubmitInput struct {
	Actor       kernel.Principal // without a workspace: anonymous, in the default one
	Name        string
	Agent       string
	PhoneNumber string
	ScheduledAt time.Time       // zero: now
	Options     json.RawMessage // an object of what else the provider is told; nil for nothing
	Recipients  []SubmitRecipient
	Key         string // Idempotency-Key; empty for none
	BodyHash    string // hex SHA-256 of what was asked for
	Force       bool   // dial although the same was asked for a moment ago
}

// SubmitRecipient is one person to be called.
type SubmitRecipient struct {
	Phone batchcalls.Phone
	Ref   string // the caller's own ID; empty for none
	// Body is what the provider is sent, an object. Without a Ref it has no "id" yet: the use case puts one in front.
	Body json.RawMessage
}

// Submitted is what came of it.
type Submitted struct {
	Batch      batchcalls.Batch
	Duplicates []Duplicate // recipients whose number an earlier one has: left out
	Repeated   bool        // the same was asked for before, and this is the batch that it made
	Refusal    *Refusal    // why the first request to the provider failed, nil when it did not
}

// Duplicate is a recipient that was left out.
type Duplicate struct {
	Index int // in the caller's list, from 0
	First int // index of the one with the same number
}

