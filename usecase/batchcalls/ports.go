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

// Submissions writes what surrounds the request of a submitted batch to the provider. Both methods write what concurrent
// callers bring in one transaction.
type Submissions interface {
	// Begin stores a batch with its chunks and recipients, those who may not be called marked as excluded, or finds the batch
	// that an earlier submission with the same fingerprint made. Two at once with one fingerprint store one batch. It is on
	// disk when Begin returns.
	Begin(ctx context.Context, i Intent) (Begun, error)
	// Conclude stores what came of sending the only chunk of a batch, if that is still being sent, and tells whether the batch
	// was stopped meanwhile. A crash of the database may forget it: the chunk is then found again as one without an answer.
	Conclude(ctx context.Context, o Outcome) (stopped bool, err error)
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

// Outcome is what came of sending the only chunk of a batch.
type Outcome struct {
	Batch batchcalls.Batch // as it is unless it was stopped meanwhile
	Chunk batchcalls.Chunk
	// Forget tells that nobody was dialled: the same may be submitted again.
	Forget bool
}

// BatchRef names a batch in its workspace.
type BatchRef struct {
	Workspace kernel.WorkspaceID
	ID        batchcalls.BatchID
}

func refOf(b batchcalls.Batch) BatchRef { return BatchRef{Workspace: b.Workspace, ID: b.ID} }

// Batches keeps batches. Every method stays inside the given workspace.
type Batches interface {
	// Find returns the batch that callers know by an ID: its public one, or the provider's of one of its chunks.
	Find(ctx context.Context, ws kernel.WorkspaceID, publicID string) (batchcalls.Batch, bool, error)
	// Get returns a batch. NotFound CALL_BATCH_NOT_FOUND.
	Get(ctx context.Context, ref BatchRef) (batchcalls.Batch, error)
	// Lock is Get, and holds the batch until the transaction ends.
	Lock(ctx context.Context, ref BatchRef) (batchcalls.Batch, error)
	// Add stores a new batch.
	Add(ctx context.Context, b batchcalls.Batch) error
	// Save stores what changes of a batch, under its next version.
	Save(ctx context.Context, b batchcalls.Batch) error
}

// Fingerprints remembers submissions; see Intent.
type Fingerprints interface {
	// Forget lets the submission that made a batch be made again.
	Forget(ctx context.Context, ref BatchRef) error
	// ForgetExpired forgets submissions that need not be known again, some at a time.
	ForgetExpired(ctx context.Context, ws kernel.WorkspaceID, now time.Time) error
}

// Chunks keeps what is asked of the provider.
type Chunks interface {
	// Of returns a batch's chunks in order.
	Of(ctx context.Context, ref BatchRef) ([]batchcalls.Chunk, error)
	// Add stores a new chunk.
	Add(ctx context.Context, ws kernel.WorkspaceID, c batchcalls.Chunk) error
	// Save stores a chunk if its stored status is still from, and reports whether it was.
	Save(ctx context.Context, ws kernel.WorkspaceID, c batchcalls.Chunk, from batchcalls.ChunkStatus) (bool, error)
	// Due returns chunks whose next look has come, the longest waiting first.
	Due(ctx context.Context, ws kernel.WorkspaceID, now time.Time, limit int) ([]batchcalls.Chunk, error)
	// Open reports whether any chunk may still change by itself.
	Open(ctx context.Context, ws kernel.WorkspaceID) (bool, error)
}

// ChunkReads answers what is asked again and again about the chunks of a batch, of which a campaign may have thousands: what
// a look costs does not grow with what is over.
type ChunkReads interface {
	// One returns a chunk, false when there is none of this ordinal.
	One(ctx context.Context, ref BatchRef, ordinal int) (batchcalls.Chunk, bool, error)
	// Live returns the chunks that are looked at again, in order: all that may change by themselves.
	Live(ctx context.Context, ref BatchRef) ([]batchcalls.Chunk, error)
	// Next returns the ordinal that the next chunk gets.
	Next(ctx context.Context, ref BatchRef) (int, error)
	// OrdinalOf returns which chunk a batch of the provider's is, false when it is none.
	OrdinalOf(ctx context.Context, ref BatchRef, providerID string) (int, bool, error)
}

// Recipients keeps the people of batches.
type Recipients interface {
	// Read calls fn for a batch's recipients in order of position; of one chunk when it is not negative. Their statuses are
	// their own, not their chunk's.
	Read(ctx context.Context, ref BatchRef, chunk int, fn func(batchcalls.Recipient) error) error
	// Add stores recipients.
	Add(ctx context.Context, ws kernel.WorkspaceID, people []batchcalls.Recipient) error
	// MoveTo puts those recipients of a chunk whom nobody has dialled into another, and returns how many.
	MoveTo(ctx context.Context, ref BatchRef, from, to int) (int, error)
}

// Calls follows what becomes of the calls to them.
type Calls interface {
	// States is Recipients.Read without the bodies.
	States(ctx context.Context, ref BatchRef, chunk int, fn func(batchcalls.Recipient) error) error
	// Advance stores news about calls, by position. Positions that it does not name stay as they are.
	Advance(ctx context.Context, ref BatchRef, at time.Time, news []News) error
	// OfConversation finds whose call a conversation is.
	OfConversation(ctx context.Context, ws kernel.WorkspaceID, conversation string) (batchcalls.Recipient, bool, error)
	// OfRef finds the recipient of a batch whom the provider knows by an ID, our own or the caller's.
	OfRef(ctx context.Context, ref BatchRef, publicRef string) (batchcalls.Recipient, bool, error)
}

// News is what is known anew about a call.
type News struct {
	Position     int
	Chunk        int // that the call was in: of somebody who was called again since, this is no news
	Status       batchcalls.CallStatus
	Conversation string
}

// Provider dials. Its errors are *Refusal, also where it answers with something that is no batch; nothing is sent twice by it.
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
	Data         json.RawMessage // an object: what the agent was told about the person; nil for nothing
}

// Refusal is what a provider's failure comes down to.
type Refusal struct {
	Status  int    // of its answer, 0 without one
	Message string // for people: what it said, never a phone number of ours; "" when it said nothing
	// Doubtful tells that the request may have taken effect nevertheless.
	Doubtful bool
	// RetryIn is how long the provider asks to wait, 0 when it does not say.
	RetryIn time.Duration
	Cause   error // for the log
}

// Statuses of the provider's answers that mean something here (RFC 9110 §15, RFC 6585 §4).
const (
	statusBadRequest      = 400 // of a cancellation: the batch is over
	statusNotFound        = 404
	statusTooManyRequests = 429
)

// Error says what failed, without the message: that is the provider's.
func (r *Refusal) Error() string { return "ask the calls' provider: " + r.Cause.Error() }

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Cause }
