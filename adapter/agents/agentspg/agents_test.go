package agentspg

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var at = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

func workspace(t *testing.T, db *postgres.DB, slug string) kernel.WorkspaceID {
	t.Helper()
	ws := kernel.WorkspaceID(uuid.NewString())
	require.NoError(t, db.System(t.Context(), func(ctx context.Context) error {
		return identitypg.Workspaces{}.Add(ctx, identity.Workspace{ID: ws, Name: slug, Slug: slug, Timezone: "UTC", Language: "es", CreatedAt: at})
	}))
	return ws
}

func TestAgentsAreListedAsTheyWereStored(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ws, other := workspace(t, db, "mine"), workspace(t, db, "theirs")
	warm, most := 0.5, 0.25
	full := agents.Agent{
		Workspace: ws, Key: "second", Kind: agents.Evaluator, DisplayName: "Evaluadora", Instructions: "Mira el cierre.", Version: 1,
		Model: "gpt-5", Params: agents.Params{Temperature: &warm, TopP: &most}, SuggestedQuestions: []string{"¿Qué faltó?"},
		MeetingTypes: []agents.MeetingType{"sales"}, Subtype: "closing", StoreID: "vs_1", Position: 2, Active: true, CreatedAt: at, UpdatedAt: at.Add(time.Hour),
	}
	bare := agents.Agent{
		Workspace: ws, Key: "first", Kind: agents.Evaluator, DisplayName: "Otra", Instructions: "Breve.", Version: 1, Position: 1, CreatedAt: at, UpdatedAt: at,
	}
	foreign := bare
	foreign.Workspace = other
	for _, a := range []agents.Agent{full, bare, foreign} {
		require.NoError(t, db.InTx(t.Context(), a.Workspace, func(ctx context.Context) error {
			added, err := Agents{}.Add(ctx, a, "")
			require.True(t, added)
			return err
		}))
	}

	require.NoError(t, db.Read(t.Context(), ws, func(ctx context.Context) error {
		list, err := Agents{}.List(ctx, ws)
		require.NoError(t, err)
		require.Len(t, list, 2)
		for i, want := range []agents.Agent{bare, full} {
			found, ok, err := Agents{}.Find(ctx, ws, want.Key)
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, found, list[i], "listed as it is found")
		}
		require.Equal(t, full, utc(list[1]))
		return nil
	}))
}

// utc has the times of an agent in UTC.
func utc(a agents.Agent) agents.Agent {
	a.CreatedAt, a.UpdatedAt = a.CreatedAt.UTC(), a.UpdatedAt.UTC()
	return a
}

func TestOnlyRetiredModelsOfAWorkspaceAreRetired(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ws, other := workspace(t, db, "mine"), workspace(t, db, "theirs")
	for _, n := range []agentsuc.ModelNotice{
		{Workspace: ws, Model: "gone", About: agentsuc.NoticeRetired, At: at},
		{Workspace: ws, Model: "going", About: agentsuc.NoticeEnding, At: at},
		{Workspace: other, Model: "theirs", About: agentsuc.NoticeRetired, At: at},
	} {
		require.NoError(t, db.InTx(t.Context(), n.Workspace, func(ctx context.Context) error {
			_, err := ModelNotices{}.Add(ctx, n)
			return err
		}))
	}
	require.NoError(t, db.Read(t.Context(), ws, func(ctx context.Context) error {
		names, err := ModelNotices{}.Retired(ctx, ws)
		require.Equal(t, []string{"gone"}, names)
		return err
	}))
}
