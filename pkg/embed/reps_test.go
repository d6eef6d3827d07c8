package embed_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

func TestARemovedRepIsRefusedOnTheNextCallWhateverIsShown(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	me, err := s.Rep.Me.Get(t.Context())
	require.NoError(t, err)
	require.True(t, me.IsActive)
	_, err = s.Admin.SalesReps.SetAdmin(t.Context(), me.ID, true)
	require.NoError(t, err)

	gone, err := s.Rep.SalesReps.SetActive(t.Context(), me.ID, false) // an administrator may leave
	require.NoError(t, err)
	require.False(t, gone.IsActive)

	booking := embedtest.Booking()
	booking.SalesRepEmail = embedtest.RepEmail
	for name, client := range map[string]*tertulia.Client{"token": s.Rep, "service key": s.Service} {
		errs := []error{}
		_, err := client.Me.Get(t.Context())
		errs = append(errs, err)
		_, err = client.Meetings.List(t.Context(), tertulia.MeetingFilter{})
		errs = append(errs, err)
		_, err = client.Meetings.Schedule(t.Context(), booking) // which makes unknown reps
		errs = append(errs, err)
		_, err = client.SalesReps.SetActive(t.Context(), me.ID, true)
		errs = append(errs, err)
		for _, err := range errs {
			require.Error(t, err, name)
			requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
		}
	}
	require.Zero(t, s.Count(t, "select count(*) from meetings"))

	active, err := s.Admin.SalesReps.List(t.Context(), tertulia.SalesRepFilter{})
	require.NoError(t, err)
	all, err := s.Admin.SalesReps.List(t.Context(), tertulia.SalesRepFilter{IncludeInactive: true})
	require.NoError(t, err)
	require.Len(t, all.Data, len(active.Data)+1)
	_, err = s.Admin.SalesReps.SetActive(t.Context(), me.ID, true)
	require.NoError(t, err)
	_, err = s.Rep.Me.Get(t.Context())
	require.NoError(t, err, "who is let back in may call at once")
}

func TestOfTwoAdministratorsWhoDemoteEachOtherAtOnceOneWins(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	admin, err := s.Admin.Me.Get(t.Context())
	require.NoError(t, err)
	rep, err := s.Rep.Me.Get(t.Context())
	require.NoError(t, err)
	for round := range 8 {
		_, err = s.App.Identity().ChangeRep.Execute(t.Context(), promote(s, admin.ID))
		require.NoError(t, err)
		_, err = s.App.Identity().ChangeRep.Execute(t.Context(), promote(s, rep.ID))
		require.NoError(t, err)
		var both sync.WaitGroup
		errs := make([]error, 2)
		end := func(client *tertulia.Client, id string) error {
			if round%2 == 0 {
				_, err := client.SalesReps.SetAdmin(t.Context(), id, false)
				return err
			}
			_, err := client.SalesReps.SetActive(t.Context(), id, false)
			return err
		}
		both.Go(func() { errs[0] = end(s.Admin, rep.ID) })
		both.Go(func() { errs[1] = end(s.Rep, admin.ID) })
		both.Wait()
		require.Equal(t, 1, s.Count(t, "select count(*) from sales_reps where workspace_id = $1 and is_admin and deactivated_at is null", s.Workspace))
		require.True(t, (errs[0] == nil) != (errs[1] == nil), "one of them: %v, %v", errs[0], errs[1])
	}
}

func TestAChangeOfARepIsCheckedAndAllOrNothing(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	admin, err := s.Admin.Me.Get(t.Context())
	require.NoError(t, err)
	for _, change := range []tertulia.ChangeRepRequest{{IsAdmin: new(false)}, {IsActive: new(false)}, {IsAdmin: new(true), IsActive: new(false)}} {
		_, err = s.Admin.SalesReps.Change(t.Context(), admin.ID, change)
		requireCode(t, err, http.StatusConflict, tertulia.CodeLastAdmin)
	}
	_, err = s.Admin.SalesReps.Change(t.Context(), admin.ID, tertulia.ChangeRepRequest{})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	still, err := s.Admin.Me.Get(t.Context())
	require.NoError(t, err)
	require.Equal(t, admin, still)
}

// promote makes a rep an active administrator again, whoever is left.
func promote(s *embedtest.System, rep string) identityuc.ChangeRepInput {
	return identityuc.ChangeRepInput{
		Principal: kernel.System(s.Workspace), Rep: kernel.RepID(rep), IsAdmin: new(true), IsActive: new(true),
	}
}
