package identityuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// CreateAdminLinkInput names the administrator who is to get in.
type CreateAdminLinkInput struct {
	Workspace kernel.WorkspaceID
	Email     string // "" is any active administrator
}

// CreateAdminLink makes a link into the queue dashboard that works once, for ten minutes.
//
// Allowed: whoever runs the commands; there is no route to it.
// Errors: NotFound SALES_REP_NOT_FOUND when there is no such active administrator.
type CreateAdminLink struct {
	tx     port.Transactor
	reps   RepWriter
	access AdminAccess
	clock  port.Clock
}

// NewCreateAdminLink makes the use case.
func NewCreateAdminLink(tx port.Transactor, reps RepWriter, access AdminAccess, clock port.Clock) *CreateAdminLink {
	return &CreateAdminLink{tx: tx, reps: reps, access: access, clock: clock}
}

// Execute returns the link's token, which is shown this once.
func (uc *CreateAdminLink) Execute(ctx context.Context, in CreateAdminLinkInput) (token string, err error) {
	token = identity.NewSecret(identity.LinkPrefix)
	err = uc.tx.InTx(ctx, in.Workspace, func(ctx context.Context) error {
		admins, err := uc.reps.LockAdmins(ctx, in.Workspace)
		if err != nil {
			return err
		}
		email, _ := identity.ParseEmail(in.Email)
		for _, admin := range admins {
			if in.Email == "" || admin.Email == email {
				return uc.access.AddLink(ctx, identity.AdminLink{
					Hash: identity.HashOf(token), Workspace: in.Workspace, Rep: admin.ID,
					ExpiresAt: uc.clock.Now().Add(identity.LinkLifetime),
				})
			}
		}
		return fault.New(fault.NotFound, identity.SalesRepNotFound)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// RedeemAdminLink turns a link into a session of twelve hours.
//
// Allowed: the bearer of the link.
// Errors: Unauthenticated UNAUTHORIZED when the link is unknown, used or too old, or its administrator is none any more.
type RedeemAdminLink struct {
	outside Outside
	reps    Reps
	access  AdminAccess
	clock   port.Clock
}

// NewRedeemAdminLink makes the use case.
func NewRedeemAdminLink(outside Outside, reps Reps, access AdminAccess, clock port.Clock) *RedeemAdminLink {
	return &RedeemAdminLink{outside: outside, reps: reps, access: access, clock: clock}
}

// Execute returns the session's token, which is shown this once.
func (uc *RedeemAdminLink) Execute(ctx context.Context, link string) (token string, err error) {
	now := uc.clock.Now()
	token = identity.NewSecret(identity.SessionPrefix)
	err = uc.outside.System(ctx, func(ctx context.Context) error {
		good, ok, err := uc.access.Redeem(ctx, identity.HashOf(link), now)
		if err == nil && !ok {
			err = unauthorized()
		}
		if err != nil {
			return err
		}
		if _, err := activeAdmin(ctx, uc.reps, good.Workspace, good.Rep); err != nil {
			return err
		}
		return uc.access.AddSession(ctx, identity.AdminSession{
			Hash: identity.HashOf(token), Workspace: good.Workspace, Rep: good.Rep, ExpiresAt: now.Add(identity.SessionLifetime),
		})
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// AuthenticateAdmin finds out whose session of the dashboard it is.
//
// Errors: Unauthenticated UNAUTHORIZED when the session is unknown or has ended, or its administrator is none any more.
type AuthenticateAdmin struct {
	outside Outside
	reps    Reps
	access  AdminAccess
	clock   port.Clock
}

// NewAuthenticateAdmin makes the use case.
func NewAuthenticateAdmin(outside Outside, reps Reps, access AdminAccess, clock port.Clock) *AuthenticateAdmin {
	return &AuthenticateAdmin{outside: outside, reps: reps, access: access, clock: clock}
}

// Execute returns the administrator.
func (uc *AuthenticateAdmin) Execute(ctx context.Context, session string) (kernel.Principal, error) {
	if session == "" {
		return kernel.Principal{}, unauthorized()
	}
	var rep identity.Rep
	err := uc.outside.System(ctx, func(ctx context.Context) error {
		known, ok, err := uc.access.FindSession(ctx, identity.HashOf(session), uc.clock.Now())
		if err == nil && !ok {
			err = unauthorized()
		}
		if err != nil {
			return err
		}
		rep, err = activeAdmin(ctx, uc.reps, known.Workspace, known.Rep)
		return err
	})
	if err != nil {
		return kernel.Principal{}, err
	}
	return kernel.Principal{
		Kind: kernel.Person, Workspace: rep.Workspace, Rep: rep.ID, Email: rep.Email.String(), Name: rep.Name, Role: rep.Role(),
	}, nil
}

func activeAdmin(ctx context.Context, reps Reps, ws kernel.WorkspaceID, id kernel.RepID) (identity.Rep, error) {
	rep, err := reps.Get(ctx, ws, id)
	if err != nil {
		return identity.Rep{}, err
	}
	if !rep.IsAdmin || !rep.Active() {
		return identity.Rep{}, unauthorized()
	}
	return rep, nil
}
