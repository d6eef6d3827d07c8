package identitypg_test

import (
	"context"
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
)

var at = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func newWorkspace(t *testing.T, db *postgres.DB, slug string) kernel.WorkspaceID {
	t.Helper()
	w := identity.Workspace{
		ID: kernel.WorkspaceID(uuid.NewString()), Name: slug, Slug: slug, Timezone: "UTC", Language: "es", CreatedAt: at,
	}
	require.NoError(t, db.System(t.Context(), func(ctx context.Context) error { return identitypg.Workspaces{}.Add(ctx, w) }))
	return w.ID
}

func newRep(ws kernel.WorkspaceID, email identity.Email) identity.Rep {
	return identity.Rep{ID: kernel.RepID(uuid.NewString()), Workspace: ws, Email: email, Name: "Ana", CreatedAt: at}
}

func add(t *testing.T, db *postgres.DB, rep identity.Rep) identity.Rep {
	t.Helper()
	var stored identity.Rep
	require.NoError(t, db.InTx(t.Context(), rep.Workspace, func(ctx context.Context) (err error) {
		stored, err = identitypg.Reps{}.Add(ctx, rep)
		return err
	}))
	return stored
}

func TestARepIsStoredAndReadBackWhole(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ws := newWorkspace(t, db, "a")
	rep := newRep(ws, "ana@example.com")
	rep.IsAdmin, rep.HubspotOwnerID, rep.HubspotOwnerOverride, rep.DeactivatedAt = true, "11", "22", &at

	require.Equal(t, rep, add(t, db, rep))

	var got identity.Rep
	require.NoError(t, db.Read(t.Context(), ws, func(ctx context.Context) (err error) {
		got, err = identitypg.Reps{}.Get(ctx, ws, rep.ID)
		return err
	}))
	require.Equal(t, rep, got)
}

func TestOneAddressIsOneRepInAWorkspaceAndAnotherInAnother(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	a, b := newWorkspace(t, db, "a"), newWorkspace(t, db, "b")
	first := newRep(a, "ana@example.com")

	require.Equal(t, first, add(t, db, first))
	require.Equal(t, first, add(t, db, newRep(a, "ana@example.com")))
	require.Equal(t, first, add(t, db, newRep(a, "ANA@example.com")))
	elsewhere := newRep(b, "ana@example.com")
	require.Equal(t, elsewhere, add(t, db, elsewhere))
}

func TestAWorkspaceSeesNothingOfAnother(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	mine, theirs := newWorkspace(t, db, "mine"), newWorkspace(t, db, "theirs")
	rep := add(t, db, newRep(theirs, "ana@example.com"))
	key, _ := identity.NewKey(identity.KeyID(uuid.NewString()), theirs, "n8n", kernel.Rep, at)
	require.NoError(t, db.InTx(t.Context(), theirs, func(ctx context.Context) error { return identitypg.Keys{}.Add(ctx, key) }))

	require.NoError(t, db.InTx(t.Context(), mine, func(ctx context.Context) error {
		// The queries name the other workspace: only row-level security is in the way.
		_, err := identitypg.Reps{}.Get(ctx, theirs, rep.ID)
		require.Equal(t, fault.NotFound, fault.KindOf(err))
		_, found, err := identitypg.Reps{}.FindByEmail(ctx, theirs, rep.Email)
		require.NoError(t, err)
		require.False(t, found)
		keys, err := identitypg.Keys{}.List(ctx, theirs)
		require.NoError(t, err)
		require.Empty(t, keys)
		revoked, err := identitypg.Keys{}.Revoke(ctx, theirs, key.ID, at)
		require.NoError(t, err)
		require.False(t, revoked)
		_, err = identitypg.Workspaces{}.Get(ctx, theirs)
		require.Equal(t, fault.NotFound, fault.KindOf(err))
		return nil
	}))
	err := db.InTx(t.Context(), mine, func(ctx context.Context) error {
		_, err := identitypg.Reps{}.Add(ctx, newRep(theirs, "intruder@example.com"))
		return err
	})
	require.Error(t, err)
	err = db.InTx(t.Context(), mine, func(ctx context.Context) error {
		return identitypg.Workspaces{}.Add(ctx, identity.Workspace{ID: mine, Name: "x", Slug: "x", Timezone: "UTC", Language: "es"})
	})
	require.Error(t, err)
}

func TestTheUseOfAKeyIsNotedOnceInFiveMinutes(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ws := newWorkspace(t, db, "a")
	key, secret := identity.NewKey(identity.KeyID(uuid.NewString()), ws, "n8n", kernel.Admin, at)
	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error { return identitypg.Keys{}.Add(ctx, key) }))
	lastUse := func(now time.Time) time.Time {
		var keys []identity.Key
		require.NoError(t, db.System(t.Context(), func(ctx context.Context) error {
			found, ok, err := identitypg.Keys{}.FindByHash(ctx, identity.HashOf(secret), now)
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, kernel.Admin, found.Role)
			keys, err = identitypg.Keys{}.List(ctx, ws)
			return err
		}))
		return *keys[0].LastUsedAt
	}

	require.Equal(t, at, lastUse(at))
	require.Equal(t, at, lastUse(at.Add(4*time.Minute)))
	require.Equal(t, at.Add(5*time.Minute), lastUse(at.Add(5*time.Minute)))
}
