package port

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Event is something that became true. Its payload is plain data that encodes to JSON.
type Event struct {
	Workspace kernel.WorkspaceID
	Stream    string // the aggregate, as in "meeting/<id>"
	Type      string // as in "meeting.completed"
	Payload   any
}

// Events keeps what happened.
type Events interface {
	// Record stores the event in the caller's transaction, as the next version of its stream. The caller holds the
	// aggregate's row lock, so that versions follow the order of what happened.
	Record(ctx context.Context, e Event) error
}

// IdempotencyKey is a caller's promise that two requests are one.
type IdempotencyKey struct {
	Scope    string // operation and caller, so that two callers' keys never meet
	Key      string // as the caller sent it; empty means none
	BodyHash string // hex SHA-256 of the request body
}

// Idempotency remembers what a key has led to.
type Idempotency interface {
	// Reserve ties the key to answer in the caller's transaction and returns "", or returns the answer that an earlier
	// transaction tied to it. Conflict IDEMPOTENCY_KEY_REUSED when the earlier body was another. An empty key reserves
	// nothing. A concurrent request with the same key waits for the first to end.
	Reserve(ctx context.Context, ws kernel.WorkspaceID, key IdempotencyKey, answer string) (earlier string, err error)
	// Release forgets the key in the caller's transaction: what it led to was undone.
	Release(ctx context.Context, ws kernel.WorkspaceID, key IdempotencyKey) error
}
