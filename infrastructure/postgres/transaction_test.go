package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

var errPlanned = errors.New("planned")

func TestATransactionKeepsWhatItWroteAndAFailedOneDoesNot(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error { return add(ctx, ws, "kept") }))
	require.ErrorIs(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, add(ctx, ws, "dropped"))
		return errPlanned
	}), errPlanned)

	require.NoError(t, db.Read(t.Context(), ws, func(ctx context.Context) error {
		found, err := texts(ctx)
		require.Equal(t, []string{"kept"}, found)
		return err
	}))
}

func TestATransactionBeginsWithItsFirstStatement(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	open := func() (n int) {
		const openSQL = "select count(*) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'"
		require.NoError(t, db.admin.QueryRow(t.Context(), openSQL).Scan(&n))
		return n
	}

	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, postgres.Later(ctx, "add note", addNoteSQL, string(ws), "one"))
		require.Zero(t, open(), "a message of its own would cost a turn")
		n, err := postgres.Exec(ctx, "update note set text = text")
		require.EqualValues(t, 1, n)
		require.Equal(t, 1, open())
		return err
	}))
	require.ErrorIs(t, db.InTx(t.Context(), ws, func(context.Context) error { return errPlanned }), errPlanned)

	require.Zero(t, open())
	require.Equal(t, 1, db.count(t))
}

func TestAPanicRollsBackAndGoesOn(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	require.PanicsWithValue(t, "planned", func() {
		_ = db.InTx(t.Context(), ws, func(ctx context.Context) error {
			require.NoError(t, add(ctx, ws, "dropped"))
			panic("planned")
		})
	})

	require.Zero(t, db.count(t))
}

func TestANestedCallJoinsItsTransaction(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, db.InTx(ctx, ws, func(ctx context.Context) error { return add(ctx, ws, "inner") }))
		require.NoError(t, db.Read(ctx, ws, func(ctx context.Context) error {
			found, err := texts(ctx)
			require.Equal(t, []string{"inner"}, found, "a read inside sees what the transaction wrote")
			return err
		}))
		require.Zero(t, db.count(t), "nothing is committed before the outermost call returns")
		return nil
	})

	require.NoError(t, err)
	require.Equal(t, 1, db.count(t))
}

func TestAnInnerErrorRollsTheWholeBackEvenWhenItIsSwallowed(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, add(ctx, ws, "outer"))
		_ = db.InTx(ctx, ws, func(context.Context) error { return errPlanned })
		return nil
	})

	require.ErrorIs(t, err, postgres.ErrRolledBack)
	require.ErrorIs(t, err, errPlanned)
	require.Zero(t, db.count(t))
}

func TestAnInnerPanicThatIsRecoveredRollsTheWholeBack(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.Panics(t, func() { _ = db.InTx(ctx, ws, func(context.Context) error { panic("planned") }) })
		return add(ctx, ws, "outer")
	})

	require.ErrorIs(t, err, postgres.ErrRolledBack)
	require.Zero(t, db.count(t))
}

func TestATransactionOfAnotherWorkspaceOrOfTheSystemDoesNotNest(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	nothing := func(context.Context) error { return nil }

	for name, nested := range map[string]func(ctx context.Context) error{
		"another workspace": func(ctx context.Context) error { return db.InTx(ctx, newWorkspace(), nothing) },
		"another's read":    func(ctx context.Context) error { return db.Read(ctx, newWorkspace(), nothing) },
		"the system":        func(ctx context.Context) error { return db.System(ctx, nothing) },
	} {
		require.ErrorIs(t, db.InTx(t.Context(), ws, nested), postgres.ErrNested, name)
	}
	require.ErrorIs(t, db.System(t.Context(), func(ctx context.Context) error {
		return db.InTx(ctx, ws, nothing)
	}), postgres.ErrNested)
}

func TestACommitThatFailsIsAnError(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	ran := false

	err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
		postgres.AfterCommit(ctx, func() { ran = true })
		nobody := uuid.NewString() // the deferred foreign key is checked by COMMIT
		_, err := postgres.Conn(ctx).NewInsert().
			Model(&note{ID: uuid.NewString(), Workspace: ws, Text: "orphan", Parent: &nobody}).Exec(ctx)
		return err
	})

	require.ErrorContains(t, err, "commit transaction")
	require.ErrorContains(t, err, "23503")
	require.False(t, ran)
	require.Zero(t, db.count(t))
}

func TestACommitAfterASwallowedStatementErrorIsAnError(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, add(ctx, ws, "same"))
		require.True(t, postgres.IsUniqueViolation(add(ctx, ws, "same"), "note_text_key"))
		return nil
	})

	require.ErrorContains(t, err, "commit transaction")
	require.Zero(t, db.count(t))
}

func TestACancelledTransactionIsNotCommitted(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	ctx, cancel := context.WithCancel(t.Context())

	err := db.InTx(ctx, ws, func(ctx context.Context) error {
		require.NoError(t, add(ctx, ws, "late"))
		cancel()
		return nil
	})

	require.Error(t, err)
	require.Zero(t, db.count(t))
	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error { return add(ctx, ws, "next") }))
}

func TestAfterCommitRunsInOrderOnceTheOutermostCallHasCommitted(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	var ran []string
	note := func(name string) func() { return func() { ran = append(ran, name) } }

	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.True(t, postgres.InTransaction(ctx))
		postgres.AfterCommit(ctx, note("first"))
		require.NoError(t, db.InTx(ctx, ws, func(ctx context.Context) error {
			postgres.AfterCommit(ctx, note("second"))
			return nil
		}))
		require.Empty(t, ran)
		return nil
	}))
	require.Equal(t, []string{"first", "second"}, ran)

	_ = db.InTx(t.Context(), ws, func(ctx context.Context) error {
		postgres.AfterCommit(ctx, note("never"))
		return errPlanned
	})
	require.False(t, postgres.InTransaction(t.Context()))
	postgres.AfterCommit(t.Context(), note("at once"))
	require.Equal(t, []string{"first", "second", "at once"}, ran)
}

func TestWhatRunsAfterACommitMayBeginAnotherTransaction(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	var then, late error

	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		postgres.AfterCommit(ctx, func() {
			then = db.InTx(ctx, ws, func(ctx context.Context) error { return add(ctx, ws, "then") })
			late = add(ctx, ws, "late")
		})
		return add(ctx, ws, "first")
	}))

	require.NoError(t, then)
	require.ErrorIs(t, late, sql.ErrTxDone, "the connection of a transaction that is over is of no use")
	require.Equal(t, 2, db.count(t))
}

func TestAFenceRefusesTheTransactionsBegunUnderIt(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	execute(t, db.admin, `
		create function lease_is_mine(mine boolean) returns void language plpgsql as $$
		begin
			if not mine then
				raise exception 'the lease is lost' using errcode = 'TT001';
			end if;
		end $$`)
	write := func(ctx context.Context) error {
		return db.InTx(ctx, ws, func(ctx context.Context) error { return add(ctx, ws, uuid.NewString()) })
	}

	require.NoError(t, write(postgres.WithFence(t.Context(), "select lease_is_mine(true)")))
	err := write(postgres.WithFence(t.Context(), "select lease_is_mine(false)"))
	require.ErrorIs(t, err, postgres.ErrFenced)
	err = write(postgres.WithFence(t.Context(), "select 1 / $1::int", 0))
	require.ErrorContains(t, err, "22012")
	require.NotErrorIs(t, err, postgres.ErrFenced)

	swallowed := db.InTx(postgres.WithFence(t.Context(), "select lease_is_mine(false)"), ws, func(ctx context.Context) error {
		_ = add(ctx, ws, uuid.NewString())
		return errPlanned
	})
	require.ErrorIs(t, swallowed, postgres.ErrFenced, "whatever is made of it inside")
	require.NotErrorIs(t, swallowed, errPlanned)
	silent := db.InTx(postgres.WithFence(t.Context(), "select lease_is_mine(false)"), ws, func(context.Context) error { return nil })
	require.ErrorIs(t, silent, postgres.ErrFenced, "also one in which nothing is said")

	require.NoError(t, write(t.Context()), "a refused transaction leaves its connection clean")
	require.Equal(t, 2, db.count(t))
}
