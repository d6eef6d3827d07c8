package batchcallsuc

import (
	"context"
	"encoding/json"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// VendorOwner tells to whom the configured account at the provider belongs.
type VendorOwner interface {
	// VendorWorkspace returns that workspace.
	VendorWorkspace(ctx context.Context) (kernel.WorkspaceID, error)
}

// Submissions writes what surrounds a request to the provider. Both methods are durable when they return, and write what
// concurrent callers bring in one transaction.
type Submissions interface {
	// Begin stores a batch with its chunks and recipients, those who may not be called marked as excluded, or finds the batch
	// that an earlier submission with the same fingerprint made. Two at once with one fingerprint store one batch.
	Begin(ctx context.Context, i Intent) (Begun, error)
	// Conclude stores what came of sending a chunk, if it is still being sent.
	Conclude(ctx context.Context, o Outcome) error
}

// Intent is a batch about to be sent, complete.
type Intent struct {
	Batch      batchcalls.Batch
	Chunks     []batchcalls.Chunk
	Recipients []batchcalls.Recipient // in order of position
	// Fingerprint tells submissions apart: an Idempotency-Key, or the hash of the body. Empty: it is like no other.
	Fingerprint string
	BodyHash    string
	Until       time.Time // when the fingerprint is forgotten
}

// Begun is what an intent has led to.
type Begun struct {
	Excluded map[int]bool      // positions that the do-not-call list keeps from being dialled
	Earlier  *batchcalls.Batch // made by an earlier submission; nothing was stored then
	// OtherBody tells that the earlier submission with the same key was another.
	OtherBody bool
}

// Outcome is what came of sending a chunk.
type Outcome struct {
	Batch BatchRef
	Chunk batchcalls.Chunk // with its new status
	Head  json.RawMessage  // what the provider said of its batch; nil when nothing
}

// BatchRef names a batch in its workspace.
type BatchRef struct {
	Workspace kernel.WorkspaceID
	ID        batchcalls.BatchID
}

// Batches keeps batches and their chunks. Every method stays inside the given workspace.
type Batches interface {
	// Find returns the batch that callers know by an ID: its public one, or the provider's of one of its chunks.
	Find(ctx context.Context, ws kernel.WorkspaceID, publicID string) (batchcalls.Batch, bool, error)
	// Get returns a batch. NotFound CALL_BATCH_NOT_FOUND.
	Get(ctx context.Context, ref BatchRef) (batchcalls.Batch, error)
	// Lock is Get, and holds the batch until the transaction ends.
	Lock(ctx context.Context, ref BatchRef) (batchcalls.Batch, error)
	// Save stores what changes of a batch, under its next version.
	Save(ctx context.Context, b batchcalls.Batch) error
	// Chunks returns a batch's chunks in order.
	Chunks(ctx context.Context, ref BatchRef) ([]batchcalls.Chunk, error)
}

// Chunks changes chunks.
type Chunks interface {
	// Add stores a chunk.
	Add(ctx context.Context, ws kernel.WorkspaceID, c batchcalls.Chunk) error
	// Save stores a chunk if its stored status is still from, and reports whether it was.
	Save(ctx context.Context, ws kernel.WorkspaceID, c batchcalls.Chunk, from batchcalls.ChunkStatus) (bool, error)
	// Due returns open chunks whose next look has come, the longest waiting first.
	Due(ctx context.Context, ws kernel.WorkspaceID, now time.Time, limit int) ([]batchcalls.Chunk, error)
	// NextLook tells when the next open chunk is due, false when none is open.
	NextLook(ctx context.Context, ws kernel.WorkspaceID) (time.Time, bool, error)
}

// Recipients keeps the people of batches.
type Recipients interface {
	// Read calls fn for a batch's recipients in order of position; of one chunk when it is not negative.
	Read(ctx context.Context, ref BatchRef, chunk int, fn func(batchcalls.Recipient) error) error
	// Advance stores news about calls, by position. Positions that it does not name stay as they are.
	Advance(ctx context.Context, ref BatchRef, at time.Time, news []News) error
	// MoveAll sets the status of all recipients of a chunk that are in one of the given statuses, and returns how many.
	MoveAll(ctx context.Context, ref BatchRef, chunk int, at time.Time, to batchcalls.CallStatus, from ...batchcalls.CallStatus) (int, error)
	// OfConversation finds whose call a conversation is.
	OfConversation(ctx context.Context, ws kernel.WorkspaceID, conversation string) (batchcalls.Recipient, bool, error)
	// OfChunk finds a recipient of a chunk by the ID that the provider knows it by.
	OfChunk(ctx context.Context, ref BatchRef, ordinal int, publicRef string) (batchcalls.Recipient, bool, error)
}

// News is what is known anew about a call.
type News struct {
	Position     int
	Status       batchcalls.CallStatus
	Conversation string
}

// Provider dials. Its errors are *Refusal; nothing is sent twice by it.
type Provider interface {
	// Submit asks for calls. The request holds everything that the caller passed on and the recipients' bodies.
	Submit(ctx context.Context, s Submission) (ProviderBatch, error)
	// Get returns a batch with its recipients.
	Get(ctx context.Context, id string) (ProviderBatch, error)
	// Cancel stops a batch. Calls that run go on to their end.
	Cancel(ctx context.Context, id string) (ProviderBatch, error)
	// List returns a page of the account's batches, newest first, and the cursor of the next, "" after the last.
	List(ctx context.Context, cursor string) (page []ProviderBatch, next string, err error)
}

// Submission is a request for calls.
type Submission struct {
	Name, Agent, PhoneNumber string
	ScheduledAt              time.Time // zero: now
	Options                  json.RawMessage
	Recipients               []json.RawMessage
}

// ProviderBatch is a batch as the provider has it.
type ProviderBatch struct {
	ID, Name, Agent, PhoneNumber    string
	Status                          batchcalls.Status
	CreatedAt, ScheduledAt          time.Time
	Scheduled, Dispatched, Finished int
	Head                            json.RawMessage // the whole answer but the recipients, an object
	Recipients                      []ProviderRecipient
}

// ProviderRecipient is a call as the provider has it.
type ProviderRecipient struct {
	Ref          string
	Phone        string
	Status       batchcalls.CallStatus
	Conversation string
	Body         json.RawMessage // an object: as it could be submitted again
}

// Refusal is what a provider's failure comes down to.
type Refusal struct {
	Status  int    // of its answer, 0 without one
	Message string // for people: what it said, never a phone number of ours; "" when it said nothing
	// Doubtful tells that the request may have taken effect nevertheless.
	Doubtful bool
	Cause    error // for the log
}

// Error says what failed, without the message: that is the provider's.
func (r *Refusal) Error() string { return "ask the calls' provider: " + r.Cause.Error() }

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Cause }
