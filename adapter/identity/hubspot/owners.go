// Package hubspot finds the owners of sales reps in HubSpot.
package hubspot

import (
	"context"
	"net/http"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/hubspot"
)

// Owners implements identityuc.CRMOwners.
type Owners struct{ client *hubspot.Client }

// NewOwners makes it. A nil client is one that is not configured.
func NewOwners(client *hubspot.Client) *Owners { return &Owners{client: client} }

// FindOwner returns the active owner with that address.
func (o *Owners) FindOwner(ctx context.Context, email identity.Email) (identity.Owner, bool, error) {
	if o.client == nil {
		return identity.Owner{}, false, notConfigured()
	}
	found, ok, err := o.client.FindOwnerByEmail(ctx, email.String())
	return owner(found), ok, failure(err)
}

// GetOwner returns the active owner with that ID. HubSpot answers 404 for one that it does not have, and 400 for what
// cannot be one.
func (o *Owners) GetOwner(ctx context.Context, id string) (identity.Owner, error) {
	if o.client == nil {
		return identity.Owner{}, notConfigured()
	}
	found, err := o.client.GetOwner(ctx, id)
	status := outbound.StatusOf(err)
	if status == http.StatusNotFound || status == http.StatusBadRequest || err == nil && found.Archived {
		return identity.Owner{}, fault.Wrap(fault.Invalid, identity.HubspotOwnerNotFound, err)
	}
	return owner(found), failure(err)
}

// ListOwners returns every active owner.
func (o *Owners) ListOwners(ctx context.Context) ([]identity.Owner, error) {
	if o.client == nil {
		return nil, notConfigured()
	}
	found, err := o.client.ListOwners(ctx)
	owners := make([]identity.Owner, len(found))
	for i, f := range found {
		owners[i] = owner(f)
	}
	return owners, failure(err)
}

func owner(o hubspot.Owner) identity.Owner {
	return identity.Owner{
		ID: o.ID, Email: identity.Email(strings.ToLower(o.Email)), Name: strings.TrimSpace(o.FirstName + " " + o.LastName),
	}
}

func notConfigured() error { return fault.New(fault.Unavailable, identity.HubspotNotConfigured) }

// failure is what somebody who waits for an answer hears: whatever it was, it may pass.
func failure(err error) error {
	if err == nil {
		return nil
	}
	return outbound.Passing(err, identity.HubspotError)
}
