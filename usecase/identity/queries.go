package identityuc

import (
	"context"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Queries reads who is in a workspace.
type Queries struct {
	reader     port.Reader
	workspaces Workspaces
	reps       Reps
	keys       Keys
}

// NewQueries makes the reads.
func NewQueries(reader port.Reader, workspaces Workspaces, reps Reps, keys Keys) *Queries {
	return &Queries{reader: reader, workspaces: workspaces, reps: reps, keys: keys}
}

// Me returns the caller. Invalid MISSING_SALES_REP_EMAIL for a service that names nobody.
func (q *Queries) Me(ctx context.Context, p kernel.Principal) (identity.Rep, error) {
	if p.Rep == "" {
		return identity.Rep{}, nobody(p)
	}
	return q.Rep(ctx, p.Workspace, p.Rep)
}

// Rep returns a rep, also a deactivated one, for other capabilities, which decide who may see it.
// NotFound SALES_REP_NOT_FOUND.
func (q *Queries) Rep(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID) (rep identity.Rep, err error) {
	err = q.reader.Read(ctx, ws, func(ctx context.Context) error {
		rep, err = q.reps.Get(ctx, ws, id)
		return err
	})
	return rep, err
}

// Workspace returns a workspace, for its time zone and its language. NotFound WORKSPACE_NOT_FOUND.
func (q *Queries) Workspace(ctx context.Context, ws kernel.WorkspaceID) (w identity.Workspace, err error) {
	err = q.reader.Read(ctx, ws, func(ctx context.Context) error {
		w, err = q.workspaces.Get(ctx, ws)
		return err
	})
	return w, err
}

// ListReps returns the reps by name, the deactivated ones only when asked for, and the cursor of the next page.
// Administrators only: Forbidden.
func (q *Queries) ListReps(ctx context.Context, p kernel.Principal, includeInactive bool, page kernel.Page) (reps []identity.Rep, next kernel.Cursor, err error) {
	if err := adminsOnly(p); err != nil {
		return nil, "", err
	}
	err = q.reader.Read(ctx, p.Workspace, func(ctx context.Context) error {
		reps, next, err = q.reps.List(ctx, p.Workspace, includeInactive, page)
		return err
	})
	return reps, next, err
}

// FindRepByEmail returns the active rep with the e-mail. Every rep may ask.
// Invalid MISSING_PARAM or VALIDATION_ERROR for the e-mail; NotFound SALES_REP_NOT_FOUND.
func (q *Queries) FindRepByEmail(ctx context.Context, p kernel.Principal, raw string) (identity.Rep, error) {
	if p.Role < kernel.Rep {
		return identity.Rep{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	if strings.TrimSpace(raw) == "" {
		return identity.Rep{}, fault.New(fault.Invalid, fault.MissingParam).With("name", "email")
	}
	rep, err := q.byEmail(ctx, p.Workspace, raw)
	if err == nil && !rep.Active() {
		err = fault.New(fault.NotFound, identity.SalesRepNotFound)
	}
	if err != nil {
		return identity.Rep{}, err
	}
	return rep, nil
}

// AnyRepByEmail returns the rep with the e-mail, also a deactivated one. Administrators only: Forbidden. Errors otherwise
// as FindRepByEmail.
func (q *Queries) AnyRepByEmail(ctx context.Context, p kernel.Principal, raw string) (identity.Rep, error) {
	if err := adminsOnly(p); err != nil {
		return identity.Rep{}, err
	}
	return q.byEmail(ctx, p.Workspace, raw)
}

func (q *Queries) byEmail(ctx context.Context, ws kernel.WorkspaceID, raw string) (rep identity.Rep, err error) {
	email, ok := identity.ParseEmail(raw)
	if !ok {
		var f fault.Fields
		f.Add("email", fault.BadEmail)
		return identity.Rep{}, f.Err()
	}
	err = q.reader.Read(ctx, ws, func(ctx context.Context) error {
		found, ok, err := q.reps.FindByEmail(ctx, ws, email)
		if err == nil && !ok {
			err = fault.New(fault.NotFound, identity.SalesRepNotFound)
		}
		rep = found
		return err
	})
	return rep, err
}

// ListAPIKeys returns the workspace's newest keys. Administrators only: Forbidden.
func (q *Queries) ListAPIKeys(ctx context.Context, p kernel.Principal) (keys []identity.Key, err error) {
	if err := adminsOnly(p); err != nil {
		return nil, err
	}
	err = q.reader.Read(ctx, p.Workspace, func(ctx context.Context) error {
		keys, err = q.keys.List(ctx, p.Workspace)
		return err
	})
	return keys, err
}
