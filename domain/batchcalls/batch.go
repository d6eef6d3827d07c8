package batchcalls

import (
	"encoding/json"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ChunkSize is the most recipients that the provider takes in one batch.
const ChunkSize = 10_000

// Kind tells where a batch came from.
type Kind string

// Kinds of batches.
const (
	Submitted Kind = "submitted" // one request names everybody, and all are dialled as soon as the provider can
	Campaign  Kind = "campaign"  // people are dialled as its rules allow
	Adopted   Kind = "adopted"   // made elsewhere on the provider's account, and asked about here
)

// Status is where a batch is, as callers see it. Draft and paused are a campaign's only.
type Status string

// Statuses of a batch.
const (
	Draft      Status = "draft"
	Pending    Status = "pending"
	InProgress Status = "in_progress"
	Paused     Status = "paused"
	Completed  Status = "completed"
	Failed     Status = "failed"
	Cancelled  Status = "cancelled"
)

// IsFinal reports whether nothing more will happen by itself.
func (s Status) IsFinal() bool { return s == Completed || s == Failed || s == Cancelled }

// Batch is a number of people whom a voice agent calls.
type Batch struct {
	ID          BatchID
	PublicID    string // what callers know it by
	Workspace   kernel.WorkspaceID
	Kind        Kind
	Name        string
	Agent       string          // the provider's ID of the voice agent
	PhoneNumber string          // the provider's ID of the number that calls
	Options     json.RawMessage // an object: what the caller passes on to the provider beside these; nil for none
	ScheduledAt time.Time       // zero: as soon as it is there
	Status      Status
	StoppedAt   time.Time       // the stop flag: nothing is sent to the provider any more; zero while it is down
	Head        json.RawMessage // an object: the provider's last words about (the first chunk of) it; nil before any
	Total       int             // recipients, those who may not be called included
	Excluded    int             // of Total, whom the do-not-call list keeps from being dialled
	Dispatched  int             // calls that the provider has begun
	Finished    int             // calls that have ended
	Version     int64           // grows with every change of the batch, its chunks or its recipients
	CreatedBy   kernel.RepID    // empty for a service
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// ChunkStatus is what is known about one request to the provider.
type ChunkStatus string

// Statuses of a chunk. Only the step from stored to sending allows a request, and it is taken once: that is what makes sure
// that nobody is dialled twice.
const (
	Stored     ChunkStatus = "stored"     // not sent yet
	Sending    ChunkStatus = "sending"    // a request is on its way
	Accepted   ChunkStatus = "accepted"   // the provider has it
	Rejected   ChunkStatus = "rejected"   // the provider refused it, or was never reached: nobody was dialled
	Doubtful   ChunkStatus = "unknown"    // nobody knows whether the provider has it
	Absent     ChunkStatus = "absent"     // looked for twice and not there: a person may have it sent again
	Dropped    ChunkStatus = "cancelled"  // stopped before it was sent
	Superseded ChunkStatus = "superseded" // absent, and sent again as another chunk
)

// Chunk is one provider batch of a batch.
type Chunk struct {
	Batch       BatchID
	Ordinal     int // from 0
	Size        int // recipients in it
	Status      ChunkStatus
	ProviderID  string // empty until the provider has told it
	State       Status // of the provider's batch, while accepted
	SentAt      time.Time
	ErrorStatus int    // the provider's status of a refusal; 0 without an answer
	Error       string // what the provider said
	Sweeps      int    // times that it was looked for in vain, while doubtful
	Dispatched  int
	Finished    int
	NextLook    time.Time // when the provider is asked about it next; zero: not any more
	Looks       int       // times that the provider was asked
}

// IsOpen reports whether the chunk may still change by itself.
func (c Chunk) IsOpen() bool {
	switch c.Status {
	case Stored, Sending, Doubtful:
		return true
	case Accepted:
		return !c.State.IsFinal()
	default:
		return false
	}
}

// Overall tells a submitted batch's status from its chunks.
func Overall(stopped bool, chunks []Chunk) Status {
	var open, begun, completed, cancelled, failed int
	for _, c := range chunks {
		switch {
		case c.Status == Superseded:
		case c.Status == Accepted && c.State == Completed:
			completed++
		case c.Status == Dropped, c.Status == Accepted && c.State == Cancelled:
			cancelled++
		case c.Status == Rejected, c.Status == Absent, c.Status == Accepted && c.State == Failed:
			failed++
		case c.Status == Stored, c.Status == Accepted && c.State == Pending:
			open++
		default:
			begun++
		}
	}
	switch {
	case stopped:
		return Cancelled
	case begun > 0, open > 0 && completed+failed+cancelled > 0:
		return InProgress
	case open > 0:
		return Pending
	case completed > 0, failed+cancelled == 0:
		return Completed
	case failed > 0:
		return Failed
	default:
		return Cancelled
	}
}
