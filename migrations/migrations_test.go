package migrations_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/migrations"
)

const sums = "landed.sum"

var update = flag.Bool("update", false, "add new migrations to "+sums)

func TestMigrationsGoForwardOnlyUnderATimestamp(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(migrations.FS, "*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	seen := map[string]bool{}
	for _, name := range files {
		require.Regexp(t, `^\d{14}_[a-z_]+\.sql$`, name)
		require.False(t, seen[name[:14]], "%s shares its timestamp", name)
		seen[name[:14]] = true
		text, err := fs.ReadFile(migrations.FS, name)
		require.NoError(t, err)
		require.Contains(t, string(text), "-- +goose Up", name)
		require.NotContains(t, string(text), "-- +goose Down", "%s: forward only", name)
	}
}

// Every table of a tenant is put under row-level security in the migration that makes it: one that is forgotten would be
// found by start-up, this finds it with its file's name.
func TestAMigrationThatMakesATableSaysWhoseItIs(t *testing.T) {
	t.Parallel()
	created := regexp.MustCompile(`(?mi)^create table (\w+)`)
	files, err := fs.Glob(migrations.FS, "*.sql")
	require.NoError(t, err)
	for _, name := range files {
		text, err := fs.ReadFile(migrations.FS, name)
		require.NoError(t, err)
		for _, table := range created.FindAllStringSubmatch(string(text), -1) {
			require.Regexp(t, `tertulia_(tenant|system)_table\('`+table[1]+`'\)`, string(text), "%s: %s", name, table[1])
		}
	}
}

// landed.sum holds the checksum of every migration, so that to change one that has run somewhere shows as what it is. A new
// one is added by `go test ./migrations -update`, which leaves the others alone.
func TestMigrationsThatHaveLandedAreNotChanged(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(sums)
	require.NoError(t, err)
	landed := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		landed[name] = sum
	}
	files, err := fs.Glob(migrations.FS, "*.sql")
	require.NoError(t, err)
	var lines strings.Builder
	for _, name := range files {
		text, err := fs.ReadFile(migrations.FS, name)
		require.NoError(t, err)
		sum := fmt.Sprintf("%x", sha256.Sum256(text))
		if landed[name] == "" && *update {
			landed[name] = sum
		}
		require.Equal(t, landed[name], sum, "%s has changed since it landed, or is new (-update)", name)
		fmt.Fprintf(&lines, "%s  %s\n", sum, name)
	}
	if *update {
		require.NoError(t, os.WriteFile(sums, []byte(lines.String()), 0o644))
	}
}

func TestMigratingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t) // migrated already
	require.NoError(t, postgres.Migrate(t.Context(), url, migrations.FS))
}
