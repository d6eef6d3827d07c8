package outbound

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Outcome tells what a failed call may have done at the vendor.
type Outcome int

// Outcomes. The zero value is the careful one.
const (
	Unknown Outcome = iota // it may have taken effect: the answer was lost, or was a 5xx
	Refused                // the vendor answered that it did not do it
	NotSent                // nothing reached the vendor
)

// String returns the outcome in words.
func (o Outcome) String() string { return [...]string{"unknown", "refused", "not sent"}[o] }

// Error is a call that failed. Its text holds names, a status and a code only, so that it may be logged.
type Error struct {
	Vendor    string
	Operation string
	Status    int    // of the answer; 0 when there was none
	Code      string // the vendor's machine code, "" when it gave none
	// Message is the vendor's own sentence. It may quote what was sent: show it to the tenant, never log it.
	Message    string
	RetryAfter time.Duration // how long the vendor asks to wait; 0 when it does not say
	Outcome    Outcome
	Body       []byte // the beginning of the answer, at most 64 KiB; never logged
	cause      error
}

// maxErrorBody is how much of a refusal is kept.
const maxErrorBody = 64 << 10

// Error says which call failed and how, without any value that was sent or received.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "call %s %s:", e.Vendor, e.Operation)
	if e.Status != 0 {
		fmt.Fprintf(&b, " status %d", e.Status)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " %s", printable(e.Code))
	}
	fmt.Fprintf(&b, " (%s)", e.Outcome)
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap returns the cause, such as context.DeadlineExceeded.
func (e *Error) Unwrap() error { return e.cause }

// Retryable reports whether the same call may succeed later. Whether it may be repeated is Outcome's question.
func (e *Error) Retryable() bool {
	switch e.Status {
	case 0:
		return !errors.Is(e.cause, ErrForbiddenAddress)
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	default:
		return e.Status >= 500 || e.Status < 300 // an unreadable answer of a call that went well
	}
}

// StatusOf returns the status that the vendor answered in err's chain, 0 when there was no answer.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status
	}
	return 0
}

// OutcomeOf returns the outcome of the first call in err's chain, Unknown when err comes from elsewhere.
func OutcomeOf(err error) Outcome {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Outcome
	}
	return Unknown
}

// NewError makes the error of an answer that is not a success, from the status and headers alone: a 4xx did not take
// effect, anything else may have.
func NewError(vendor, operation string, status int, header http.Header, body []byte) *Error {
	e := &Error{
		Vendor: vendor, Operation: operation, Status: status, Body: body,
		RetryAfter: parseRetryAfter(header.Get("Retry-After")),
	}
	if status >= 300 && status < 500 && status != http.StatusRequestTimeout {
		e.Outcome = Refused
	}
	return e
}

// Failed makes the error of a call that brought no usable answer.
func Failed(vendor, operation string, outcome Outcome, cause error) *Error {
	if u, ok := errors.AsType[*url.Error](cause); ok {
		cause = u.Err // a *url.Error prints the URL, and with it what must not be logged
	}
	return &Error{Vendor: vendor, Operation: operation, Outcome: outcome, cause: cause}
}

// printable keeps a vendor's code loggable: machine codes are short and have no spaces.
func printable(code string) string {
	if len(code) > 64 || strings.ContainsFunc(code, func(r rune) bool { return r <= ' ' || r > '~' || r == '@' }) {
		return "(unprintable code)"
	}
	return code
}

// parseRetryAfter reads seconds or an HTTP date (RFC 9110 §10.2.3).
func parseRetryAfter(v string) time.Duration {
	if s, err := strconv.ParseFloat(v, 64); err == nil && s >= 0 && s < 1e6 {
		return time.Duration(s * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
