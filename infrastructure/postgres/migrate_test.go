package postgres_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/migrations"
)

func TestProcessesThatMigrateAtOnceApplyEachMigrationOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	files := withMigration(t, "20990101000000_more.sql", "-- +goose Up\ncreate table more (id int);")

	var group errgroup.Group
	for range 3 {
		group.Go(func() error { return postgres.Migrate(t.Context(), url, files) })
	}

	require.NoError(t, group.Wait())
}

func TestAMigrationThatFailsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	files := withMigration(t, "20990101000000_more.sql", "-- +goose Up\ncreate table more (id int);\nselect 1/0;")

	require.ErrorContains(t, postgres.Migrate(t.Context(), url, files), "22012")

	var there bool
	require.NoError(t, connect(t, url).QueryRow(t.Context(), "select to_regclass('more') is not null").Scan(&there))
	require.False(t, there)
}

func TestAProgramThatIsNewerThanTheSchemaIsNotReady(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)

	require.NoError(t, db.CheckVersion(t.Context(), migrations.FS))
	newer := withMigration(t, "20990101000000_more.sql", "-- +goose Up\nselect 1;")
	require.ErrorIs(t, db.CheckVersion(t.Context(), newer), postgres.ErrBehind)
}

func TestFoldingMindsNeitherCaseNorAccents(t *testing.T) {
	t.Parallel()
	admin := connect(t, pgtest.URL(t))
	execute(t, admin, "create table word (w text); create index on word (tertulia_fold(w))") // immutable

	for from, to := range map[string]string{"Peñón": "penon", "ÁRBOL": "arbol", "e\u0301": "e", "ação": "acao", "x": "x", "": ""} {
		var folded string
		require.NoError(t, admin.QueryRow(t.Context(), "select tertulia_fold($1)", from).Scan(&folded))
		require.Equal(t, to, folded)
	}
}

// withMigration is the real migrations and one more.
func withMigration(t *testing.T, name, content string) fs.FS {
	t.Helper()
	all := fstest.MapFS{name: {Data: []byte(content)}}
	require.NoError(t, fs.WalkDir(migrations.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".sql") {
			return err
		}
		data, err := fs.ReadFile(migrations.FS, path)
		all[path] = &fstest.MapFile{Data: data}
		return err
	}))
	return all
}
