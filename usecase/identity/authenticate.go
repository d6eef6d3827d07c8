package identityuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ActAs is how an API key, which is nobody by itself, becomes somebody.
type ActAs int

// Ways of acting for somebody. They concern API keys only: a person acts as itself.
const (
	RepRequired    ActAs = iota // RepEmail names a known rep
	RepProvisioned              // RepEmail names a rep, who is created when unknown
	ServiceAllowed              // without RepEmail the key acts as the workspace
)

// Credentials are what a request shows. Of several the API key counts.
type Credentials struct {
	APIKey          string
	Bearer          string // a person's token
	SchedulerSecret string // a bearer at a door that only schedulers may pass
	RepEmail        string // for whom an API key acts
	RepName         string // what a rep is to be called who is created
	ActAs           ActAs
}

// Access is what is configured about who may call. An empty secret opens nothing.
type Access struct {
	ServiceKey      string
	SchedulerSecret string
	EmailDomains    []string // of people with a token; none means that no token is accepted
}

// Authenticate finds out who calls.
//
// Errors: Unauthenticated UNAUTHORIZED; Invalid MISSING_SALES_REP_EMAIL or VALIDATION_ERROR and NotFound
// SALES_REP_NOT_FOUND for an API key that names nobody; Forbidden EMAIL_DOMAIN_NOT_ALLOWED; Forbidden FORBIDDEN for a
// rep who was deactivated.
// Effects: the first sight of an allowed person, and RepProvisioned, create the rep.
type Authenticate struct {
	directory *Directory
	provision *ProvisionRep
	verifiers []TokenVerifier
	service   identity.Hash
	scheduler identity.Hash
	domains   []string
}

// NewAuthenticate makes the use case. The verifiers are asked in turn.
func NewAuthenticate(d *Directory, provision *ProvisionRep, access Access, verifiers ...TokenVerifier) *Authenticate {
	return &Authenticate{
		directory: d, provision: provision, verifiers: verifiers, domains: access.EmailDomains,
		service: hashOfSecret(access.ServiceKey), scheduler: hashOfSecret(access.SchedulerSecret),
	}
}

// Execute returns who shows the credentials.
func (uc *Authenticate) Execute(ctx context.Context, c Credentials) (kernel.Principal, error) {
	switch {
	case c.APIKey != "":
		return uc.byKey(ctx, c)
	case c.SchedulerSecret != "":
		return uc.asScheduler(ctx, c.SchedulerSecret)
	case c.Bearer != "":
		return uc.byToken(ctx, c.Bearer)
	default:
		return kernel.Principal{}, unauthorized()
	}
}

func (uc *Authenticate) asScheduler(ctx context.Context, secret string) (kernel.Principal, error) {
	if !uc.scheduler.Equal(identity.HashOf(secret)) {
		return kernel.Principal{}, unauthorized()
	}
	w, err := uc.directory.DefaultWorkspace(ctx)
	if err != nil {
		return kernel.Principal{}, err
	}
	return kernel.Principal{Kind: kernel.Scheduler, Workspace: w.ID}, nil
}

// byKey lets a service act for the rep that it names, with that rep's role but never above the key's own.
func (uc *Authenticate) byKey(ctx context.Context, c Credentials) (kernel.Principal, error) {
	ws, ceiling, err := uc.openWith(ctx, identity.HashOf(c.APIKey))
	if err != nil {
		return kernel.Principal{}, err
	}
	service := kernel.Principal{Kind: kernel.Service, Workspace: ws, Role: ceiling}
	if c.RepEmail == "" {
		if c.ActAs != ServiceAllowed {
			return kernel.Principal{}, fault.New(fault.Invalid, identity.MissingSalesRepEmail)
		}
		return service, nil
	}
	email, ok := identity.ParseEmail(c.RepEmail)
	if !ok {
		var f fault.Fields
		f.Add("salesRepEmail", fault.BadEmail)
		return kernel.Principal{}, f.Err()
	}
	rep, err := uc.named(ctx, ws, email, c)
	if err != nil {
		return kernel.Principal{}, err
	}
	service.Rep, service.Email, service.Name = rep.ID, rep.Email.String(), rep.Name
	service.Role = min(rep.Role(), ceiling)
	return service, nil
}

// openWith returns the workspace that a key opens, and the highest role it gives.
func (uc *Authenticate) openWith(ctx context.Context, hash identity.Hash) (kernel.WorkspaceID, kernel.Role, error) {
	if uc.service.Equal(hash) {
		w, err := uc.directory.DefaultWorkspace(ctx)
		return w.ID, kernel.Admin, err
	}
	key, found, err := uc.directory.key(ctx, hash)
	switch {
	case err != nil:
		return "", kernel.NoRole, err
	case !found || !key.Hash.Equal(hash):
		return "", kernel.NoRole, unauthorized()
	default:
		return key.Workspace, key.Role, nil
	}
}

// named returns the active rep whom an API key names, made where the operation allows that.
func (uc *Authenticate) named(ctx context.Context, ws kernel.WorkspaceID, email identity.Email, c Credentials) (identity.Rep, error) {
	if c.ActAs == RepProvisioned {
		return uc.provision.Execute(ctx, ProvisionRepInput{Workspace: ws, Email: email, Name: c.RepName})
	}
	rep, found, err := uc.directory.rep(ctx, ws, email)
	if err == nil && !found {
		err = fault.New(fault.NotFound, identity.SalesRepNotFound)
	}
	if err != nil {
		return identity.Rep{}, err
	}
	return rep, refuseDeactivated(rep)
}

// byToken lets a person in, who becomes a sales rep at first sight.
func (uc *Authenticate) byToken(ctx context.Context, token string) (kernel.Principal, error) {
	claims, err := uc.verify(ctx, token)
	if err != nil {
		return kernel.Principal{}, err
	}
	email, ok := identity.ParseEmail(claims.Email)
	if !ok {
		return kernel.Principal{}, unauthorized()
	}
	if !email.In(uc.domains) {
		return kernel.Principal{}, fault.New(fault.Forbidden, identity.EmailDomainNotAllowed)
	}
	w, err := uc.directory.DefaultWorkspace(ctx)
	if err != nil {
		return kernel.Principal{}, err
	}
	rep, err := uc.provision.Execute(ctx, ProvisionRepInput{Workspace: w.ID, Email: email, Name: claims.Name})
	if err != nil {
		return kernel.Principal{}, err
	}
	return kernel.Principal{
		Kind: kernel.Person, Workspace: w.ID, Rep: rep.ID, Email: rep.Email.String(), Name: rep.Name, Role: rep.Role(),
	}, nil
}

// verify asks one verifier after the other. An answer other than "not good" stands.
func (uc *Authenticate) verify(ctx context.Context, token string) (Claims, error) {
	for _, v := range uc.verifiers {
		claims, err := v.Verify(ctx, token)
		if err == nil || fault.KindOf(err) != fault.Unauthenticated {
			return claims, err
		}
	}
	return Claims{}, unauthorized()
}

// hashOfSecret returns the hash of a configured secret; one that nothing hashes to when there is none.
func hashOfSecret(secret string) identity.Hash {
	if secret == "" {
		return identity.Hash{}
	}
	return identity.HashOf(secret)
}

func refuseDeactivated(rep identity.Rep) error {
	if rep.Active() {
		return nil
	}
	return fault.New(fault.Forbidden, fault.ForbiddenCode)
}

func unauthorized() error { return fault.New(fault.Unauthenticated, fault.Unauthorized) }
