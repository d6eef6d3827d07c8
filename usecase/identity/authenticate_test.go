package identityuc_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

func TestTheServiceKeyActsForTheRepItNames(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	rep := s.rep(t, "ana@clickbalance.com")

	p, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: serviceKey, RepEmail: " ANA@clickbalance.com"})

	require.NoError(t, err)
	require.Equal(t, kernel.Principal{
		Kind: kernel.Service, Workspace: s.workspace.ID, Rep: rep.ID, Email: "ana@clickbalance.com", Name: "ana", Role: kernel.Rep,
	}, p)
}

func TestTheServiceKeyHasTheRankOfTheRepItNames(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	p, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: serviceKey, RepEmail: adminEmail})

	require.NoError(t, err)
	require.True(t, p.IsAdmin())
}

func TestAKeyWithoutARepIsRefusedWhereOneIsNeeded(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for _, mode := range []identityuc.ActAs{identityuc.RepRequired, identityuc.RepProvisioned} {
		_, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: serviceKey, ActAs: mode})
		requireFault(t, err, fault.Invalid, identity.MissingSalesRepEmail)
	}

	p, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: serviceKey, ActAs: identityuc.ServiceAllowed})
	require.NoError(t, err)
	require.True(t, p.ActsForWorkspace())
	require.Equal(t, s.workspace.ID, p.Workspace)
}

func TestAnUnknownRepIsCreatedOnlyWhereTheOperationSaysSo(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	unknown := identityuc.Credentials{APIKey: serviceKey, RepEmail: "New@Elsewhere.example", RepName: "Nueva Vendedora"}

	for _, mode := range []identityuc.ActAs{identityuc.RepRequired, identityuc.ServiceAllowed} {
		unknown.ActAs = mode
		_, err := s.Authenticate.Execute(t.Context(), unknown)
		requireFault(t, err, fault.NotFound, identity.SalesRepNotFound)
	}
	unknown.ActAs = identityuc.RepProvisioned
	first, err := s.Authenticate.Execute(t.Context(), unknown)
	require.NoError(t, err)
	unknown.RepName = "Otro Nombre"
	again, err := s.Authenticate.Execute(t.Context(), unknown)
	require.NoError(t, err)

	require.Equal(t, "Nueva Vendedora", first.Name)
	require.Equal(t, "new@elsewhere.example", first.Email)
	require.Equal(t, first, again)
}

func TestAnEmailThatIsNoneIsNamedAsTheWrongField(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	_, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: serviceKey, RepEmail: "ana"})

	requireFault(t, err, fault.Invalid, fault.Validation)
	require.Contains(t, err.Error(), "salesRepEmail:EMAIL")
}

func TestAWrongOrEmptySecretOpensNothing(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	open := identityuc.New(identityuc.Ports{Outside: s.db, Reader: s.db, Clock: s.clock}, identityuc.Access{})
	for _, c := range []identityuc.Credentials{
		{},
		{APIKey: "wrong", RepEmail: adminEmail},
		{APIKey: serviceKey + " ", RepEmail: adminEmail},
		{APIKey: "wrong", Bearer: "token:" + adminEmail},
		{SchedulerSecret: "wrong"},
		{SchedulerSecret: serviceKey},
		{Bearer: "wrong"},
		{Bearer: cronSecret},
		{Bearer: serviceKey},
		{Bearer: "token:"},
		{Bearer: "token:nobody"},
	} {
		_, err := s.Authenticate.Execute(t.Context(), c)
		requireFault(t, err, fault.Unauthenticated, fault.Unauthorized)
	}
	for _, c := range []identityuc.Credentials{{SchedulerSecret: ""}, {SchedulerSecret: strings.Repeat("\x00", 32)}, {Bearer: "x"}} {
		_, err := open.Authenticate.Execute(t.Context(), c)
		requireFault(t, err, fault.Unauthenticated, fault.Unauthorized)
	}
}

func TestTheSchedulerActsInTheDefaultWorkspaceWithoutARole(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	p, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{SchedulerSecret: cronSecret})

	require.NoError(t, err)
	require.Equal(t, kernel.Principal{Kind: kernel.Scheduler, Workspace: s.workspace.ID}, p)
}

func TestAPersonBecomesARepAtFirstSight(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	first, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{Bearer: "token:Ana@ClickBalance.com"})
	require.NoError(t, err)
	again, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{Bearer: "token:ana@clickbalance.com"})
	require.NoError(t, err)

	require.Equal(t, first, again)
	require.Equal(t, kernel.Person, first.Kind)
	require.Equal(t, kernel.Rep, first.Role)
	require.Equal(t, "Ana Pérez", first.Name)
}

func TestAPersonDoesNotBecomeSomebodyElseByNamingThem(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	p, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{Bearer: "token:ana@clickbalance.com", RepEmail: adminEmail})

	require.NoError(t, err)
	require.Equal(t, "ana@clickbalance.com", p.Email)
}

func TestAStrangersDomainIsForbidden(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for _, email := range []string{"ana@gmail.com", "ana@evilclickbalance.com", "ana@clickbalance.com.evil.com"} {
		_, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{Bearer: "token:" + email})
		requireFault(t, err, fault.Forbidden, identity.EmailDomainNotAllowed)
	}
	list, _, err := s.Queries.ListReps(t.Context(), s.asAdmin(), false, kernel.Page{})
	require.NoError(t, err)
	require.Len(t, list, 1)
}

func TestAVerifierThatCannotTellIsNotARefusal(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	_, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{Bearer: "token-server-down"})

	requireFault(t, err, fault.Unavailable, fault.UnavailableCode)
}

func TestADeactivatedRepIsRefusedWhateverIsShown(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	rep := s.rep(t, "ana@clickbalance.com")
	_, err := s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: rep.ID, IsActive: new(false)})
	require.NoError(t, err)
	for _, c := range []identityuc.Credentials{
		{Bearer: "token:ana@clickbalance.com"},
		{APIKey: serviceKey, RepEmail: "ana@clickbalance.com"},
		{APIKey: serviceKey, RepEmail: "ana@clickbalance.com", ActAs: identityuc.RepProvisioned},
	} {
		_, err := s.Authenticate.Execute(t.Context(), c)
		requireFault(t, err, fault.Forbidden, fault.ForbiddenCode)
	}
}

func TestTwoFirstSightsAtOnceMakeOneRep(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	const callers = 16
	found := make(chan kernel.RepID, callers)
	for range callers {
		go func() {
			p, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{Bearer: "token:ana@clickbalance.com"})
			if err != nil {
				t.Error(err)
			}
			found <- p.Rep
		}()
	}
	first := <-found
	for range callers - 1 {
		require.Equal(t, first, <-found)
	}
}
