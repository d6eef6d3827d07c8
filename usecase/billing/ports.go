// Package billinguc records what the system uses at vendors and tells what it costs. See README.md.
package billinguc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Ledger keeps entries. Nothing is ever changed or deleted in it.
type Ledger interface {
	// Add stores entries in the caller's transaction, except those whose source has one of that kind already.
	Add(ctx context.Context, entries []billing.Usage) error
}

// Reports sums entries up, inside one workspace.
type Reports interface {
	// OfMeeting returns what one meeting used, dearest first.
	OfMeeting(ctx context.Context, ws kernel.WorkspaceID, meeting string) ([]billing.Line, error)
	// Of returns what the workspace used in a period, dearest first.
	Of(ctx context.Context, ws kernel.WorkspaceID, p billing.Period) ([]billing.Line, error)
	// Dearest returns the meetings that cost most in a period, at most limit.
	Dearest(ctx context.Context, ws kernel.WorkspaceID, p billing.Period, limit int) ([]billing.MeetingCost, error)
	// Average returns what the meetings cost that a notetaker or a model worked on in a period.
	Average(ctx context.Context, ws kernel.WorkspaceID, p billing.Period) (billing.Average, error)
	// Zone returns the IANA name of the zone in which the workspace's months begin.
	Zone(ctx context.Context, ws kernel.WorkspaceID) (string, error)
}

// Meetings knows who may see a meeting.
type Meetings interface {
	// CanRead fails as reading the meeting would: NotFound MEETING_NOT_FOUND, Forbidden.
	CanRead(ctx context.Context, actor kernel.Principal, meeting string) error
}
