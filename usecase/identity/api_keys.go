package identityuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// CreateAPIKeyInput describes a new key.
type CreateAPIKeyInput struct {
	Principal kernel.Principal
	Name      string      // for people
	Role      kernel.Role // the highest role that the key gives, whomever it acts for
}

// CreateAPIKey makes a key of the workspace.
//
// Allowed: administrators.
// Errors: Forbidden; Invalid VALIDATION_ERROR.
type CreateAPIKey struct {
	tx    port.Transactor
	keys  Keys
	clock port.Clock
	ids   port.IDs
}

// NewCreateAPIKey makes the use case.
func NewCreateAPIKey(tx port.Transactor, keys Keys, clock port.Clock, ids port.IDs) *CreateAPIKey {
	return &CreateAPIKey{tx: tx, keys: keys, clock: clock, ids: ids}
}

// Execute returns the key and its secret, which is shown this once.
func (uc *CreateAPIKey) Execute(ctx context.Context, in CreateAPIKeyInput) (key identity.Key, secret string, err error) {
	if err := adminsOnly(in.Principal); err != nil {
		return identity.Key{}, "", err
	}
	name, err := identity.ParseName("name", in.Name)
	if err != nil {
		return identity.Key{}, "", err
	}
	if in.Role != kernel.Rep && in.Role != kernel.Admin {
		var f fault.Fields
		f.Add("role", fault.OneOf, "allowed", "rep, admin")
		return identity.Key{}, "", f.Err()
	}
	key, secret = identity.NewKey(identity.KeyID(uc.ids.New()), in.Principal.Workspace, name, in.Role, uc.clock.Now())
	err = uc.tx.InTx(ctx, in.Principal.Workspace, func(ctx context.Context) error { return uc.keys.Add(ctx, key) })
	if err != nil {
		return identity.Key{}, "", err
	}
	return key, secret, nil
}

// RevokeAPIKeyInput names a key.
type RevokeAPIKeyInput struct {
	Principal kernel.Principal
	Key       identity.KeyID
}

// RevokeAPIKey ends a key: the next call with it is refused, in every process.
//
// Allowed: administrators.
// Errors: Forbidden; NotFound API_KEY_NOT_FOUND, also when it was revoked before.
type RevokeAPIKey struct {
	tx      port.Transactor
	keys    Keys
	changes Changes
	clock   port.Clock
}

// NewRevokeAPIKey makes the use case.
func NewRevokeAPIKey(tx port.Transactor, keys Keys, changes Changes, clock port.Clock) *RevokeAPIKey {
	return &RevokeAPIKey{tx: tx, keys: keys, changes: changes, clock: clock}
}

// Execute returns when no process accepts the key any more.
func (uc *RevokeAPIKey) Execute(ctx context.Context, in RevokeAPIKeyInput) error {
	if err := adminsOnly(in.Principal); err != nil {
		return err
	}
	err := uc.tx.InTx(ctx, in.Principal.Workspace, func(ctx context.Context) error {
		revoked, err := uc.keys.Revoke(ctx, in.Principal.Workspace, in.Key, uc.clock.Now())
		if err == nil && !revoked {
			err = fault.New(fault.NotFound, identity.APIKeyNotFound)
		}
		if err != nil {
			return err
		}
		return uc.changes.Announce(ctx, Change{Key: in.Key})
	})
	if err != nil {
		return err
	}
	uc.changes.Settle(ctx)
	return nil
}
