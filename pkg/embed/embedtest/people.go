package embedtest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// The people. The first two are owners in the CRM's double, and the customer is a contact there, with one open deal.
const (
	domain = "andamio.example"

	AdminEmail    = "mariana.rios@" + domain
	RepEmail      = "bruno.diaz@" + domain
	OtherRepEmail = "lucia.vega@" + domain
	OtherEmail    = "admin@segunda.example" // of the second workspace

	CustomerEmail     = "pedro.garcia@delvalle.example"
	CustomerContactID = "101"
	CustomerDealID    = "902"
)

// tokenLife outlasts every move of a test's clock.
const tokenLife = 10 * 365 * 24 * time.Hour

// settle makes the workspaces and their administrators.
func (s *System) settle(t testing.TB) {
	t.Helper()
	s.Workspace, _ = s.create(t, identityuc.CreateWorkspaceInput{
		Name: "Andamio", Slug: "andamio", IsDefault: true, AdminEmail: AdminEmail, AdminName: "Mariana Ríos",
	})
	var admin kernel.RepID
	s.OtherWorkspace, admin = s.create(t, identityuc.CreateWorkspaceInput{
		Name: "Segunda", Slug: "segunda", AdminEmail: OtherEmail, AdminName: "Otra Persona",
	})
	_, secret, err := s.App.Identity().CreateAPIKey.Execute(t.Context(), identityuc.CreateAPIKeyInput{
		Principal: kernel.Principal{Kind: kernel.Person, Workspace: s.OtherWorkspace, Rep: admin, Role: kernel.Admin},
		Name:      "test", Role: kernel.Admin,
	})
	require.NoError(t, err)
	s.OtherKey = secret
}

func (s *System) create(t testing.TB, in identityuc.CreateWorkspaceInput) (kernel.WorkspaceID, kernel.RepID) {
	t.Helper()
	in.Timezone, in.Language = "America/Mexico_City", "es"
	ws, admin, err := s.App.Identity().CreateWorkspace.Execute(t.Context(), in)
	require.NoError(t, err)
	return ws.ID, admin.ID
}

// introduce makes the clients; a person's first call makes the rep.
func (s *System) introduce(t testing.TB) {
	t.Helper()
	s.Admin, s.Rep, s.OtherRep = s.Person(t, AdminEmail), s.Person(t, RepEmail), s.Person(t, OtherRepEmail)
	for _, person := range []*tertulia.Client{s.Admin, s.Rep, s.OtherRep} {
		_, err := person.Me.Get(t.Context())
		require.NoError(t, err)
	}
	s.Service = s.Client(tertulia.WithAPIKey(ServiceKey), tertulia.WithSalesRep(RepEmail))
	s.Scheduler = s.Client(tertulia.WithBearer(CronSecret))
	s.Other = s.Client(tertulia.WithAPIKey(s.OtherKey), tertulia.WithSalesRep(OtherEmail))
}

// Client makes a client of the system that never repeats a request by itself.
func (s *System) Client(opts ...tertulia.Option) *tertulia.Client {
	return tertulia.New(s.URL, append([]tertulia.Option{tertulia.WithRetries(0)}, opts...)...)
}

// Person makes the client of somebody who has signed in.
func (s *System) Person(t testing.TB, email string) *tertulia.Client {
	t.Helper()
	return s.Client(tertulia.WithBearer(s.Token(t, email)))
}

// Token returns a bearer token of somebody who has signed in.
func (s *System) Token(t testing.TB, email string) string {
	t.Helper()
	if token := s.tokens[email]; token != "" {
		return token
	}
	var answer struct {
		Token string `json:"token"`
	}
	s.Sandbox.Control("POST", "/supabase/token", map[string]any{"email": email, "expiresIn": int(tokenLife.Seconds())}, &answer)
	s.tokens[email] = answer.Token
	return answer.Token
}
