package hubspot

import (
	"context"
	"net/url"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// Owner is a user of the account, to whom records may belong.
type Owner struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Archived  bool   `json:"archived"`
}

type ownerPage struct {
	Results []Owner `json:"results"`
	Paging  struct {
		Next struct {
			After string `json:"after"`
		} `json:"next"`
	} `json:"paging"`
}

// FindOwnerByEmail returns the owner with that address, and whether there is one.
func (c *Client) FindOwnerByEmail(ctx context.Context, email string) (Owner, bool, error) {
	var page ownerPage
	err := c.out.JSON(ctx, outbound.Call{
		Operation: "find_owner", Path: c.owners(), Query: url.Values{"email": {email}, "limit": {"10"}},
	}, &page)
	if err != nil {
		return Owner{}, false, err
	}
	for _, o := range page.Results {
		if strings.EqualFold(o.Email, email) {
			return o, true, nil
		}
	}
	return Owner{}, false, nil
}

// maxOwners bounds ListOwners: no account is read without end.
const maxOwners = 5000

// ListOwners returns every active owner, at most 5,000.
func (c *Client) ListOwners(ctx context.Context) ([]Owner, error) {
	var all []Owner
	query := url.Values{"limit": {"500"}}
	for len(all) < maxOwners {
		var page ownerPage
		if err := c.out.JSON(ctx, outbound.Call{Operation: "list_owners", Path: c.owners(), Query: query}, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Results...)
		if page.Paging.Next.After == "" || len(page.Results) == 0 {
			break
		}
		query.Set("after", page.Paging.Next.After)
	}
	return all, nil
}

// GetOwner returns one owner. Errors: IsNotFound.
func (c *Client) GetOwner(ctx context.Context, id string) (Owner, error) {
	var o Owner
	err := c.out.JSON(ctx, outbound.Call{Operation: "get_owner", Path: c.owners(id)}, &o)
	return o, err
}

func (c *Client) owners(rest ...string) string {
	return outbound.Path(append([]string{"crm", "owners", c.version}, rest...)...)
}
