package identityuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// CreateWorkspaceInput is a new tenant and its first administrator.
type CreateWorkspaceInput struct {
	Name       string
	Slug       string
	Timezone   string // IANA name
	Language   string // es, en or pt
	IsDefault  bool
	AdminEmail string
	AdminName  string
}

// CreateWorkspace makes a tenant with its first administrator.
//
// Allowed: whoever runs the commands; there is no route to it.
// Errors: Invalid VALIDATION_ERROR; Conflict WORKSPACE_EXISTS when the slug is taken or there is a default one already.
type CreateWorkspace struct {
	outside    Outside
	workspaces Workspaces
	reps       Reps
	clock      port.Clock
	ids        port.IDs
}

// NewCreateWorkspace makes the use case.
func NewCreateWorkspace(outside Outside, workspaces Workspaces, reps Reps, clock port.Clock, ids port.IDs) *CreateWorkspace {
	return &CreateWorkspace{outside: outside, workspaces: workspaces, reps: reps, clock: clock, ids: ids}
}

// Execute returns the workspace and its administrator.
func (uc *CreateWorkspace) Execute(ctx context.Context, in CreateWorkspaceInput) (identity.Workspace, identity.Rep, error) {
	now := uc.clock.Now()
	w := identity.Workspace{
		ID: kernel.WorkspaceID(uc.ids.New()), Name: in.Name, Slug: in.Slug, Timezone: in.Timezone, Language: in.Language,
		IsDefault: in.IsDefault, CreatedAt: now,
	}
	if err := w.Validate(); err != nil {
		return identity.Workspace{}, identity.Rep{}, err
	}
	email, ok := identity.ParseEmail(in.AdminEmail)
	if !ok {
		var f fault.Fields
		f.Add("adminEmail", fault.BadEmail)
		return identity.Workspace{}, identity.Rep{}, f.Err()
	}
	admin := identity.Rep{
		ID: kernel.RepID(uc.ids.New()), Workspace: w.ID, Email: email, Name: nameOr(in.AdminName, email),
		IsAdmin: true, CreatedAt: now,
	}
	err := uc.outside.System(ctx, func(ctx context.Context) error {
		if err := uc.workspaces.Add(ctx, w); err != nil {
			return err
		}
		_, err := uc.reps.Add(ctx, admin)
		return err
	})
	if err != nil {
		return identity.Workspace{}, identity.Rep{}, err
	}
	return w, admin, nil
}
