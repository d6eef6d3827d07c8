package identityuc_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

const (
	serviceKey = "service key"
	cronSecret = "cron secret"
	adminEmail = "admin@clickbalance.com"
)

var someTime = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// system is the capability on a real database, with a clock that the test moves and tokens that are e-mails.
type system struct {
	*identityuc.UseCases
	db        *postgres.DB
	clock     *clock
	workspace identity.Workspace
	admin     identity.Rep
}

func newSystem(t *testing.T) *system {
	t.Helper()
	s := processOn(pgtest.New(t), &clock{at: someTime})
	s.workspace, s.admin = createDefaultWorkspace(t, s.UseCases)
	return s
}

func createDefaultWorkspace(t testing.TB, uc *identityuc.UseCases) (identity.Workspace, identity.Rep) {
	t.Helper()
	w, admin, err := uc.CreateWorkspace.Execute(t.Context(), identityuc.CreateWorkspaceInput{
		Name: "Click Balance", Slug: "clickbalance", Timezone: "America/Mexico_City", Language: "es", IsDefault: true,
		AdminEmail: adminEmail, AdminName: "Ada Admin",
	})
	require.NoError(t, err)
	return w, admin
}

// processOn is one process: several share a database.
func processOn(db *postgres.DB, c *clock) *system {
	uc := identityuc.New(identityuc.Ports{
		Tx: db, Reader: db, Outside: db, Clock: c, IDs: ids{}, Verifiers: []identityuc.TokenVerifier{tokens{}},
		Workspaces: identitypg.Workspaces{}, Reps: identitypg.Reps{}, RepWriter: identitypg.Reps{},
		Keys: identitypg.Keys{}, Access: identitypg.AdminAccess{},
		Changes: identitypg.NewChanges(db.SystemPool(), slog.New(slog.DiscardHandler)),
	}, identityuc.Access{ServiceKey: serviceKey, SchedulerSecret: cronSecret, EmailDomains: []string{"clickbalance.com"}})
	return &system{UseCases: uc, db: db, clock: c}
}

// asAdmin is the first administrator, signed in.
func (s *system) asAdmin() kernel.Principal {
	return kernel.Principal{Kind: kernel.Person, Workspace: s.workspace.ID, Rep: s.admin.ID, Role: kernel.Admin}
}

func as(rep identity.Rep) kernel.Principal {
	return kernel.Principal{Kind: kernel.Person, Workspace: rep.Workspace, Rep: rep.ID, Role: rep.Role()}
}

// rep makes a rep of the workspace.
func (s *system) rep(t *testing.T, email string) identity.Rep {
	t.Helper()
	rep, err := s.ProvisionRep.Execute(t.Context(), identityuc.ProvisionRepInput{Workspace: s.workspace.ID, Email: identity.Email(email)})
	require.NoError(t, err)
	return rep
}

// another makes a second workspace and its administrator.
func (s *system) another(t *testing.T) (identity.Workspace, identity.Rep) {
	t.Helper()
	w, admin, err := s.CreateWorkspace.Execute(t.Context(), identityuc.CreateWorkspaceInput{
		Name: "Other", Slug: "other", Timezone: "UTC", Language: "en", AdminEmail: "boss@other.example",
	})
	require.NoError(t, err)
	return w, admin
}

func requireFault(t *testing.T, err error, kind fault.Kind, code fault.Code) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, kind, fault.KindOf(err), "%v", err)
	require.Equal(t, code, fault.CodeOf(err), "%v", err)
}

// clock is a port.Clock that the test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type ids struct{}

func (ids) New() string { return uuid.Must(uuid.NewV7()).String() }

// tokens takes "token:<e-mail>" for a good token of its bearer.
type tokens struct{}

func (tokens) Verify(_ context.Context, token string) (identityuc.Claims, error) {
	const good = "token:"
	if token == "token-server-down" {
		return identityuc.Claims{}, fault.New(fault.Unavailable, fault.UnavailableCode)
	}
	if len(token) < len(good) || token[:len(good)] != good {
		return identityuc.Claims{}, fault.New(fault.Unauthenticated, fault.Unauthorized)
	}
	return identityuc.Claims{Email: token[len(good):], Name: "Ana Pérez"}, nil
}
