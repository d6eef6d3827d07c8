package openai

import (
	"errors"

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
