// Package identityuc decides who calls and what they may change about who may call: sales reps, API keys, workspaces
// and the way into the queue dashboard.
package identityuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Outside runs transactions outside any workspace: for what comes before a workspace is known, and for workspaces
// themselves.
type Outside interface {
	// System runs fn in one transaction that sees every workspace. Repositories work inside it as in any other.
	System(ctx context.Context, fn func(ctx context.Context) error) error
}

// Workspaces keeps tenants. Both methods belong into Outside.
type Workspaces interface {
	// Add stores a workspace. Conflict WORKSPACE_EXISTS when the slug is taken, or when there is a default one already
	// and this is to be another.
	Add(ctx context.Context, w identity.Workspace) error
	// Find returns the workspace with the slug; "" is the default one.
	Find(ctx context.Context, slug string) (identity.Workspace, bool, error)
	// Get returns a workspace, also from inside it. NotFound WORKSPACE_NOT_FOUND.
	Get(ctx context.Context, ws kernel.WorkspaceID) (identity.Workspace, error)
}

// Reps keeps sales reps. Every method stays inside the given workspace.
type Reps interface {
	// Add stores a rep and returns it, or the rep that has the e-mail already: of two at once, one wins.
	Add(ctx context.Context, rep identity.Rep) (identity.Rep, error)
	// Get returns a rep, also a deactivated one. NotFound SALES_REP_NOT_FOUND.
	Get(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID) (identity.Rep, error)
	// FindByEmail returns the rep with the e-mail, also a deactivated one.
	FindByEmail(ctx context.Context, ws kernel.WorkspaceID, email identity.Email) (identity.Rep, bool, error)
	// List returns the reps by name, the deactivated ones only when asked for, and the cursor of the next page, "" on the
	// last.
	List(ctx context.Context, ws kernel.WorkspaceID, includeInactive bool, page kernel.Page) ([]identity.Rep, kernel.Cursor, error)
}

// RepWriter changes reps. A transaction that needs both locks takes the administrators' first, or two could wait for
// each other.
type RepWriter interface {
	// LockAdmins returns the active administrators and keeps others from changing them until the transaction ends.
	LockAdmins(ctx context.Context, ws kernel.WorkspaceID) ([]identity.Rep, error)
	// Lock returns a rep and keeps others from changing it until the transaction ends. NotFound SALES_REP_NOT_FOUND.
	Lock(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID) (identity.Rep, error)
	// Save writes name, administrator flag, deactivation and the owner in the CRM.
	Save(ctx context.Context, rep identity.Rep) error
}

// CRMOwners knows the owners in the workspace's CRM. Every method may fail with Unavailable HUBSPOT_NOT_CONFIGURED, and
// with Upstream HUBSPOT_ERROR or RateLimited to be tried again later.
type CRMOwners interface {
	// FindOwner returns the active owner with that address.
	FindOwner(ctx context.Context, email identity.Email) (identity.Owner, bool, error)
	// GetOwner returns the active owner with that ID. Invalid HUBSPOT_OWNER_NOT_FOUND.
	GetOwner(ctx context.Context, id string) (identity.Owner, error)
	// ListOwners returns every active owner.
	ListOwners(ctx context.Context) ([]identity.Owner, error)
}

// Keys keeps API keys.
type Keys interface {
	// Add stores a key.
	Add(ctx context.Context, key identity.Key) error
	// List returns the workspace's keys, newest first, at most kernel.MaxPageSize.
	List(ctx context.Context, ws kernel.WorkspaceID) ([]identity.Key, error)
	// Revoke ends a key and reports whether there was an unrevoked one.
	Revoke(ctx context.Context, ws kernel.WorkspaceID, id identity.KeyID, at time.Time) (bool, error)
	// FindByHash returns an unrevoked key of any workspace, and notes the use when the last noted one is some minutes
	// old. It belongs into Outside.
	FindByHash(ctx context.Context, hash identity.Hash, at time.Time) (identity.Key, bool, error)
}

// AdminAccess keeps the links and sessions of the dashboard. All but AddLink belong into Outside.
type AdminAccess interface {
	AddLink(ctx context.Context, link identity.AdminLink) error
	// Redeem uses up a link, once, and reports whether it was good at the time.
	Redeem(ctx context.Context, hash identity.Hash, at time.Time) (identity.AdminLink, bool, error)
	AddSession(ctx context.Context, session identity.AdminSession) error
	// FindSession returns a session that has not ended.
	FindSession(ctx context.Context, hash identity.Hash, at time.Time) (identity.AdminSession, bool, error)
}

// Changes tells every process what has to be looked up anew.
type Changes interface {
	// Announce tells it when the caller's transaction commits, and only then.
	Announce(ctx context.Context, c Change) error
	// Settle returns once every listening process has forgotten what was announced before. When one does not answer in
	// time it gives up silently: that process has lost its connection and trusts its memory no longer.
	Settle(ctx context.Context)
}

// TokenVerifier knows one kind of bearer token.
type TokenVerifier interface {
	// Verify returns what a good token says. Unauthenticated UNAUTHORIZED when it is not good, or not of this kind;
	// Unavailable when that cannot be told now.
	Verify(ctx context.Context, token string) (Claims, error)
}

// Claims are what a token says about its bearer.
type Claims struct {
	Email string // proven to be the bearer's
	Name  string // as the bearer likes it; "" when unknown
}
