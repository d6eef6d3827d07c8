package identityuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// OwnerLink is a rep's owner in the CRM. Owner is nil when there is none, or when the one that was chosen is no longer
// active there.
type OwnerLink struct {
	ID     string // "" when there is none
	Source identity.OwnerSource
	Owner  *identity.Owner
}

// OwnerLinks finds the owners of reps in the CRM. A rep for whom nobody has chosen one is looked up by e-mail, and what is
// found is kept.
//
// The CRM account is the default workspace's: to others it is as if there were none.
//
// Errors of every method: NotFound SALES_REP_NOT_FOUND; those of CRMOwners.
type OwnerLinks struct {
	tx        port.Transactor
	reader    port.Reader
	directory *Directory
	reps      Reps
	writer    RepWriter
	owners    CRMOwners
}

// NewOwnerLinks makes the finder.
func NewOwnerLinks(tx port.Transactor, reader port.Reader, d *Directory, reps Reps, writer RepWriter, owners CRMOwners) *OwnerLinks {
	return &OwnerLinks{tx: tx, reader: reader, directory: d, reps: reps, writer: writer, owners: owners}
}

// checkAccount refuses workspaces that have no CRM account. Unavailable HUBSPOT_NOT_CONFIGURED.
func (l *OwnerLinks) checkAccount(ctx context.Context, ws kernel.WorkspaceID) error {
	w, err := l.directory.DefaultWorkspace(ctx)
	if err == nil && w.ID != ws {
		err = fault.New(fault.Unavailable, identity.HubspotNotConfigured)
	}
	return err
}

// Mine returns the caller's link. Invalid MISSING_SALES_REP_EMAIL for a service that names nobody.
func (l *OwnerLinks) Mine(ctx context.Context, p kernel.Principal) (OwnerLink, error) {
	if p.Rep == "" {
		return OwnerLink{}, nobody(p)
	}
	return l.of(ctx, p.Workspace, p.Rep)
}

// OwnerOf returns the ID of a rep's owner, "" when the CRM knows none: for other capabilities, which write there in the
// rep's name. What is known already costs no call.
func (l *OwnerLinks) OwnerOf(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID) (string, error) {
	r, err := l.rep(ctx, ws, rep)
	if err != nil {
		return "", fmt.Errorf("find owner: %w", err)
	}
	if id, source := r.OwnerLink(); source != identity.NoOwner {
		return id, nil
	}
	if err := l.checkAccount(ctx, ws); err != nil {
		return "", err
	}
	link, err := l.resolve(ctx, r)
	return link.ID, err
}

// Candidates returns up to limit owners whose name or address has every word of the text, in the CRM's order. Every rep
// may ask.
func (l *OwnerLinks) Candidates(ctx context.Context, p kernel.Principal, text string, limit int) ([]identity.Owner, error) {
	if p.Role < kernel.Rep {
		return nil, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	if err := l.checkAccount(ctx, p.Workspace); err != nil {
		return nil, err
	}
	all, err := l.owners.ListOwners(ctx)
	if err != nil {
		return nil, fmt.Errorf("list owners: %w", err)
	}
	found := []identity.Owner{}
	for _, o := range all {
		if len(found) < (kernel.Page{Limit: limit}).Size() && o.Matches(text) {
			found = append(found, o)
		}
	}
	return found, nil
}

// of returns a link with its owner. An owner that was found and has left the CRM since is looked for anew; one that was
// chosen is shown as it is, for a person to choose another.
func (l *OwnerLinks) of(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID) (OwnerLink, error) {
	rep, err := l.rep(ctx, ws, id)
	if err != nil {
		return OwnerLink{}, fmt.Errorf("find owner: %w", err)
	}
	if err := l.checkAccount(ctx, ws); err != nil {
		return OwnerLink{}, err
	}
	owner, source := rep.OwnerLink()
	if source == identity.NoOwner {
		return l.resolve(ctx, rep)
	}
	known, err := l.owners.GetOwner(ctx, owner)
	switch {
	case err == nil:
		return OwnerLink{ID: owner, Source: source, Owner: &known}, nil
	case fault.CodeOf(err) != identity.HubspotOwnerNotFound:
		return OwnerLink{}, fmt.Errorf("find owner: %w", err)
	case source == identity.OwnerChosen:
		return OwnerLink{ID: owner, Source: source}, nil
	default:
		return l.resolve(ctx, rep)
	}
}

func (l *OwnerLinks) rep(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID) (rep identity.Rep, err error) {
	err = l.reader.Read(ctx, ws, func(ctx context.Context) error {
		rep, err = l.reps.Get(ctx, ws, id)
		return err
	})
	return rep, err
}

// resolve asks the CRM for the rep's address and keeps the answer. What a person has chosen meanwhile stands.
func (l *OwnerLinks) resolve(ctx context.Context, rep identity.Rep) (OwnerLink, error) {
	owner, found, err := l.owners.FindOwner(ctx, rep.Email)
	if err != nil {
		return OwnerLink{}, fmt.Errorf("find owner: %w", err)
	}
	if owner.ID != rep.HubspotOwnerID {
		err := changeOwner(ctx, l.tx, l.writer, rep.Workspace, rep.ID, func(rep *identity.Rep) { rep.HubspotOwnerID = owner.ID })
		if err != nil {
			return OwnerLink{}, fmt.Errorf("keep owner: %w", err)
		}
	}
	if !found {
		return OwnerLink{Source: identity.NoOwner}, nil
	}
	return OwnerLink{ID: owner.ID, Source: identity.OwnerFound, Owner: &owner}, nil
}

// changeOwner stores a change of a rep's owner. It is no business of who may call, so nobody has to hear of it.
func changeOwner(ctx context.Context, tx port.Transactor, reps RepWriter, ws kernel.WorkspaceID, id kernel.RepID, change func(*identity.Rep)) error {
	return tx.InTx(ctx, ws, func(ctx context.Context) error {
		rep, err := reps.Lock(ctx, ws, id)
		if err != nil {
			return err
		}
		change(&rep)
		return reps.Save(ctx, rep)
	})
}
