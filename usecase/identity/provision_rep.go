package identityuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// ProvisionRepInput names the rep who is needed.
type ProvisionRepInput struct {
	Workspace kernel.WorkspaceID
	Email     identity.Email
	Name      string // of a rep who is created; "" is the part of the e-mail before the @
}

// ProvisionRep returns the active rep with an e-mail, and creates one when there is none.
//
// Allowed: whoever has established that the e-mail may become a rep; it checks no principal.
// Errors: Forbidden FORBIDDEN when the rep was deactivated: an old session does not bring somebody back.
type ProvisionRep struct {
	tx        port.Transactor
	reps      Reps
	directory *Directory
	clock     port.Clock
	ids       port.IDs
}

// NewProvisionRep makes the use case.
func NewProvisionRep(tx port.Transactor, reps Reps, d *Directory, clock port.Clock, ids port.IDs) *ProvisionRep {
	return &ProvisionRep{tx: tx, reps: reps, directory: d, clock: clock, ids: ids}
}

// Execute returns the rep.
func (uc *ProvisionRep) Execute(ctx context.Context, in ProvisionRepInput) (identity.Rep, error) {
	rep, found, err := uc.directory.rep(ctx, in.Workspace, in.Email)
	if err == nil && !found {
		rep, err = uc.create(ctx, in)
	}
	if err == nil {
		err = refuseDeactivated(rep)
	}
	if err != nil {
		return identity.Rep{}, err
	}
	return rep, nil
}

func (uc *ProvisionRep) create(ctx context.Context, in ProvisionRepInput) (rep identity.Rep, err error) {
	err = uc.tx.InTx(ctx, in.Workspace, func(ctx context.Context) error {
		rep, err = uc.reps.Add(ctx, identity.Rep{
			ID: kernel.RepID(uc.ids.New()), Workspace: in.Workspace, Email: in.Email, Name: nameOr(in.Name, in.Email),
			CreatedAt: uc.clock.Now(),
		})
		return err
	})
	return rep, err
}

// nameOr returns a usable name: another system's may be empty or endless, which is no reason to turn a person away.
func nameOr(name string, email identity.Email) string {
	parsed, err := identity.ParseName("name", name)
	switch {
	case err == nil:
		return parsed
	case identity.TidyName(name) != "":
		return identity.TidyName(string([]rune(identity.TidyName(name))[:identity.MaxName]))
	default:
		return email.User()
	}
}
