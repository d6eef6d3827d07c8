package identityuc_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// listening tells the directory, and the test when it first hears.
type listening struct {
	*identityuc.Directory
	once  sync.Once
	heard chan struct{}
}

func (l *listening) Listening(live bool) {
	l.Directory.Listening(live)
	if live {
		l.once.Do(func() { close(l.heard) })
	}
}

// listen makes the process hear of changes until stop, which returns when it does not any more.
func (s *system) listen(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	d := &listening{Directory: s.Directory, heard: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		identitypg.NewListener(s.db.SystemPool(), d, slog.New(slog.DiscardHandler)).Run(ctx)
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	<-d.heard
	return stop
}

// newProcesses is n processes that hear of changes, on one database with a default workspace.
func newProcesses(t *testing.T, n int) []*system {
	t.Helper()
	url := pgtest.URL(t)
	c := &clock{at: someTime}
	processes := make([]*system, n)
	for i := range processes {
		processes[i] = processOn(pgtest.Open(t, url), c)
	}
	w, admin := createDefaultWorkspace(t, processes[0].UseCases)
	for _, p := range processes {
		p.workspace, p.admin = w, admin
		p.listen(t)
	}
	return processes
}

func TestARevokedKeyIsRefusedOnTheNextCallByEveryProcess(t *testing.T) {
	t.Parallel()
	processes := newProcesses(t, 3)
	first := processes[0]
	for round := range 60 {
		key, secret, err := first.CreateAPIKey.Execute(t.Context(), identityuc.CreateAPIKeyInput{
			Principal: first.asAdmin(), Name: fmt.Sprint("key ", round), Role: kernel.Rep,
		})
		require.NoError(t, err)
		call := identityuc.Credentials{APIKey: secret, ActAs: identityuc.ServiceAllowed}
		for _, p := range processes {
			_, err := p.Authenticate.Execute(t.Context(), call)
			require.NoError(t, err)
		}

		revoker := processes[round%len(processes)]
		require.NoError(t, revoker.RevokeAPIKey.Execute(t.Context(), identityuc.RevokeAPIKeyInput{Principal: first.asAdmin(), Key: key.ID}))

		for _, p := range processes {
			_, err := p.Authenticate.Execute(t.Context(), call)
			requireFault(t, err, fault.Unauthenticated, fault.Unauthorized)
		}
	}
}

func TestAProcessThatIsToldNothingWouldStillAcceptARevokedKey(t *testing.T) { // or the test above proved nothing
	t.Parallel()
	s := newSystem(t)
	s.Directory.Listening(true) // says so, and does not
	key, secret, err := s.CreateAPIKey.Execute(t.Context(), identityuc.CreateAPIKeyInput{Principal: s.asAdmin(), Name: "n8n", Role: kernel.Rep})
	require.NoError(t, err)
	call := identityuc.Credentials{APIKey: secret, ActAs: identityuc.ServiceAllowed}
	_, err = s.Authenticate.Execute(t.Context(), call)
	require.NoError(t, err)

	require.NoError(t, s.RevokeAPIKey.Execute(t.Context(), identityuc.RevokeAPIKeyInput{Principal: s.asAdmin(), Key: key.ID}))

	_, err = s.Authenticate.Execute(t.Context(), call)
	require.NoError(t, err)
	s.Directory.Listening(false)
	_, err = s.Authenticate.Execute(t.Context(), call)
	requireFault(t, err, fault.Unauthenticated, fault.Unauthorized)
}

func TestAChangedRepIsSeenOnTheNextCallByEveryProcess(t *testing.T) {
	t.Parallel()
	processes := newProcesses(t, 2)
	first, second := processes[0], processes[1]
	rep := first.rep(t, "ana@clickbalance.com")
	call := identityuc.Credentials{APIKey: serviceKey, RepEmail: "ana@clickbalance.com"}
	for round := range 20 {
		makeAdmin := round%2 == 0
		_, err := first.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{
			Principal: first.asAdmin(), Rep: rep.ID, IsAdmin: new(makeAdmin),
		})
		require.NoError(t, err)
		for _, p := range processes {
			got, err := p.Authenticate.Execute(t.Context(), call)
			require.NoError(t, err)
			require.Equal(t, makeAdmin, got.IsAdmin())
		}
	}
	_, err := first.ChangeRep.Execute(t.Context(), identityuc.ChangeRepInput{Principal: first.asAdmin(), Rep: rep.ID, IsActive: new(false)})
	require.NoError(t, err)
	_, err = second.Authenticate.Execute(t.Context(), call)
	requireFault(t, err, fault.Forbidden, fault.ForbiddenCode)
}

func TestARememberedCallerCostsNoQuery(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.Directory.Listening(true)
	_, secret, err := s.CreateAPIKey.Execute(t.Context(), identityuc.CreateAPIKeyInput{Principal: s.asAdmin(), Name: "n8n", Role: kernel.Admin})
	require.NoError(t, err)
	calls := []identityuc.Credentials{
		{APIKey: serviceKey, RepEmail: adminEmail},
		{APIKey: secret, RepEmail: adminEmail},
		{APIKey: secret, ActAs: identityuc.ServiceAllowed},
		{Bearer: "token:" + adminEmail},
		{SchedulerSecret: cronSecret},
	}
	for _, c := range calls {
		_, err := s.Authenticate.Execute(t.Context(), c)
		require.NoError(t, err)
	}

	s.db.Close() // whatever asks the database now fails

	for _, c := range calls {
		_, err := s.Authenticate.Execute(t.Context(), c)
		require.NoError(t, err)
	}
	s.clock.advance(identityuc.RepMemory)
	_, err = s.Authenticate.Execute(t.Context(), calls[0])
	require.Error(t, err)
}

func TestAProcessThatHearsNoMoreAsksTheDatabase(t *testing.T) {
	t.Parallel()
	processes := newProcesses(t, 1)
	s := processes[0]
	deaf := processOn(s.db, s.clock)
	stop := deaf.listen(t)
	key, secret, err := s.CreateAPIKey.Execute(t.Context(), identityuc.CreateAPIKeyInput{Principal: s.asAdmin(), Name: "n8n", Role: kernel.Rep})
	require.NoError(t, err)
	call := identityuc.Credentials{APIKey: secret, ActAs: identityuc.ServiceAllowed}
	_, err = deaf.Authenticate.Execute(t.Context(), call)
	require.NoError(t, err)

	stop()
	require.NoError(t, s.RevokeAPIKey.Execute(t.Context(), identityuc.RevokeAPIKeyInput{Principal: s.asAdmin(), Key: key.ID}))

	_, err = deaf.Authenticate.Execute(t.Context(), call)
	requireFault(t, err, fault.Unauthenticated, fault.Unauthorized)
}

// A caller with a key, remembered, at a concurrency of its processors. The bar is 4,000 a second for the whole request.
func BenchmarkARememberedCaller(b *testing.B) {
	url := pgtest.URL(b)
	s := processOn(pgtest.Open(b, url), &clock{at: someTime})
	w, _ := createDefaultWorkspace(b, s.UseCases)
	s.Directory.Listening(true)
	_, secret, err := s.CreateAPIKey.Execute(b.Context(), identityuc.CreateAPIKeyInput{
		Principal: kernel.System(w.ID), Name: "bench", Role: kernel.Admin,
	})
	require.NoError(b, err)
	call := identityuc.Credentials{APIKey: secret, RepEmail: string(identity.Email(adminEmail))}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := s.Authenticate.Execute(b.Context(), call); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
