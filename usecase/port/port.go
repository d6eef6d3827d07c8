// Package port declares what every capability's use cases need from the outside: transactions, jobs, events,
// idempotency, time and identifiers. A capability's own needs are declared in its own ports.go.
package port

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Transactor runs units of work.
type Transactor interface {
	// InTx runs fn in one transaction that sees and writes only ws. It commits when fn returns nil; a failed commit is
	// an error. A call inside another InTx of the same workspace joins it, and an inner error marks the whole for
	// rollback. Inside a job, a transaction of a worker that has lost its lease is refused. No network call inside.
	InTx(ctx context.Context, ws kernel.WorkspaceID, fn func(ctx context.Context) error) error
}

// Reader runs reads outside a transaction.
type Reader interface {
	// Read gives fn a context in which every query sees only ws. Each query stands alone: use InTx for a snapshot.
	Read(ctx context.Context, ws kernel.WorkspaceID, fn func(ctx context.Context) error) error
}

// Clock tells the time. Tests move it.
type Clock interface {
	// Now returns the time in UTC.
	Now() time.Time
}

// IDs makes identifiers.
type IDs interface {
	// New returns a fresh UUIDv7 in its canonical form.
	New() string
}
