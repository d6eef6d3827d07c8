package hubspot

import (
	"context"
	"errors"
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// object is any CRM record. Property values are strings, or null when unset.
type object struct {
	ID         string             `json:"id"`
	Properties map[string]*string `json:"properties"`
}

func (o object) get(property string) string {
	if v := o.Properties[property]; v != nil {
		return *v
	}
	return ""
}

type filter struct {
	Property string `json:"propertyName"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
}

type filterGroup struct {
	Filters []filter `json:"filters"`
}

// search has every field that the document requires, the empty ones too.
type search struct {
	Query        string        `json:"query,omitempty"`
	FilterGroups []filterGroup `json:"filterGroups"`
	Properties   []string      `json:"properties"`
	Sorts        []string      `json:"sorts"`
	Limit        int           `json:"limit"`
	After        string        `json:"after"`
}

type properties map[string]string

// put sets a property unless its value is unset.
func (p properties) put(name, value string) {
	if value != "" {
		p[name] = value
	}
}

type write struct {
	Properties   properties     `json:"properties"`
	Associations *[]association `json:"associations,omitempty"` // required on create, unknown on update
}

type association struct {
	To    reference         `json:"to"`
	Types []associationType `json:"types"`
}

type reference struct {
	ID string `json:"id"`
}

type associationType struct {
	Category string `json:"associationCategory"`
	ID       int    `json:"associationTypeId"`
}

// HubSpot's own association types.
const (
	noteToContact    = 202
	noteToDeal       = 214
	meetingToContact = 200
	meetingToDeal    = 212
)

// maxSearch is the most that one search answers.
const maxSearch = 200

// searchTries is how often a search is sent that meets the limit of a second. The account's other clients, our own other
// processes among them, use it up too; the limiter spaces the tries.
const searchTries = 3

func (c *Client) search(ctx context.Context, operation, objectType string, s search) ([]object, error) {
	if s.FilterGroups == nil {
		s.FilterGroups = []filterGroup{}
	}
	s.Limit, s.After, s.Sorts = max(1, min(s.Limit, maxSearch)), "0", []string{}
	var page struct {
		Results []object `json:"results"`
	}
	for try := 1; ; try++ {
		err := c.out.JSON(ctx, outbound.Call{
			Operation: operation, Method: http.MethodPost, Path: c.objects(objectType, "search"), JSON: s,
		}, &page)
		if e, ok := errors.AsType[*outbound.Error](err); !ok || e.Code != policySecondly || try == searchTries {
			return page.Results, err
		}
	}
}

// link is an association to make: to nothing when there is no ID.
type link struct {
	id   string
	kind int
}

// create stores an engagement, associated in the same call, and returns its ID. There is no idempotency key: after an
// unknown outcome, search before repeating.
func (c *Client) create(ctx context.Context, operation, objectType string, p properties, to ...link) (string, error) {
	links := []association{}
	for _, l := range to {
		if l.id != "" {
			links = append(links, association{To: reference{l.id}, Types: []associationType{{"HUBSPOT_DEFINED", l.kind}}})
		}
	}
	var made object
	err := c.out.JSON(ctx, outbound.Call{
		Operation: operation, Method: http.MethodPost, Path: c.objects(objectType), JSON: write{p, &links},
	}, &made)
	return made.ID, err
}

func (c *Client) update(ctx context.Context, operation, objectType, id string, p properties) error {
	return c.out.JSON(ctx, outbound.Call{
		Operation: operation, Method: http.MethodPatch, Path: c.objects(objectType, id), JSON: write{Properties: p},
	}, nil)
}
