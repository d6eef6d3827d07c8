package identityuc

import (
	"context"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// UpdateMeInput is what a rep may change about itself.
type UpdateMeInput struct {
	Principal kernel.Principal
	Name      string
}

// UpdateMe renames the caller.
//
// Allowed: a rep, or a service for the rep it names.
// Errors: Invalid VALIDATION_ERROR; Invalid MISSING_SALES_REP_EMAIL for a service that names nobody.
type UpdateMe struct{ change repChange }

// NewUpdateMe makes the use case.
func NewUpdateMe(tx port.Transactor, reps RepWriter, changes Changes) *UpdateMe {
	return &UpdateMe{repChange{tx, reps, changes}}
}

// Execute returns the renamed rep.
func (uc *UpdateMe) Execute(ctx context.Context, in UpdateMeInput) (identity.Rep, error) {
	if in.Principal.Rep == "" {
		return identity.Rep{}, nobody(in.Principal)
	}
	name, err := identity.ParseName("name", in.Name)
	if err != nil {
		return identity.Rep{}, err
	}
	return uc.change.apply(ctx, in.Principal.Workspace, in.Principal.Rep, func(rep *identity.Rep) { rep.Name = name })
}

// ChangeRepInput names a rep and what is to be different. What is nil stays.
type ChangeRepInput struct {
	Principal kernel.Principal
	Rep       kernel.RepID
	IsAdmin   *bool
	IsActive  *bool
}

// Validate reports an input that changes nothing.
func (in ChangeRepInput) Validate() error {
	var f fault.Fields
	f.Require(in.IsAdmin != nil || in.IsActive != nil, "is_admin", fault.Required)
	return f.Err()
}

// ChangeRep makes a rep an administrator or no longer, and ends or restores the rep's access: the next call of a rep who
// was deactivated is refused, in every process, whatever is shown. Meetings stay.
//
// Allowed: administrators, also for themselves.
// Errors: Forbidden; Invalid VALIDATION_ERROR; NotFound SALES_REP_NOT_FOUND; Conflict LAST_ADMIN when nobody would be left.
type ChangeRep struct {
	change repChange
	clock  port.Clock
}

// NewChangeRep makes the use case.
func NewChangeRep(tx port.Transactor, reps RepWriter, changes Changes, clock port.Clock) *ChangeRep {
	return &ChangeRep{repChange{tx, reps, changes}, clock}
}

// Execute returns the rep as it is now. A rep who was deactivated before stays so since then.
func (uc *ChangeRep) Execute(ctx context.Context, in ChangeRepInput) (identity.Rep, error) {
	if err := adminsOnly(in.Principal); err != nil {
		return identity.Rep{}, err
	}
	if err := in.Validate(); err != nil {
		return identity.Rep{}, err
	}
	now := uc.clock.Now()
	return uc.change.apply(ctx, in.Principal.Workspace, in.Rep, func(rep *identity.Rep) {
		if in.IsAdmin != nil {
			rep.IsAdmin = *in.IsAdmin
		}
		switch {
		case in.IsActive == nil:
		case *in.IsActive:
			rep.DeactivatedAt = nil
		default:
			rep.DeactivatedAt = since(rep, now)
		}
	})
}

func since(rep *identity.Rep, now time.Time) *time.Time {
	if rep.Active() {
		return &now
	}
	return rep.DeactivatedAt
}

// repChange is what every change of a rep has in common: the workspace keeps an administrator, and every process hears
// of the change before the caller does.
type repChange struct {
	tx      port.Transactor
	reps    RepWriter
	changes Changes
}

func (c repChange) apply(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID, change func(*identity.Rep)) (identity.Rep, error) {
	var rep identity.Rep
	err := c.tx.InTx(ctx, ws, func(ctx context.Context) error {
		admins, err := c.reps.LockAdmins(ctx, ws)
		if err != nil {
			return err
		}
		if rep, err = c.reps.Lock(ctx, ws, id); err != nil {
			return err
		}
		change(&rep)
		if !adminRemains(admins, rep) {
			return fault.New(fault.Conflict, identity.LastAdmin)
		}
		if err := c.reps.Save(ctx, rep); err != nil {
			return err
		}
		return c.changes.Announce(ctx, Change{Rep: id})
	})
	if err != nil {
		return identity.Rep{}, err
	}
	c.changes.Settle(ctx)
	return rep, nil
}

// adminRemains reports whether the change leaves an active administrator, or takes none away.
func adminRemains(admins []identity.Rep, changed identity.Rep) bool {
	wasAdmin := slices.ContainsFunc(admins, func(a identity.Rep) bool { return a.ID == changed.ID })
	return !wasAdmin || changed.IsAdmin && changed.Active() || len(admins) > 1
}

// adminsOnly refuses whoever may not change everything in the workspace.
func adminsOnly(p kernel.Principal) error {
	if p.IsAdmin() {
		return nil
	}
	return fault.New(fault.Forbidden, fault.ForbiddenCode)
}

// nobody is the error of an operation that needs a rep and was called without one.
func nobody(p kernel.Principal) error {
	if p.Kind == kernel.Service {
		return fault.New(fault.Invalid, identity.MissingSalesRepEmail)
	}
	return fault.New(fault.Forbidden, fault.ForbiddenCode)
}
