package outbound

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Fault turns a failed call into a fault with the capability's code, by what can be done about it: NotFound for 404,
// Invalid for a request that the vendor will never take, Upstream for everything that may pass, such as an outage, a
// limit, or a key that an operator has to renew. It keeps err as the cause, and nil is nil.
func Fault(err error, code fault.Code) error {
	if err == nil {
		return nil
	}
	kind := fault.Upstream
	if e, ok := errors.AsType[*Error](err); ok {
		switch e.Status {
		case http.StatusNotFound, http.StatusGone:
			kind = fault.NotFound
		case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
			kind = fault.Invalid
		}
	}
	return fault.Wrap(kind, code, err)
}

// Passing turns a failed call into an Upstream fault for a person who waits for the answer, with the vendor's own pause,
// in seconds, as the parameter retryAfter where it asks for one.
func Passing(err error, code fault.Code) error {
	f := fault.Wrap(fault.Upstream, code, err)
	if e, ok := errors.AsType[*Error](err); ok && e.RetryAfter > 0 {
		return f.With("retryAfter", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	return f
}

// RetryIn tells the job ledger how long the vendor asks to wait; 0 when it does not say.
func (e *Error) RetryIn() time.Duration { return e.RetryAfter }
