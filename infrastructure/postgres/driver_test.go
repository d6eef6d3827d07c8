package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// sample has a column of every sort that repositories use.
type sample struct {
	bun.BaseModel `bun:"table:sample"`

	ID      string            `bun:"id,pk"`
	Yes     bool              `bun:"yes"`
	Small   int16             `bun:"small"`
	Big     int64             `bun:"big"`
	Ratio   float64           `bun:"ratio"`
	Bytes   []byte            `bun:"bytes"`
	At      time.Time         `bun:"at"`
	Day     time.Time         `bun:"day,type:date"`
	Maybe   *time.Time        `bun:"maybe"`
	Labels  []string          `bun:"labels,array"`
	JSON    map[string]string `bun:"json,type:jsonb"`
	Mood    string            `bun:"mood"`
	Amount  string            `bun:"amount"`
	Nothing *string           `bun:"nothing"`
}

func TestEveryColumnTypeComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	execute(t, db.admin, `
		create type mood as enum ('bright', 'dull');
		create table sample (id uuid, yes bool, small int2, big int8, ratio float8, bytes bytea, at timestamptz, day date,
			maybe timestamptz, labels text[], json jsonb, mood mood, amount numeric, nothing text);
		grant select, insert on sample to tertulia_app`)
	at := time.Date(2026, 11, 21, 3, 4, 5, 678_901_000, time.UTC)
	want := sample{
		ID: uuid.NewString(), Yes: true, Small: -7, Big: 1 << 60, Ratio: 0.1, Bytes: []byte{0, 255, '\\', '\''},
		At: at, Day: at.Truncate(24 * time.Hour), Labels: []string{"uno", `d"os, {tres}`, ""},
		JSON: map[string]string{"ñ": "'; --"}, Mood: "bright", Amount: "123456789012345678.90",
	}
	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		_, err := postgres.Conn(ctx).NewInsert().Model(&want).Exec(ctx)
		return err
	}))

	read := func(ctx context.Context) error {
		var got sample
		err := postgres.Conn(ctx).NewSelect().Model(&got).Scan(ctx)
		require.Equal(t, want, got)
		require.Equal(t, time.UTC, got.At.Location())
		return err
	}

	require.NoError(t, db.Read(t.Context(), ws, read))
	require.NoError(t, db.InTx(t.Context(), ws, read))
}

func TestAnErrorAfterTheFirstRowsIsSeen(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	failing := func(ctx context.Context) error {
		var all []int
		return postgres.Conn(ctx).NewRaw("select 10/(20000-g) from generate_series(1, 30000) g").Scan(ctx, &all)
	}

	require.ErrorContains(t, db.Read(t.Context(), ws, failing), "22012")
	require.ErrorContains(t, db.InTx(t.Context(), ws, failing), "22012")
	require.ErrorContains(t, db.Read(t.Context(), ws, func(ctx context.Context) error {
		var first int
		return postgres.Conn(ctx).QueryRowContext(ctx, "select 1; select 1/0").Scan(&first)
	}), "22012", "also one of a later statement of the same message")

	require.NoError(t, db.Read(t.Context(), ws, func(ctx context.Context) error { // the pool goes on
		_, err := texts(ctx)
		return err
	}))
}

func TestABrokenStatementQuotesNoValueInItsError(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	const private = "ana@example.com"
	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error { return add(ctx, ws, private) }))

	for _, statement := range []string{
		"insert into note (id, workspace_id, text) values (gen_random_uuid(), '" + string(ws) + "', '" + private + "')",
		"select '" + private + "'::uuid", "select '" + private + "'::int", "select '" + private + "' '" + private + "' \"" + private,
	} {
		err := db.InTx(t.Context(), ws, func(ctx context.Context) error {
			_, err := postgres.Conn(ctx).ExecContext(ctx, statement)
			return err
		})
		var pg *pgconn.PgError
		require.ErrorAs(t, err, &pg)
		require.NotContains(t, err.Error(), private)
		require.NotContains(t, pg.Detail+pg.Hint+pg.Where, private)
	}
}

func TestACancelledQueryEndsAndThePoolGoesOn(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()

	err := db.Read(ctx, ws, func(ctx context.Context) error {
		_, err := postgres.Conn(ctx).ExecContext(ctx, "select pg_sleep(30)")
		return err
	})
	require.ErrorIs(t, err, context.DeadlineExceeded)

	require.NoError(t, db.Read(t.Context(), ws, func(ctx context.Context) error {
		_, err := texts(ctx)
		return err
	}))
}

func TestTheStatementTimeoutEndsAQuery(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	quick, err := postgres.Open(t.Context(), postgres.Config{URL: db.url, StatementTimeout: 30 * time.Millisecond})
	require.NoError(t, err)
	defer quick.Close()

	err = quick.Read(t.Context(), ws, func(ctx context.Context) error {
		_, err := postgres.Conn(ctx).ExecContext(ctx, "select pg_sleep(30)")
		return err
	})

	require.ErrorContains(t, err, "statement timeout")
}

func TestRawAndCollectStayInTheirWorkspace(t *testing.T) {
	t.Parallel()
	db, ws, other := newNotes(t), newWorkspace(), newWorkspace()

	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		raw, err := postgres.Raw(ctx)
		require.NoError(t, err)
		batch := &pgx.Batch{}
		for _, text := range []string{"a", "b", "c"} {
			batch.Queue("insert into note (id, workspace_id, text) values ($1, $2, $3)", uuid.NewString(), string(ws), text)
		}
		return raw.SendBatch(ctx, batch).Close()
	}))

	const query = "select text from note where text > $1 order by text"
	require.Equal(t, []string{"b", "c"}, collected(t, db.DB, ws, query, "a"))
	require.Empty(t, collected(t, db.DB, other, query, "a"))
	require.ErrorContains(t, db.Read(t.Context(), ws, func(ctx context.Context) error {
		_, err := postgres.Collect(ctx, pgx.RowTo[string], "delete from note returning text")
		return err
	}), "read-only transaction")
}

func TestCollectSeesWhatItsTransactionHasWritten(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		require.NoError(t, add(ctx, ws, "a"))
		found, err := postgres.Collect(ctx, pgx.RowTo[string], "select text from note")
		require.NoError(t, err)
		require.Equal(t, []string{"a"}, found)
		return nil
	}))
}

func collected(t *testing.T, db *postgres.DB, ws kernel.WorkspaceID, query string, args ...any) (found []string) {
	t.Helper()
	require.NoError(t, db.Read(t.Context(), ws, func(ctx context.Context) (err error) {
		found, err = postgres.Collect(ctx, pgx.RowTo[string], query, args...)
		return err
	}))
	return found
}
