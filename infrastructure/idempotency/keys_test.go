package idempotency_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/idempotency"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

var key = port.IdempotencyKey{Scope: "schedule/ana", Key: "k1", BodyHash: "h1"}

func newWorkspace() kernel.WorkspaceID { return kernel.WorkspaceID(uuid.NewString()) }

// reserve reserves in a transaction of its own.
func reserve(t *testing.T, db *postgres.DB, ws kernel.WorkspaceID, k port.IdempotencyKey, answer string) (string, error) {
	t.Helper()
	var earlier string
	err := db.InTx(t.Context(), ws, func(ctx context.Context) (err error) {
		earlier, err = idempotency.Keys{}.Reserve(ctx, ws, k, answer)
		return err
	})
	return earlier, err
}

func TestAKeyIsAnsweredWithWhatItLedToFirst(t *testing.T) {
	t.Parallel()
	db, ws := pgtest.New(t), newWorkspace()
	for i, want := range []string{"", "m0", "m0"} {
		earlier, err := reserve(t, db, ws, key, fmt.Sprintf("m%d", i))
		require.NoError(t, err)
		require.Equal(t, want, earlier)
	}
	other := key
	other.BodyHash = "h2"
	_, err := reserve(t, db, ws, other, "m9")
	require.Equal(t, fault.IdempotencyKeyReused, fault.CodeOf(err))
	require.Equal(t, fault.Conflict, fault.KindOf(err))
}

func TestKeysOfOtherCallersAndTenantsNeverMeet(t *testing.T) {
	t.Parallel()
	db, ws := pgtest.New(t), newWorkspace()
	_, err := reserve(t, db, ws, key, "m0")
	require.NoError(t, err)
	elsewhere := key
	elsewhere.Scope = "schedule/beto"
	for name, try := range map[string]func() (string, error){
		"another caller": func() (string, error) { return reserve(t, db, ws, elsewhere, "m1") },
		"another tenant": func() (string, error) { return reserve(t, db, newWorkspace(), key, "m1") },
		"no key":         func() (string, error) { return reserve(t, db, ws, port.IdempotencyKey{Scope: key.Scope}, "m1") },
		"no key again":   func() (string, error) { return reserve(t, db, ws, port.IdempotencyKey{Scope: key.Scope}, "m2") },
	} {
		earlier, err := try()
		require.NoError(t, err, name)
		require.Empty(t, earlier, name)
	}
}

func TestOfTwoAtOnceOneWaitsForTheOther(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string]bool{"that commits": false, "that rolls back": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, ws := pgtest.New(t), newWorkspace()
			reserved, release := make(chan struct{}), make(chan struct{})
			var both sync.WaitGroup
			both.Go(func() {
				err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
					_, err := idempotency.Keys{}.Reserve(ctx, ws, key, "first")
					close(reserved)
					<-release
					if fails {
						return errors.New("rolled back")
					}
					return err
				})
				if fails != (err != nil) {
					t.Errorf("first: %v", err)
				}
			})
			<-reserved
			var earlier string
			var err error
			both.Go(func() { earlier, err = reserve(t, db, ws, key, "second") })
			require.Eventually(t, func() bool { return pgtest.Waiting(t, db) == 1 }, 5*time.Second, 5*time.Millisecond)
			close(release)
			both.Wait()
			require.NoError(t, err)
			if fails {
				require.Empty(t, earlier, "the key is free: nothing came of the first")
			} else {
				require.Equal(t, "first", earlier)
			}
		})
	}
}

func TestAReleasedKeyIsFreeAndAnOldOneIsForgotten(t *testing.T) {
	t.Parallel()
	db, ws := pgtest.New(t), newWorkspace()
	_, err := reserve(t, db, ws, key, "m0")
	require.NoError(t, err)
	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error { return idempotency.Keys{}.Release(ctx, ws, key) }))
	earlier, err := reserve(t, db, ws, key, "m1")
	require.NoError(t, err)
	require.Empty(t, earlier)

	purge := func(before time.Time) (n int) {
		require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) (err error) {
			n, err = idempotency.Keys{}.Purge(ctx, ws, before)
			return err
		}))
		return n
	}
	require.Zero(t, purge(time.Now().Add(-time.Hour)))
	require.Equal(t, 1, purge(time.Now().Add(time.Hour)))
}

func TestAKeyWhoseEffectWasUndoneIsFree(t *testing.T) {
	t.Parallel()
	db, ws := pgtest.New(t), newWorkspace()
	err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
		_, err := idempotency.Keys{}.Reserve(ctx, ws, key, "m0")
		require.NoError(t, err)
		return errors.New("the effect failed")
	})
	require.Error(t, err)
	earlier, err := reserve(t, db, ws, key, "m1")
	require.NoError(t, err)
	require.Empty(t, earlier)
}
