// Package fault is the only error vocabulary. A fault has a kind, which the edges turn into a status or a retry;
// a code, which machines read; and parameters, from which the edge renders a sentence in the caller's language.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Kind is how an error is to be treated, whatever it is about.
type Kind int

// Kinds. The HTTP status and the fate of a job follow from the kind alone.
const (
	Internal Kind = iota
	Invalid
	Unauthenticated
	Forbidden
	NotFound
	Conflict
	Gone
	TooLarge
	RateLimited
	PaymentRequired
	Unavailable
	Upstream
)

// String returns the kind in words.
func (k Kind) String() string {
	return [...]string{
		"internal", "invalid", "unauthenticated", "forbidden", "not found", "conflict", "gone",
		"too large", "rate limited", "payment required", "unavailable", "upstream",
	}[k]
}

// Code is the machine-readable name of one error, in SCREAMING_SNAKE_CASE.
type Code string

// Codes that belong to no capability.
const (
	Validation           Code = "VALIDATION_ERROR"
	MissingParam         Code = "MISSING_PARAM"
	Unauthorized         Code = "UNAUTHORIZED"
	ForbiddenCode        Code = "FORBIDDEN"
	NotFoundCode         Code = "NOT_FOUND"
	ConflictCode         Code = "CONFLICT"
	InternalCode         Code = "INTERNAL_ERROR"
	RateLimitedCode      Code = "RATE_LIMITED"
	PayloadTooLarge      Code = "PAYLOAD_TOO_LARGE"
	IdempotencyKeyReused Code = "IDEMPOTENCY_KEY_REUSED"
	UnavailableCode      Code = "SERVICE_UNAVAILABLE"
)

// Field names one wrong input, by its path on the wire ("customerInfo.email"), and the rule it breaks.
// The value itself is never kept: it may be private.
type Field struct {
	Name   string
	Rule   Code
	Params map[string]string
}

// Error is a fault. Params fill the catalogue's sentence and may be shown to the caller; the cause may not.
type Error struct {
	Kind   Kind
	Code   Code
	Params map[string]string
	Fields []Field
	cause  error
}

// New makes a fault of the given kind and code.
func New(kind Kind, code Code) *Error { return &Error{Kind: kind, Code: code} }

// Wrap makes a fault that keeps its cause for the log and for errors.Is.
func Wrap(kind Kind, code Code, cause error) *Error {
	return &Error{Kind: kind, Code: code, cause: cause}
}

// With returns a copy that carries one more parameter of its sentence.
func (e *Error) With(name, value string) *Error {
	c := *e
	c.Params = maps.Clone(e.Params)
	if c.Params == nil {
		c.Params = map[string]string{}
	}
	c.Params[name] = value
	return &c
}

// Error says what went wrong for a log: kind, code, field names and rules, cause; never a value that a caller sent.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", e.Kind, e.Code)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " %s:%s", f.Name, f.Rule)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// KindOf returns the kind of the first fault in err's chain, Internal when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of the first fault in err's chain, InternalCode when there is none.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return InternalCode
}
