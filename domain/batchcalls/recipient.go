package batchcalls

import (
	"encoding/json"
	"time"
)

// CallStatus is where the call to one person is. The finer ones are shown as Shown tells on the original's routes.
type CallStatus string

// Statuses of a call.
const (
	CallPending    CallStatus = "pending"    // the provider has not begun with it
	CallDispatched CallStatus = "dispatched" // the provider is about to dial
	CallInitiated  CallStatus = "initiated"  // it rings
	CallInProgress CallStatus = "in_progress"
	CallCompleted  CallStatus = "completed"
	CallVoicemail  CallStatus = "voicemail"
	CallNoAnswer   CallStatus = "no_answer"
	CallBusy       CallStatus = "busy"
	CallFailed     CallStatus = "failed"
	CallCancelled  CallStatus = "cancelled"
	CallUnknown    CallStatus = "unknown" // nobody knows whether the provider has it, or how it ended
	CallExcluded   CallStatus = "do_not_call"
)

// IsFinal reports whether the attempt is over. An unknown one is not: it is looked for.
func (s CallStatus) IsFinal() bool {
	switch s {
	case CallCompleted, CallVoicemail, CallNoAnswer, CallBusy, CallFailed, CallCancelled, CallExcluded:
		return true
	default:
		return false
	}
}

// Shown is the coarse status that clients of the original service know.
func (s CallStatus) Shown() Status {
	switch s {
	case CallPending:
		return Pending
	case CallCompleted, CallVoicemail:
		return Completed
	case CallNoAnswer, CallBusy, CallFailed:
		return Failed
	case CallCancelled, CallExcluded:
		return Cancelled
	default:
		return InProgress
	}
}

// rank orders statuses by how far a call has come, so that late news changes nothing.
func (s CallStatus) rank() int {
	switch s {
	case CallPending:
		return 0
	case CallDispatched:
		return 1
	case CallInitiated:
		return 2
	case CallInProgress:
		return 3
	case CallUnknown:
		return 4 // given up: only its end is news
	case CallCancelled, CallFailed, CallCompleted:
		return 5 // what the list of the provider's batch can say
	default:
		return 6 // why, as only the event of the call itself tells
	}
}

// Supersedes reports whether news that a call is at s counts for one that is known to be at old: it has come further, or
// tells more exactly how it ended. That nobody knows is never news.
func (s CallStatus) Supersedes(old CallStatus) bool { return s != CallUnknown && s.rank() > old.rank() }

// Recipient is one person of a batch and the latest attempt to call it.
type Recipient struct {
	Batch        BatchID
	Position     int // in the caller's list, from 0
	Chunk        int // the ordinal; -1 while in none
	Phone        Phone
	Ref          string          // the caller's own ID; empty when it gave none
	Body         json.RawMessage // an object: what the provider is sent, complete
	Status       CallStatus
	Conversation string // the provider's ID of the call, once there is one
	Attempts     int    // requests to the provider that named this person
	UpdatedAt    time.Time
}

// In is the status of a recipient of the chunk. While the provider has told nothing about the recipient itself, the chunk's
// fate is its own: that is what keeps ten thousand rows from being written twice.
func (r Recipient) In(c Chunk) CallStatus {
	if r.Status != CallPending {
		return r.Status
	}
	switch c.Status {
	case Doubtful, Absent:
		return CallUnknown
	case Rejected:
		return CallFailed
	case Dropped:
		return CallCancelled
	case Accepted:
		if c.State == Cancelled {
			return CallCancelled
		}
	}
	return CallPending
}

// PublicRef is the ID that callers and the provider know the recipient by.
func (r Recipient) PublicRef() string {
	if r.Ref != "" {
		return r.Ref
	}
	return r.Batch.RecipientRef(r.Position)
}
