package httpserver

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Credential is what a caller must show at the door of an operation.
type Credential int

// Credentials. The zero value is the strict common case, so that forgetting it never opens a door.
const (
	Member          Credential = iota // a person's bearer token or an X-API-Key
	SchedulerSecret                   // Authorization: Bearer <CRON_SECRET>
	Signed                            // a vendor's signature over the raw body, which the handler verifies itself
	Public                            // nothing
	Optional                          // a Member's credential, or none; a bearer token that is not good is none
)

// String returns the credential as it is written in logs and in the document.
func (c Credential) String() string {
	return [...]string{"member", "scheduler", "signed", "public", "optional"}[c]
}

// ActAs is how an API key, which is nobody by itself, becomes somebody.
type ActAs int

// Ways of acting for somebody. They concern API keys only: a person acts as itself.
const (
	RepRequired    ActAs = iota // salesRepEmail names a known rep
	RepProvisioned              // salesRepEmail names a rep, who is created when unknown
	ServiceAllowed              // without salesRepEmail the key acts as the workspace's service
)

// Spec is everything about an operation that its types do not say.
type Spec struct {
	ID          string // operationId, unique, camelCase
	Summary     string
	Description string
	Tag         string
	Credential  Credential
	Role        kernel.Role // the door's floor; the use case decides
	ActAs       ActAs
	Status      int          // of success; 200 when 0, 204 when the output has no body
	Errors      []fault.Code // beside those that follow from the credential and the input
	Example     any          // a right JSON body, where one put together from its fields' examples would be wrong

	BodyLimit  int64         // bytes; Options.BodyLimit when 0
	Timeout    time.Duration // Options.RequestTimeout when 0
	Stream     bool          // the answer has no deadline and ends with the server's drain
	UnreadBody bool          // Raw only: the handler reads the (still limited) body itself
	Idempotent bool          // honours Idempotency-Key
}

// Operation is one registered route, for whatever is generated from the registrations.
type Operation struct {
	Spec
	Method string
	Path   string // with {parameters}
	Raw    bool
}

// floor is the lowest role that passes the door.
func (s Spec) floor() kernel.Role {
	if s.Credential == Member {
		return s.Role
	}
	return kernel.NoRole
}
