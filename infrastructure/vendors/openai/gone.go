package openai

import (
	"context"
	"errors"
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// IsModelGone reports whether a request failed because the provider serves its model no more.
// Source: https://platform.openai.com/docs/deprecations and the codes of its errors.
func IsModelGone(err error) bool {
	e, ok := errors.AsType[*outbound.Error](err)
	if !ok {
		return false
	}
	switch e.Code {
	case "model_not_found", "model_deprecated", "model_retired":
		return true
	default:
		return false
	}
}

// LacksStore reports whether a request was refused because one of the stores that it searches in is not there. The provider
// is asked: what its refusals look like is not documented.
func (c *Client) LacksStore(ctx context.Context, refusal error, stores []string) bool {
	switch outbound.StatusOf(refusal) {
	case http.StatusBadRequest, http.StatusNotFound:
	default:
		return false
	}
	for _, store := range stores {
		if there, err := c.StoreExists(ctx, store); err == nil && !there {
			return true
		}
	}
	return false
}
