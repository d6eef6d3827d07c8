// Package hubspot writes meetings to HubSpot.
package hubspot

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/hubspot"
)

// CRM implements meetingsuc.CRM.
type CRM struct{ client *hubspot.Client }

// NewCRM makes a CRM. A nil client is one that is not configured.
func NewCRM(client *hubspot.Client) *CRM { return &CRM{client: client} }

func (c *CRM) check() error {
	if c.client == nil {
		return fault.New(fault.Unavailable, meetings.HubspotNotConfigured)
	}
	return nil
}

// FindContact returns the contact with that e-mail address. No address finds nobody.
func (c *CRM) FindContact(ctx context.Context, email string) (string, bool, error) {
	if err := c.check(); err != nil || email == "" {
		return "", false, err
	}
	contact, found, err := c.client.FindContactByEmail(ctx, email)
	return contact.ID, found, failure(err)
}

// FindOwner returns the owner with that e-mail address.
func (c *CRM) FindOwner(ctx context.Context, email string) (string, bool, error) {
	if err := c.check(); err != nil {
		return "", false, err
	}
	owner, found, err := c.client.FindOwnerByEmail(ctx, email)
	return owner.ID, found, failure(err)
}

// OpenDeal returns the contact's open deal; of several none, since nobody said which.
func (c *CRM) OpenDeal(ctx context.Context, contactID string) (string, bool, error) {
	if err := c.check(); err != nil {
		return "", false, err
	}
	deals, err := c.client.ContactDeals(ctx, contactID)
	if err != nil {
		return "", false, failure(err)
	}
	var open []string
	for _, deal := range deals {
		if !deal.IsClosed {
			open = append(open, deal.ID)
		}
	}
	if len(open) != 1 {
		return "", false, nil
	}
	return open[0], true, nil
}

// failure keeps HubSpot's refusal of a contact that is gone apart from our own absences.
func failure(err error) error {
	err = outbound.Fault(err, meetings.HubspotRefused)
	if fault.KindOf(err) == fault.NotFound {
		return fault.Wrap(fault.Invalid, meetings.HubspotRefused, err)
	}
	return err
}
