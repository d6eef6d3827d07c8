package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
)

func TestAQueryOutsideOfAWorkspaceIsAnErrorNotAnEmptyAnswer(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	_, err := texts(t.Context())
	require.ErrorIs(t, err, postgres.ErrNoWorkspace)
	require.ErrorIs(t, add(t.Context(), ws, "nowhere"), postgres.ErrNoWorkspace)
	_, err = postgres.Raw(t.Context())
	require.ErrorIs(t, err, postgres.ErrNoWorkspace)

	// A connection kept from a Read is of no use outside of it, nor for a transaction by hand.
	require.NoError(t, db.Read(t.Context(), ws, func(ctx context.Context) error {
		kept := postgres.Conn(ctx)
		_, err := kept.ExecContext(t.Context(), "select 1")
		require.ErrorIs(t, err, postgres.ErrNoWorkspace)
		_, err = kept.BeginTx(ctx, nil)
		require.ErrorIs(t, err, postgres.ErrNoWorkspace)
		return nil
	}))

	// And should somebody get past all that, the policy itself raises, on fresh and on used connections.
	app := connect(t, db.url)
	execute(t, app, "set role tertulia_app")
	for range 2 {
		err = app.QueryRow(t.Context(), "select count(*) from note").Scan(new(int))
		require.ErrorContains(t, err, "app.workspace_id")
		execute(t, app, "begin; select set_config('app.workspace_id', '"+string(ws)+"', true); commit")
		err = app.QueryRow(t.Context(), "select count(*) from note").Scan(new(int))
		require.ErrorContains(t, err, "invalid input syntax for type uuid")
		app = connect(t, db.url)
		execute(t, app, "set role tertulia_app")
	}
}

func TestOnlyCanonicalUUIDsAreWorkspaces(t *testing.T) {
	t.Parallel()
	db := newNotes(t)
	fn := func(context.Context) error { t.Error("entered"); return nil }

	for _, ws := range []kernel.WorkspaceID{"", "x", "',true);drop table note;select('aaaaaaaaaa"} {
		require.ErrorContains(t, db.InTx(t.Context(), ws, fn), "enter workspace")
		require.ErrorContains(t, db.Read(t.Context(), ws, fn), "enter workspace")
	}
	_, err := postgres.Collect(t.Context(), pgx.RowTo[string], "select text from note")
	require.ErrorIs(t, err, postgres.ErrNoWorkspace)
}

func TestAWorkspaceNeitherSeesNorChangesNorPlantsRowsOfAnother(t *testing.T) {
	t.Parallel()
	db, mine, theirs := newNotes(t), newWorkspace(), newWorkspace()
	require.NoError(t, db.InTx(t.Context(), theirs, func(ctx context.Context) error { return add(ctx, theirs, "secret") }))

	require.NoError(t, db.InTx(t.Context(), mine, func(ctx context.Context) error {
		found, err := texts(ctx)
		require.NoError(t, err)
		require.Empty(t, found)
		changed, err := postgres.Changed(postgres.Conn(ctx).NewUpdate().Model((*note)(nil)).
			Set("text = 'stolen'").Where("text = 'secret'").Exec(ctx))
		require.False(t, changed)
		return err
	}))
	err := db.InTx(t.Context(), mine, func(ctx context.Context) error { return add(ctx, theirs, "planted") })
	require.ErrorContains(t, err, "row-level security")

	require.NoError(t, db.System(t.Context(), func(ctx context.Context) error {
		found, err := texts(ctx)
		require.Equal(t, []string{"secret"}, found, "the system sees every workspace")
		return err
	}))
}

func TestAReadCannotWrite(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	err := db.Read(t.Context(), ws, func(ctx context.Context) error { return add(ctx, ws, "written") })

	require.ErrorContains(t, err, "read-only transaction")
}

func TestTenThousandMixedTransactionsOnFourConnectionsLeakNothing(t *testing.T) {
	t.Parallel()
	db := newNotes(t)
	four, err := postgres.Open(t.Context(), postgres.Config{URL: db.url, MaxConns: 4})
	require.NoError(t, err)
	defer four.Close()

	leaks, err := countLeaks(t.Context(), four, 10_000)
	require.NoError(t, err)
	require.Zero(t, leaks)

	// The same count sees a leak where there is one.
	execute(t, db.admin, "alter table note disable row level security")
	leaks, err = countLeaks(t.Context(), four, 200)
	require.NoError(t, err)
	require.NotZero(t, leaks)
	require.ErrorIs(t, four.CheckIsolation(t.Context()), postgres.ErrNotIsolated)
}

// countLeaks runs n transactions and reads of eight workspaces, some of which fail, and counts the rows of a wrong
// workspace that they saw.
func countLeaks(ctx context.Context, db *postgres.DB, n int) (int64, error) {
	workspaces := make([]kernel.WorkspaceID, 8)
	for i := range workspaces {
		workspaces[i] = newWorkspace()
	}
	var leaks atomic.Int64
	look := func(ctx context.Context, ws kernel.WorkspaceID) error {
		var strangers int
		err := postgres.Conn(ctx).NewSelect().Model((*note)(nil)).
			ColumnExpr("count(*) filter (where workspace_id <> ?)", ws).Scan(ctx, &strangers)
		leaks.Add(int64(strangers))
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for i := range n {
		group.Go(func() error {
			ws := workspaces[rand.IntN(len(workspaces))]
			switch i % 4 {
			case 0:
				return db.Read(ctx, ws, func(ctx context.Context) error { return look(ctx, ws) })
			case 1:
				err := db.InTx(ctx, ws, func(ctx context.Context) error {
					_ = look(ctx, ws)
					return errPlanned
				})
				if !errors.Is(err, errPlanned) {
					return fmt.Errorf("want the planned error: %w", err)
				}
				return nil
			case 2:
				return db.Read(ctx, ws, func(ctx context.Context) error {
					_, err := postgres.Collect(ctx, pgx.RowTo[int], "select 1 from note limit 1")
					return err
				})
			default:
				return db.InTx(ctx, ws, func(ctx context.Context) error {
					if i%40 == 3 { // few rows, so that looking stays quick
						if err := add(ctx, ws, fmt.Sprintf("%s %d", ws, i)); err != nil {
							return err
						}
					}
					return look(ctx, ws)
				})
			}
		})
	}
	err := group.Wait()
	return leaks.Load(), err
}

func TestEveryTenantTableOfTheSchemaForcesRowLevelSecurity(t *testing.T) {
	t.Parallel()
	admin := connect(t, pgtest.URL(t))

	var tables, forced int
	err := admin.QueryRow(t.Context(), `
		select count(*), count(*) filter (where relrowsecurity and relforcerowsecurity)
		from pg_class c join pg_attribute a on a.attrelid = c.oid and attname = 'workspace_id' and not attisdropped
		where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`).Scan(&tables, &forced)

	require.NoError(t, err)
	require.Equal(t, tables, forced)
	t.Logf("%d of %d tenant tables are forced", forced, tables)
}

func TestStartUpRefusesADatabaseThatDoesNotIsolate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ plant, complaint string }{
		"security not enabled": {"alter table note disable row level security", "table note does not force"},
		"security not forced":  {"alter table note no force row level security", "table note does not force"},
		"a forgotten table":    {"create table forgotten (workspace_id uuid)", "table forgotten does not force"},
		"a wide policy":        {"create policy wide on note to public using (true)", "policy wide on table note"},
		"a view of the owner":  {"create view all_notes as table note; grant select on all_notes to tertulia_app", "view all_notes"},
		"a function of the owner": {
			"create function all_texts() returns setof text language sql security definer as 'select text from note'",
			"function all_texts",
		},
		"the app owns a table": {
			"grant create on schema public to tertulia_app; alter table note owner to tertulia_app", "owner of table note",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := newNotes(t)
			execute(t, db.admin, c.plant)

			_, err := postgres.Open(t.Context(), postgres.Config{URL: db.url})

			require.ErrorIs(t, err, postgres.ErrNotIsolated)
			require.ErrorContains(t, err, c.complaint)
		})
	}
}

func TestStartUpRefusesARoleThatBypassesRowLevelSecurity(t *testing.T) {
	t.Parallel()
	db := newNotes(t)

	_, err := postgres.OpenAs(t.Context(), postgres.Config{URL: db.url}, "postgres")

	require.ErrorIs(t, err, postgres.ErrNotIsolated)
	require.ErrorContains(t, err, "bypasses row-level security")
}
