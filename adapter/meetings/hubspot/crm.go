// Package hubspot writes meetings to HubSpot.
package hubspot

import (
	"context"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/hubspot"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// CRM implements meetingsuc.CRM and meetingsuc.CRMContacts.
type CRM struct{ client *hubspot.Client }

// NewCRM makes a CRM. A nil client is one that is not configured.
func NewCRM(client *hubspot.Client) *CRM { return &CRM{client: client} }

// Ready returns nil when there is an account.
func (c *CRM) Ready() error {
	if c.client == nil {
		return fault.New(fault.Unavailable, meetings.HubspotNotConfigured)
	}
	return nil
}

// FindContact returns the contact with that e-mail address. No address finds nobody.
func (c *CRM) FindContact(ctx context.Context, email string) (string, bool, error) {
	if err := c.Ready(); err != nil || email == "" {
		return "", false, err
	}
	contact, found, err := c.client.FindContactByEmail(ctx, email)
	return contact.ID, found, failure(err)
}

// SearchContacts returns the contacts that match the text, in HubSpot's order.
func (c *CRM) SearchContacts(ctx context.Context, text string, limit int) ([]meetingsuc.CRMContact, error) {
	if err := c.Ready(); err != nil {
		return nil, err
	}
	found, err := c.client.SearchContacts(ctx, text, limit)
	if err != nil {
		return nil, outbound.Passing(err, meetings.HubspotError)
	}
	contacts := make([]meetingsuc.CRMContact, len(found))
	for i, f := range found {
		contacts[i] = meetingsuc.CRMContact{
			ID: f.ID, Name: strings.TrimSpace(f.FirstName + " " + f.LastName), Email: f.Email, Company: f.Company, Phone: f.Phone,
		}
	}
	return contacts, nil
}

// OpenDeal returns the contact's open deal; of several none, since nobody said which.
func (c *CRM) OpenDeal(ctx context.Context, contactID string) (string, bool, error) {
	if err := c.Ready(); err != nil {
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

// failure names the properties that HubSpot has refused, and keeps its refusal of a contact that is gone apart from our own
// absences.
func failure(err error) error {
	if names := hubspot.RefusedProperties(err); len(names) > 0 {
		return fault.Wrap(fault.Invalid, meetings.HubspotPropertyRefused, err).With("properties", strings.Join(names, ", "))
	}
	err = outbound.Fault(err, meetings.HubspotRefused)
	if fault.KindOf(err) == fault.NotFound {
		return fault.Wrap(fault.Invalid, meetings.HubspotRefused, err)
	}
	return err
}
