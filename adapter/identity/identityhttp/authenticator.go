// Package identityhttp serves who may call: the door's authenticator, the caller's and the reps' routes, and the way of
// an administrator into the queue dashboard.
package identityhttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// NewAuthenticator is the door's authenticator.
func NewAuthenticator(uc *identityuc.Authenticate) httpserver.Authenticator { return authenticator{uc} }

type authenticator struct{ uc *identityuc.Authenticate }

// Authenticate implements httpserver.Authenticator.
func (a authenticator) Authenticate(ctx context.Context, c httpserver.Credentials) (kernel.Principal, error) {
	return a.uc.Execute(ctx, identityuc.Credentials{
		APIKey: c.APIKey, Bearer: c.Bearer, SchedulerSecret: c.SchedulerSecret,
		RepEmail: c.RepEmail, RepName: c.RepName, ActAs: fromAPIActAs(c.ActAs),
	})
}

func fromAPIActAs(a httpserver.ActAs) identityuc.ActAs {
	switch a {
	case httpserver.RepProvisioned:
		return identityuc.RepProvisioned
	case httpserver.ServiceAllowed:
		return identityuc.ServiceAllowed
	default:
		return identityuc.RepRequired
	}
}
