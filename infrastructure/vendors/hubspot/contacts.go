package hubspot

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// Contact is a person in the CRM.
type Contact struct {
	ID, Email, FirstName, LastName, Company, Phone string
}

func contactProperties() []string {
	return []string{"email", "firstname", "lastname", "company", "phone"}
}

func contactOf(o object) Contact {
	return Contact{
		ID: o.ID, Email: o.get("email"), FirstName: o.get("firstname"), LastName: o.get("lastname"),
		Company: o.get("company"), Phone: o.get("phone"),
	}
}

// FindContactByEmail returns the contact whose main or additional address it is, and whether there is one. A contact
// made a moment ago may not be found yet.
func (c *Client) FindContactByEmail(ctx context.Context, email string) (Contact, bool, error) {
	email = strings.ToLower(email) // as HubSpot stores them
	found, err := c.search(ctx, "search_contacts", "contacts", search{
		FilterGroups: []filterGroup{
			{[]filter{{"email", "EQ", email}}},
			{[]filter{{"hs_additional_emails", "CONTAINS_TOKEN", email}}},
		},
		Properties: contactProperties(), Limit: 2,
	})
	if err != nil || len(found) == 0 {
		return Contact{}, false, err
	}
	for _, o := range found { // the main address before an additional one
		if strings.EqualFold(o.get("email"), email) {
			return contactOf(o), true, nil
		}
	}
	return contactOf(found[0]), true, nil
}

// SearchContacts returns contacts whose name, address, phone or company matches the text, at most limit (1–200).
func (c *Client) SearchContacts(ctx context.Context, query string, limit int) ([]Contact, error) {
	found, err := c.search(ctx, "search_contacts", "contacts", search{
		Query: truncate(query, 3000), Properties: contactProperties(), Limit: limit,
	})
	if err != nil {
		return nil, err
	}
	list := make([]Contact, len(found))
	for i, o := range found {
		list[i] = contactOf(o)
	}
	return list, nil
}

// GetContact returns one contact. Errors: IsNotFound.
func (c *Client) GetContact(ctx context.Context, id string) (Contact, error) {
	var o object
	err := c.out.JSON(ctx, outbound.Call{
		Operation: "get_contact", Path: c.objects("contacts", id),
		Query: url.Values{"properties": contactProperties()},
	}, &o)
	return contactOf(o), err
}

// Deal is a possible sale.
type Deal struct {
	ID, Name, Stage, Pipeline, Amount, Currency, OwnerID string
	IsClosed                                             bool
	ModifiedAt                                           string // as HubSpot writes it: ISO 8601
}

// ContactDeals returns the deals that a contact is associated with, at most 100.
func (c *Client) ContactDeals(ctx context.Context, contactID string) ([]Deal, error) {
	ids, err := c.dealIDs(ctx, contactID)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	body := struct {
		Inputs      []reference `json:"inputs"`
		Properties  []string    `json:"properties"`
		WithHistory []string    `json:"propertiesWithHistory"`
	}{
		ids,
		[]string{"dealname", "dealstage", "pipeline", "amount", "deal_currency_code", "hubspot_owner_id", "hs_is_closed", "hs_lastmodifieddate"},
		[]string{},
	}
	var answer struct {
		Results []object `json:"results"`
	}
	err = c.out.JSON(ctx, outbound.Call{
		Operation: "read_deals", Method: http.MethodPost, Path: c.objects("deals", "batch", "read"), JSON: body,
	}, &answer)
	if err != nil {
		return nil, err
	}
	deals := make([]Deal, len(answer.Results))
	for i, o := range answer.Results {
		deals[i] = Deal{
			ID: o.ID, Name: o.get("dealname"), Stage: o.get("dealstage"), Pipeline: o.get("pipeline"), Amount: o.get("amount"),
			Currency: o.get("deal_currency_code"), OwnerID: o.get("hubspot_owner_id"),
			IsClosed: o.get("hs_is_closed") == "true", ModifiedAt: o.get("hs_lastmodifieddate"),
		}
	}
	return deals, nil
}

// maxBatch is the most that one batch reads.
const maxBatch = 100

func (c *Client) dealIDs(ctx context.Context, contactID string) ([]reference, error) {
	var answer struct {
		Results []struct {
			To []struct {
				ID flexibleID `json:"toObjectId"`
			} `json:"to"`
		} `json:"results"`
	}
	err := c.out.JSON(ctx, outbound.Call{
		Operation: "read_associations", Method: http.MethodPost,
		Path: outbound.Path("crm", "associations", c.version, "contacts", "deals", "batch", "read"),
		JSON: map[string][]reference{"inputs": {{contactID}}},
	}, &answer)
	if err != nil {
		return nil, err
	}
	var ids []reference
	for _, r := range answer.Results {
		for _, to := range r.To {
			if len(ids) < maxBatch {
				ids = append(ids, reference{string(to.ID)})
			}
		}
	}
	return ids, nil
}

// flexibleID is an identifier that is a string in one answer and a number in another.
type flexibleID string

// UnmarshalJSON reads either.
func (id *flexibleID) UnmarshalJSON(b []byte) error {
	*id = flexibleID(strings.Trim(string(b), `"`))
	return nil
}

func truncate(s string, runes int) string {
	for i := range s {
		if runes == 0 {
			return s[:i]
		}
		runes--
	}
	return s
}
