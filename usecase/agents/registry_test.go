package agentsuc_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentspg"
	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

type uuids struct{}

func (uuids) New() string { return uuid.Must(uuid.NewV7()).String() }

// provider is the list of models of a provider that a test changes.
type provider struct{ listed []agentsuc.ListedModel }

func (p *provider) Models(context.Context) ([]agentsuc.ListedModel, error) { return p.listed, nil }

// registrySystem is the registry of one workspace on a real database and ledger, with an admin.
type registrySystem struct {
	*agentsuc.UseCases

	evaluators *agentsuc.Evaluators
	db         *postgres.DB
	clock      *clock
	provider   *provider
	admin      kernel.Principal
}

func newRegistrySystem(t *testing.T) *registrySystem {
	t.Helper()
	s := &registrySystem{db: pgtest.New(t), clock: &clock{now: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)}, provider: &provider{}}
	ws := kernel.WorkspaceID(uuid.NewString())
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error {
		return identitypg.Workspaces{}.Add(ctx, identity.Workspace{ID: ws, Name: "w", Slug: "w", Timezone: "UTC", Language: "es", CreatedAt: s.clock.now})
	}))
	rep := identity.Rep{ID: kernel.RepID(uuid.NewString()), Workspace: ws, Email: "ana@example.com", Name: "Ana", IsAdmin: true, CreatedAt: s.clock.now}
	require.NoError(t, s.db.InTx(t.Context(), ws, func(ctx context.Context) error {
		_, err := identitypg.Reps{}.Add(ctx, rep)
		return err
	}))
	s.admin = kernel.Principal{Kind: kernel.Person, Workspace: ws, Rep: rep.ID, Role: kernel.Admin}
	ledger, err := queue.NewLedger(queue.Config{
		DB: s.db, Registry: kinds(), Logger: slog.New(slog.DiscardHandler), Now: s.clock.Now,
	})
	require.NoError(t, err)
	shared := agentsuc.Shared{Tx: s.db, Reader: s.db, Jobs: ledger, Events: ledger, Clock: s.clock, IDs: uuids{}}
	storage := agentsuc.Storage{Agents: agentspg.Agents{}, Versions: agentspg.Versions{}, Notices: agentspg.ModelNotices{}, Admins: agentspg.Admins{}}
	settings := agentsuc.Settings{EvaluatorModel: "gpt-4o", ChatModel: "gpt-4o-mini"}
	s.UseCases = agentsuc.New(shared, storage, agentsuc.Neighbours{ProviderModels: s.provider}, agentsuc.Provider{}, settings)
	s.evaluators = agentsuc.NewEvaluators(shared, storage, settings)
	return s
}

// kinds knows the watch, which these tests run by hand.
func kinds() *queue.Registry {
	r := queue.NewRegistry()
	queue.Handle(r, queue.Kind{}, func(context.Context, queue.Run, agentsuc.WatchModels) error { return nil })
	return r
}

func (s *registrySystem) count(t *testing.T, from string) (n int) {
	t.Helper()
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error {
		return postgres.Conn(ctx).NewRaw("select count(*) from "+from).Scan(ctx, &n)
	}))
	return n
}

// serving is the model that the evaluators run on.
func (s *registrySystem) serving(t *testing.T) string {
	t.Helper()
	panel, err := s.evaluators.Panel(t.Context(), s.admin.Workspace)
	_, setup := panel.For(agents.Standup, "")
	require.NoError(t, err)
	return setup.Model.Name
}

func TestManyWhoLookFirstAtOnceMakeTheAgentsOnce(t *testing.T) {
	t.Parallel()
	s := newRegistrySystem(t)
	var wait sync.WaitGroup
	failed := make(chan error, 8)
	for range cap(failed) {
		wait.Go(func() {
			_, err := s.Queries.List(t.Context(), s.admin)
			failed <- err
		})
	}
	wait.Wait()
	for range cap(failed) {
		require.NoError(t, <-failed)
	}
	n := len(agents.DefaultKeys())
	require.Equal(t, n, s.count(t, "agents"))
	require.Equal(t, n, s.count(t, "agent_versions"))
	require.Equal(t, 1, s.count(t, "jobs where kind = 'watch_models'"), "one watch a workspace")
}

func TestAnAgentThatALaterReleaseBringsReachesAnOldWorkspace(t *testing.T) {
	t.Parallel()
	s := newRegistrySystem(t)
	_, err := s.Rename.Execute(t.Context(), s.admin, "seguimiento_general", "El nuestro")
	require.NoError(t, err)
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error { // as if it had not come yet
		_, err := postgres.Conn(ctx).ExecContext(ctx, "delete from agents where key = 'coach_ventas'")
		return err
	}))
	list, err := s.Queries.List(t.Context(), s.admin)
	require.NoError(t, err)
	require.Len(t, list, len(agents.DefaultKeys()))
	i := slices.IndexFunc(list, func(a agents.Agent) bool { return a.Key == "seguimiento_general" })
	require.Equal(t, "El nuestro", list[i].DisplayName, "what an admin has written stays")
}

func TestAModelThatTheProviderNoLongerListsFallsAndComesBackWhenItDoes(t *testing.T) {
	t.Parallel()
	s := newRegistrySystem(t)
	look := func() { require.NoError(t, s.CompareModels.Execute(t.Context(), s.admin.Workspace)) }
	look()
	require.Equal(t, "gpt-4o", s.serving(t), "where there is no list nothing is concluded from it")
	require.Equal(t, 2, s.count(t, "events where type = 'model.ending'"), "but what we know of their ends is told")

	s.provider.listed = []agentsuc.ListedModel{{Name: "gpt-4o-mini"}, {Name: "gpt-6-luna"}}
	look()
	look()
	require.Equal(t, "gpt-6-luna", s.serving(t))
	require.Equal(t, 1, s.count(t, "events where type = 'model.retired'"), "told once")

	s.provider.listed = append(s.provider.listed, agentsuc.ListedModel{Name: "gpt-4o"})
	look()
	require.Equal(t, "gpt-4o", s.serving(t))
	require.Equal(t, 1, s.count(t, "jobs where kind = 'watch_models' and state = 'pending'"), "tomorrow's look is pending")
}

func TestAnEndThatTheProviderAnnouncesIsToldAlsoOfAModelThatWeThoughtStays(t *testing.T) {
	t.Parallel()
	s := newRegistrySystem(t)
	_, err := s.SetModel.Execute(t.Context(), s.admin, "seguimiento_general", "gpt-6.1-sol")
	require.NoError(t, err)
	s.provider.listed = []agentsuc.ListedModel{
		{Name: "gpt-4o"}, {Name: "gpt-4o-mini"}, {Name: "gpt-6.1-sol", ShutdownAt: s.clock.now.AddDate(0, 0, 10)},
	}
	require.NoError(t, s.CompareModels.Execute(t.Context(), s.admin.Workspace))
	require.Equal(t, 1, s.count(t, "events where type = 'model.ending' and payload->>'model' = 'gpt-6.1-sol' and payload->>'shutdown' = '2026-12-03'"))
}

func TestOfManyEditsOfOneVersionAtOnceOneIsStoredAndTheOthersHearOfIt(t *testing.T) {
	t.Parallel()
	s := newRegistrySystem(t)
	_, err := s.Queries.List(t.Context(), s.admin)
	require.NoError(t, err)
	const editors, rounds = 16, 6
	for version := 1; version <= rounds; version++ {
		start, results := make(chan struct{}), make(chan error, editors)
		for range editors {
			go func() {
				<-start
				_, err := s.EditInstructions.Execute(t.Context(), agentsuc.EditInstructionsInput{
					Actor: s.admin, Agent: "seguimiento_general", Instructions: "A la vez.", Of: version,
				})
				results <- err
			}()
		}
		close(start)
		stored := 0
		for range editors {
			if err := <-results; err == nil {
				stored++
			} else {
				require.Equal(t, agents.VersionConflict, fault.CodeOf(err), err)
			}
		}
		require.Equal(t, 1, stored)
	}
	require.Equal(t, rounds+1, s.count(t, "agent_versions where agent_key = 'seguimiento_general'"))
}
