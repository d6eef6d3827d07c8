package identityuc

import (
	"context"
	"fmt"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// ChooseOwnerInput names a rep and the owner that it is to have in the CRM.
type ChooseOwnerInput struct {
	Principal kernel.Principal
	Rep       kernel.RepID // whose; "" is the caller's own
	Owner     string       // the CRM's ID; "" takes the choice back: the rep's e-mail decides again
}

// maxOwnerID is far above what any CRM gives.
const maxOwnerID = 64

// Validate reports a wrong field of the input.
func (in ChooseOwnerInput) Validate() error {
	var f fault.Fields
	f.Require(len(in.Owner) <= maxOwnerID, "hubspotOwnerId", fault.TooLong, "max", fmt.Sprint(maxOwnerID))
	return f.Err()
}

// ChooseOwner sets a rep's owner in the CRM, once the CRM has said that there is such a one.
//
// Allowed: a rep for itself, an administrator for anybody.
// Errors: Forbidden; NotFound SALES_REP_NOT_FOUND; Invalid VALIDATION_ERROR, HUBSPOT_OWNER_NOT_FOUND or, for a service
// that names nobody, MISSING_SALES_REP_EMAIL; those of CRMOwners.
type ChooseOwner struct {
	tx     port.Transactor
	reps   RepWriter
	owners CRMOwners
	links  *OwnerLinks
}

// NewChooseOwner makes the use case.
func NewChooseOwner(tx port.Transactor, reps RepWriter, owners CRMOwners, links *OwnerLinks) *ChooseOwner {
	return &ChooseOwner{tx: tx, reps: reps, owners: owners, links: links}
}

// Execute returns the link as it is then.
func (uc *ChooseOwner) Execute(ctx context.Context, in ChooseOwnerInput) (OwnerLink, error) {
	in.Owner = strings.TrimSpace(in.Owner)
	rep, err := in.whose()
	if err != nil {
		return OwnerLink{}, err
	}
	if err := in.Validate(); err != nil {
		return OwnerLink{}, err
	}
	if err := uc.links.checkAccount(ctx, in.Principal.Workspace); err != nil {
		return OwnerLink{}, err
	}
	if in.Owner != "" {
		if _, err := uc.owners.GetOwner(ctx, in.Owner); err != nil {
			return OwnerLink{}, fmt.Errorf("choose owner: %w", err)
		}
	}
	err = changeOwner(ctx, uc.tx, uc.reps, in.Principal.Workspace, rep, func(rep *identity.Rep) {
		rep.HubspotOwnerOverride = in.Owner
		if in.Owner == "" {
			rep.HubspotOwnerID = "" // what was found long ago is looked up anew
		}
	})
	if err != nil {
		return OwnerLink{}, fmt.Errorf("choose owner: %w", err)
	}
	return uc.links.of(ctx, in.Principal.Workspace, rep)
}

// whose returns the rep whose owner is chosen, if the caller may do that.
func (in ChooseOwnerInput) whose() (kernel.RepID, error) {
	switch {
	case in.Rep != "":
		return in.Rep, adminsOnly(in.Principal)
	case in.Principal.Rep == "":
		return "", nobody(in.Principal)
	default:
		return in.Principal.Rep, nil
	}
}
