package identityuc_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

func TestARepRenamesItself(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	rep := s.rep(t, "ana@clickbalance.com")

	renamed, err := s.UpdateMe.Execute(t.Context(), identityuc.UpdateMeInput{Principal: as(rep), Name: " Ana Pérez "})

	require.NoError(t, err)
	me, err := s.Queries.Me(t.Context(), as(rep))
	require.NoError(t, err)
	require.Equal(t, renamed, me)
	require.Equal(t, "Ana Pérez", me.Name)
	for _, name := range []string{"", "  ", strings.Repeat("x", 201)} {
		_, err := s.UpdateMe.Execute(t.Context(), identityuc.UpdateMeInput{Principal: as(rep), Name: name})
		requireFault(t, err, fault.Invalid, fault.Validation)
	}
}

func TestAServiceThatNamesNobodyIsNobody(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	service := kernel.Principal{Kind: kernel.Service, Workspace: s.workspace.ID, Role: kernel.Admin}

	_, err := s.Queries.Me(t.Context(), service)
	requireFault(t, err, fault.Invalid, identity.MissingSalesRepEmail)
	_, err = s.UpdateMe.Execute(t.Context(), identityuc.UpdateMeInput{Principal: service, Name: "x"})
	requireFault(t, err, fault.Invalid, identity.MissingSalesRepEmail)
}

func TestOnlyAdministratorsChangeOthers(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	rep := s.rep(t, "ana@clickbalance.com")
	p := as(rep)

	_, err := s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: p, Rep: rep.ID, IsAdmin: new(true)})
	requireFault(t, err, fault.Forbidden, fault.ForbiddenCode)
	_, err = s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: p, Rep: s.admin.ID, IsActive: new(false)})
	requireFault(t, err, fault.Forbidden, fault.ForbiddenCode)
	_, _, err = s.Queries.ListReps(t.Context(), p, false, kernel.Page{})
	requireFault(t, err, fault.Forbidden, fault.ForbiddenCode)
	_, err = s.Queries.ListAPIKeys(t.Context(), p)
	requireFault(t, err, fault.Forbidden, fault.ForbiddenCode)
	_, _, err = s.CreateAPIKey.Execute(t.Context(), identityuc.CreateAPIKeyInput{Principal: p, Name: "x", Role: kernel.Rep})
	requireFault(t, err, fault.Forbidden, fault.ForbiddenCode)
	err = s.RevokeAPIKey.Execute(t.Context(), identityuc.RevokeAPIKeyInput{Principal: p})
	requireFault(t, err, fault.Forbidden, fault.ForbiddenCode)
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	other := s.rep(t, "ana@clickbalance.com")
	demote := identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: s.admin.ID, IsAdmin: new(false)}

	_, err := s.ChangeRep.Execute(t.Context(), demote)
	requireFault(t, err, fault.Conflict, identity.LastAdmin)
	_, err = s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: s.admin.ID, IsActive: new(false)})
	requireFault(t, err, fault.Conflict, identity.LastAdmin)
	_, err = s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: other.ID, IsAdmin: new(true)})
	require.NoError(t, err)
	demoted, err := s.ChangeRep.Execute(t.Context(), demote)
	require.NoError(t, err)

	require.False(t, demoted.IsAdmin)
}

func TestOfTwoAdministratorsWhoDemoteEachOtherOneStays(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for round := range 10 {
		other := s.rep(t, fmt.Sprintf("ana%d@clickbalance.com", round))
		_, err := s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: other.ID, IsAdmin: new(true)})
		require.NoError(t, err)
		errs := make([]error, 2)
		var both sync.WaitGroup
		for i, target := range []kernel.RepID{s.admin.ID, other.ID} {
			both.Go(func() {
				_, errs[i] = s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: target, IsAdmin: new(false)})
			})
		}
		both.Wait()

		require.Error(t, errors.Join(errs...))
		requireFault(t, errors.Join(errs...), fault.Conflict, identity.LastAdmin)
		if errs[0] == nil { // the first one lost its rank: give it back
			_, err := s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: s.admin.ID, IsAdmin: new(true)})
			require.NoError(t, err)
			_, err = s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: other.ID, IsAdmin: new(false)})
			require.NoError(t, err)
		}
	}
}

func TestARenamingDoesNotGiveBackALostRank(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	rep := s.rep(t, "ana@clickbalance.com")
	for range 10 {
		_, err := s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: rep.ID, IsAdmin: new(true)})
		require.NoError(t, err)
		var both sync.WaitGroup
		both.Go(func() {
			_, err := s.UpdateMe.Execute(t.Context(), identityuc.UpdateMeInput{Principal: as(rep), Name: "Ana"})
			if err != nil {
				t.Error(err)
			}
		})
		both.Go(func() {
			_, err := s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: rep.ID, IsAdmin: new(false)})
			if err != nil {
				t.Error(err)
			}
		})
		both.Wait()
		now, err := s.Queries.Me(t.Context(), as(rep))
		require.NoError(t, err)
		require.False(t, now.IsAdmin)
	}
}

func TestRepsAreListedByNameAPageAtATime(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for i := range 7 {
		rep := s.rep(t, fmt.Sprintf("ana%d@clickbalance.com", i))
		if i >= 3 { // several of one name, so that the order needs more than the name
			_, err := s.UpdateMe.Execute(t.Context(), identityuc.UpdateMeInput{Principal: as(rep), Name: "Álvaro"})
			require.NoError(t, err)
		}
		if i == 6 {
			_, err := s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: rep.ID, IsActive: new(false)})
			require.NoError(t, err)
		}
	}
	var names []string
	seen := map[kernel.RepID]bool{}
	var cursor kernel.Cursor
	for {
		page, next, err := s.Queries.ListReps(t.Context(), s.asAdmin(), false, kernel.Page{Limit: 2, Cursor: cursor})
		require.NoError(t, err)
		require.LessOrEqual(t, len(page), 2)
		for _, rep := range page {
			names = append(names, rep.Name)
			seen[rep.ID] = true
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	require.Len(t, seen, 7)
	require.ElementsMatch(t, []string{"Ada Admin", "ana0", "ana1", "ana2", "Álvaro", "Álvaro", "Álvaro"}, names)
	_, _, err := s.Queries.ListReps(t.Context(), s.asAdmin(), false, kernel.Page{Cursor: "nonsense"})
	requireFault(t, err, fault.Invalid, fault.Validation)
}

func TestARepIsFoundByEmailInTheCallersWorkspaceOnly(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, stranger := s.another(t)
	rep := s.rep(t, "ana@clickbalance.com")

	found, err := s.Queries.FindRepByEmail(t.Context(), s.asAdmin(), " Ana@ClickBalance.com")
	require.NoError(t, err)
	require.Equal(t, rep, found)
	_, err = s.Queries.FindRepByEmail(t.Context(), s.asAdmin(), stranger.Email.String())
	requireFault(t, err, fault.NotFound, identity.SalesRepNotFound)
	_, err = s.Queries.FindRepByEmail(t.Context(), s.asAdmin(), "  ")
	requireFault(t, err, fault.Invalid, fault.MissingParam)
	_, err = s.Queries.FindRepByEmail(t.Context(), s.asAdmin(), "ana")
	requireFault(t, err, fault.Invalid, fault.Validation)
	_, err = s.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: s.asAdmin(), Rep: stranger.ID, IsAdmin: new(false)})
	requireFault(t, err, fault.NotFound, identity.SalesRepNotFound)
}
