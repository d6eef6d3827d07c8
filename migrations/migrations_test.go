package migrations_test

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
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

// A reference by an ID alone could lead from one tenant's row to another's.
func TestATenantsRowNamesOnlyItsOwn(t *testing.T) {
	t.Parallel()
	conn, err := pgx.Connect(t.Context(), pgtest.URL(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	rows, err := conn.Query(t.Context(), `select c.conrelid::regclass::text || '.' || c.conname
		from pg_constraint c where c.contype = 'f' and c.confrelid in ('meetings'::regclass, 'sales_reps'::regclass) and c.conrelid in ('meetings'::regclass,
			'transcripts'::regclass, 'analyses'::regclass, 'scorecards'::regclass, 'notifications'::regclass, 'agent_versions'::regclass,
			'admin_links'::regclass, 'admin_sessions'::regclass)
			and not exists (select from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey) and a.attname = 'workspace_id')
		order by 1`)
	require.NoError(t, err)
	alone, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Empty(t, alone, "name the workspace in the reference: (workspace_id, id)")

	for _, wrong := range []string{
		"insert into transcripts (meeting_id, id, workspace_id, body, stored_at) select id, gen_random_uuid(), $2, '{}', now() from meetings where $1::uuid is not null",
		"insert into notifications (id, workspace_id, rep_id, event_id, type, created_at) values (gen_random_uuid(), $2, $1, gen_random_uuid(), 'x', now())",
	} {
		tx, err := conn.Begin(t.Context())
		require.NoError(t, err)
		mine, theirs, rep := uuid.NewString(), uuid.NewString(), uuid.NewString()
		for _, ws := range []string{mine, theirs} {
			_, err = tx.Exec(t.Context(), "insert into workspaces (id, name, slug, timezone, created_at) values ($1, 'w', $2, 'UTC', now())", ws, ws)
			require.NoError(t, err)
		}
		_, err = tx.Exec(t.Context(), "insert into sales_reps (id, workspace_id, email, created_at) values ($1, $2, 'a@b.example', now())", rep, mine)
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), `insert into meetings (id, workspace_id, meeting_type, status, bot_key, bot_state, video, audio, crm, created_at, updated_at)
			values (gen_random_uuid(), $1, 'ventas', 'SCHEDULED', gen_random_uuid(), 'none', '{}', '{}', '{}', now(), now())`, mine)
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), wrong, rep, theirs)
		require.ErrorContains(t, err, "violates foreign key constraint", "also where no policy is in the way")
		require.NoError(t, tx.Rollback(t.Context()))
	}
}
