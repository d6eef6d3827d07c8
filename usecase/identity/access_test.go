package identityuc_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

func TestAKeyOpensItsOwnWorkspaceUpToItsRole(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	other, boss := s.another(t)
	_, secret, err := s.CreateAPIKey.Execute(t.Context(), identityuc.CreateAPIKeyInput{Principal: as(boss), Name: "n8n", Role: kernel.Rep})
	require.NoError(t, err)

	p, err := s.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: secret, RepEmail: "boss@other.example"})

	require.NoError(t, err)
	require.Equal(t, other.ID, p.Workspace)
	require.Equal(t, boss.ID, p.Rep)
	require.Equal(t, kernel.Rep, p.Role) // an administrator, but not with this key
	_, err = s.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: secret, RepEmail: adminEmail})
	requireFault(t, err, fault.NotFound, identity.SalesRepNotFound)
}

func TestAKeyIsShownOnceAndItsUseIsNoted(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	key, secret, err := s.CreateAPIKey.Execute(t.Context(), identityuc.CreateAPIKeyInput{Principal: s.asAdmin(), Name: " n8n ", Role: kernel.Admin})
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(secret, "tert_"))
	list, err := s.Queries.ListAPIKeys(t.Context(), s.asAdmin())
	require.NoError(t, err)
	require.Equal(t, []identity.Key{key}, list)
	require.Nil(t, list[0].LastUsedAt)

	_, err = s.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: secret, ActAs: identityuc.ServiceAllowed})
	require.NoError(t, err)

	list, err = s.Queries.ListAPIKeys(t.Context(), s.asAdmin())
	require.NoError(t, err)
	require.Equal(t, s.clock.Now(), *list[0].LastUsedAt)
	require.Equal(t, "n8n", list[0].Name)
}

func TestAKeyOfAnotherWorkspaceCannotBeRevoked(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, boss := s.another(t)
	key, secret, err := s.CreateAPIKey.Execute(t.Context(), identityuc.CreateAPIKeyInput{Principal: s.asAdmin(), Name: "n8n", Role: kernel.Rep})
	require.NoError(t, err)

	err = s.RevokeAPIKey.Execute(t.Context(), identityuc.RevokeAPIKeyInput{Principal: as(boss), Key: key.ID})
	requireFault(t, err, fault.NotFound, identity.APIKeyNotFound)

	_, err = s.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: secret, ActAs: identityuc.ServiceAllowed})
	require.NoError(t, err)
	require.NoError(t, s.RevokeAPIKey.Execute(t.Context(), identityuc.RevokeAPIKeyInput{Principal: s.asAdmin(), Key: key.ID}))
	err = s.RevokeAPIKey.Execute(t.Context(), identityuc.RevokeAPIKeyInput{Principal: s.asAdmin(), Key: key.ID})
	requireFault(t, err, fault.NotFound, identity.APIKeyNotFound)
}

func TestThereIsOneDefaultWorkspaceAndOneOfEachSlug(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	in := identityuc.CreateWorkspaceInput{Name: "Two", Slug: "two", Timezone: "UTC", Language: "en", AdminEmail: "b@two.example"}

	second := in
	second.IsDefault = true
	_, _, err := s.CreateWorkspace.Execute(t.Context(), second)
	requireFault(t, err, fault.Conflict, identity.WorkspaceExists)
	taken := in
	taken.Slug = "clickbalance"
	_, _, err = s.CreateWorkspace.Execute(t.Context(), taken)
	requireFault(t, err, fault.Conflict, identity.WorkspaceExists)
	nobody := in
	nobody.AdminEmail = ""
	_, _, err = s.CreateWorkspace.Execute(t.Context(), nobody)
	requireFault(t, err, fault.Invalid, fault.Validation)
	w, admin, err := s.CreateWorkspace.Execute(t.Context(), in)
	require.NoError(t, err)
	require.True(t, admin.IsAdmin)

	got, err := s.Queries.Workspace(t.Context(), w.ID)
	require.NoError(t, err)
	require.Equal(t, w, got)
	_, err = s.Queries.Workspace(t.Context(), "01950000-0000-7000-8000-000000000000")
	requireFault(t, err, fault.NotFound, identity.WorkspaceNotFound)
}

func TestWithoutADefaultWorkspaceTheServiceKeyIsUnavailable(t *testing.T) {
	t.Parallel()
	fresh := processOn(pgtest.New(t), &clock{at: someTime})

	_, err := fresh.Authenticate.Execute(t.Context(), identityuc.Credentials{APIKey: serviceKey, RepEmail: adminEmail})

	requireFault(t, err, fault.Unavailable, fault.UnavailableCode)
}

func TestAnAdminLinkWorksOnceForTenMinutes(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	create := identityuc.CreateAdminLinkInput{Workspace: s.workspace.ID}
	link, err := s.CreateAdminLink.Execute(t.Context(), create)
	require.NoError(t, err)
	session, err := s.RedeemAdminLink.Execute(t.Context(), link)
	require.NoError(t, err)
	_, err = s.RedeemAdminLink.Execute(t.Context(), link)
	requireFault(t, err, fault.Unauthenticated, fault.Unauthorized)

	p, err := s.AuthenticateAdmin.Execute(t.Context(), session)
	require.NoError(t, err)
	require.Equal(t, s.admin.ID, p.Rep)
	require.True(t, p.IsAdmin())

	late, err := s.CreateAdminLink.Execute(t.Context(), create)
	require.NoError(t, err)
	s.clock.advance(identity.LinkLifetime)
	_, err = s.RedeemAdminLink.Execute(t.Context(), late)
	requireFault(t, err, fault.Unauthenticated, fault.Unauthorized)
}

func TestOfManyWhoRedeemALinkAtOnceOneGetsIn(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	link, err := s.CreateAdminLink.Execute(t.Context(), identityuc.CreateAdminLinkInput{Workspace: s.workspace.ID})
	require.NoError(t, err)
	var in atomic.Int32
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if _, err := s.RedeemAdminLink.Execute(t.Context(), link); err == nil {
				in.Add(1)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, in.Load())
}

func TestADashboardSessionEndsAfterTwelveHoursOrWithTheRank(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	rep := s.rep(t, "ana@clickbalance.com")
	setAdmin := func(is bool) {
		_, err := s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: rep.ID, IsAdmin: new(is)})
		require.NoError(t, err)
	}
	setAdmin(true)
	link, err := s.CreateAdminLink.Execute(t.Context(), identityuc.CreateAdminLinkInput{Workspace: s.workspace.ID, Email: "Ana@clickbalance.com"})
	require.NoError(t, err)
	session, err := s.RedeemAdminLink.Execute(t.Context(), link)
	require.NoError(t, err)

	setAdmin(false)
	_, err = s.AuthenticateAdmin.Execute(t.Context(), session)
	requireFault(t, err, fault.Unauthenticated, fault.Unauthorized)
	setAdmin(true)
	p, err := s.AuthenticateAdmin.Execute(t.Context(), session)
	require.NoError(t, err)
	require.Equal(t, rep.ID, p.Rep)
	s.clock.advance(identity.SessionLifetime - time.Second)
	_, err = s.AuthenticateAdmin.Execute(t.Context(), session)
	require.NoError(t, err)
	s.clock.advance(time.Second)
	for _, token := range []string{session, "", "nonsense", link} {
		_, err = s.AuthenticateAdmin.Execute(t.Context(), token)
		requireFault(t, err, fault.Unauthenticated, fault.Unauthorized)
	}
}

func TestOnlyAnAdministratorGetsALink(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.rep(t, "ana@clickbalance.com")
	for _, email := range []string{"ana@clickbalance.com", "nobody@clickbalance.com", "nonsense"} {
		_, err := s.CreateAdminLink.Execute(t.Context(), identityuc.CreateAdminLinkInput{Workspace: s.workspace.ID, Email: email})
		requireFault(t, err, fault.NotFound, identity.SalesRepNotFound)
	}
}
