package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

const addNoteSQL = `insert into note (id, workspace_id, text) values (gen_random_uuid(), $1, $2)`

func TestWhatIsSentLaterIsThereForWhoeverAsksAndAtTheEnd(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	require.ErrorIs(t, postgres.Later(t.Context(), "add note", addNoteSQL, string(ws), "nowhere"), postgres.ErrNoWorkspace)

	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, postgres.Later(ctx, "add note", addNoteSQL, string(ws), "one"))
		require.NoError(t, postgres.Later(ctx, "add note", addNoteSQL, string(ws), "two"))
		found, err := texts(ctx)
		require.ElementsMatch(t, []string{"one", "two"}, found, "a query sees what comes before it")
		require.NoError(t, postgres.Later(ctx, "add note", addNoteSQL, string(ws), "three"))
		n, err2 := postgres.Exec(ctx, "update note set text = text")
		require.EqualValues(t, 3, n)
		require.NoError(t, err2)
		require.NoError(t, postgres.Later(ctx, "add note", addNoteSQL, string(ws), "four"))
		return err
	}))

	require.Equal(t, 4, db.count(t))
}

func TestTheRowOfWhatIsSentLaterIsThereAfterTheCommit(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	var added, afterwards string
	take := func(row pgx.CollectableRow) { require.NoError(t, row.Scan(&added)) }
	const addSQL = addNoteSQL + " returning text"
	require.ErrorIs(t, postgres.LaterRow(t.Context(), "add note", take, addSQL, string(ws), "one"), postgres.ErrNoWorkspace)
	require.ErrorIs(t, postgres.Flush(t.Context()), postgres.ErrNoWorkspace)

	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, postgres.LaterRow(ctx, "add note", take, addSQL, string(ws), "one"))
		postgres.AfterCommit(ctx, func() { afterwards = added })
		require.Empty(t, added, "it has not been sent")
		return nil
	}))
	require.Equal(t, "one", afterwards)

	err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, postgres.LaterRow(ctx, "add note", take, addSQL, string(ws), "two"))
		require.NoError(t, postgres.Flush(ctx))
		require.Equal(t, "two", added)
		return postgres.LaterRow(ctx, "add note again", take, addSQL, string(ws), "two")
	})
	require.ErrorContains(t, err, "add note again")
	require.ErrorContains(t, err, "23505")
	require.Equal(t, 1, db.count(t))
}

func TestAnErrorOfWhatIsSentLaterUndoesTheTransaction(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	told := false
	for name, ask := range map[string]func(context.Context) error{
		"with the commit": func(context.Context) error { return nil },
		"before a query":  func(ctx context.Context) error { _, err := texts(ctx); return err },
	} {
		err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
			require.NoError(t, add(ctx, ws, "dropped"))
			require.NoError(t, postgres.Later(ctx, "count the uncountable", "select 1 / $1::int", 0))
			postgres.AfterCommit(ctx, func() { told = true })
			return ask(ctx)
		})
		require.ErrorContains(t, err, "count the uncountable", name)
		require.Zero(t, db.count(t), name)
	}
	require.False(t, told, "nothing was committed")
	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error { return add(ctx, ws, "kept") }))
	require.Equal(t, 1, db.count(t), "the connection is as good as before")
}
