package identitypg_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// told is what a directory hears.
type told struct {
	live    chan bool
	changes chan identityuc.Change
}

func (d told) Listening(live bool)        { d.live <- live }
func (d told) Forget(c identityuc.Change) { d.changes <- c }

func listen(t *testing.T, db *postgres.DB) told {
	t.Helper()
	d := told{live: make(chan bool, 64), changes: make(chan identityuc.Change, 64)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		identitypg.NewListener(db.SystemPool(), d, quiet()).Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
	require.True(t, <-d.live)
	return d
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func changesOf(db *postgres.DB) *identitypg.Changes {
	return identitypg.NewChanges(db.SystemPool(), quiet())
}

func TestAChangeIsHeardWhenItsTransactionCommitsAndNotWhenItRollsBack(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	d := listen(t, db)
	ws := kernel.WorkspaceID(uuid.NewString())
	changes := changesOf(db)
	undone := errors.New("undone")

	err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, changes.Announce(ctx, identityuc.Change{Rep: "rolled back"}))
		return undone
	})
	require.ErrorIs(t, err, undone)
	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		return changes.Announce(ctx, identityuc.Change{Key: "committed"})
	}))

	changes.Settle(t.Context())
	require.Equal(t, identityuc.Change{Key: "committed"}, <-d.changes)
	require.Empty(t, d.changes)
}

func TestWhatWasAnnouncedIsHeardByEveryListenerWhenSettleReturns(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	listeners := []told{listen(t, pgtest.Open(t, url)), listen(t, pgtest.Open(t, url)), listen(t, db)}
	changes := changesOf(db)
	for range 50 {
		require.NoError(t, db.InTx(t.Context(), kernel.WorkspaceID(uuid.NewString()), func(ctx context.Context) error {
			return changes.Announce(ctx, identityuc.Change{Rep: "r"})
		}))
		changes.Settle(t.Context())
		for _, d := range listeners {
			require.Len(t, d.changes, 1)
			<-d.changes
		}
	}
}

func TestManyWhoSettleTakeNoConnectionFromOthers(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db, err := postgres.Open(t.Context(), postgres.Config{URL: url, MaxConns: 5, SystemConns: 5, Logger: quiet()})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	deaf, err := pgx.Connect(t.Context(), url) // on the list of listeners, and answers nothing: everybody waits
	require.NoError(t, err)
	_, err = deaf.Exec(t.Context(), "SELECT pg_advisory_lock_shared($1, 0)", 0x74657274)
	require.NoError(t, err)
	changes := changesOf(db)
	var settling sync.WaitGroup
	for range 50 {
		settling.Go(func() { changes.Settle(context.WithoutCancel(t.Context())) })
	}

	for range 100 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		var connections int
		require.NoError(t, db.SystemPool().QueryRow(ctx,
			`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()`).Scan(&connections))
		cancel()
		require.LessOrEqual(t, connections, 5+5+2, "two pools, the deaf listener and one that asks for all")
	}
	require.NoError(t, deaf.Close(t.Context()))
	settling.Wait()
}

func TestSettleWithoutListenersReturnsAtOnce(t *testing.T) {
	t.Parallel()
	began := time.Now()
	changesOf(pgtest.New(t)).Settle(t.Context())
	require.Less(t, time.Since(began), 5*time.Second)
}

func TestAListenerThatLosesItsConnectionSaysSoAndComesBack(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	d := listen(t, db)
	admin, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = admin.Close(context.Background()) }()

	for range 3 {
		// The backend that listens is the only one that holds an advisory lock.
		var ended bool
		require.NoError(t, admin.QueryRow(t.Context(), `SELECT bool_and(pg_terminate_backend(pid)) FROM pg_locks
			WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&ended))
		require.True(t, ended)
		require.False(t, <-d.live)
		require.True(t, <-d.live)
	}
	changes := changesOf(db)
	require.NoError(t, db.InTx(t.Context(), kernel.WorkspaceID(uuid.NewString()), func(ctx context.Context) error {
		return changes.Announce(ctx, identityuc.Change{Key: identity.KeyID("k")})
	}))
	changes.Settle(t.Context())
	require.Len(t, d.changes, 1)
}

func TestNewsThatCannotBeReadStartsAnew(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	d := listen(t, db)
	_, err := db.SystemPool().Exec(t.Context(), `SELECT pg_notify('tertulia_identity', 'nonsense')`)
	require.NoError(t, err)

	require.False(t, <-d.live)
	require.True(t, <-d.live)
}

func TestAListenerThatIsGoneIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	// It is on the list, and answers nothing.
	deaf, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	_, err = deaf.Exec(t.Context(), "SELECT pg_advisory_lock_shared($1, 0)", 0x74657274)
	require.NoError(t, err)
	settled := make(chan struct{})
	began := time.Now()
	go func() {
		defer close(settled)
		changesOf(db).Settle(t.Context())
	}()
	require.Never(t, func() bool {
		select {
		case <-settled:
			return true
		default:
			return false
		}
	}, 300*time.Millisecond, 20*time.Millisecond)

	require.NoError(t, deaf.Close(t.Context()))

	<-settled
	require.Less(t, time.Since(began), 5*time.Second)
}
