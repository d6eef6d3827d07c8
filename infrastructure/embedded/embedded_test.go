package embedded_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
)

func startPostgres(t *testing.T, dir string) *embedded.Postgres {
	t.Helper()
	p, err := embedded.StartPostgres(t.Context(), options(dir))
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.Stop() })
	return p
}

func options(dir string) embedded.PostgresOptions {
	return embedded.PostgresOptions{DataDir: dir, Logger: slog.New(slog.DiscardHandler)}
}

// dataDir is a fresh folder that is closed to other users, as mktemp -d makes it.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tertulia-embedded-*") // t.TempDir is too deep in closed folders for another account
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

func query(t *testing.T, url, statement string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	rows, err := conn.Query(t.Context(), statement, pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err)
	answer, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	if len(answer) == 0 {
		return ""
	}
	return answer[0]
}

func TestARestartKeepsTheDataAndThePassword(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	p := startPostgres(t, dir)
	query(t, p.URL(), "create table kept as select 'here'::text as what")
	require.NoError(t, p.Stop())

	p = startPostgres(t, dir)

	require.Equal(t, "here", query(t, p.URL(), "select what from kept"))
	require.Equal(t, "127.0.0.1", query(t, p.URL(), "show listen_addresses"))
	require.Empty(t, query(t, p.URL(), "show unix_socket_directories"))
	st, err := os.Stat(filepath.Join(dir, "postgres.password"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), st.Mode().Perm())
}

func TestAWrongPasswordIsRefused(t *testing.T) {
	t.Parallel()
	p := startPostgres(t, dataDir(t))
	cfg, err := pgx.ParseConfig(p.URL())
	require.NoError(t, err)
	cfg.Password = "guess"

	_, err = pgx.ConnectConfig(t.Context(), cfg)

	require.ErrorContains(t, err, "28P01")
}

func TestADataFolderServesOneProcessAtATime(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	startPostgres(t, dir)

	_, err := embedded.StartPostgres(t.Context(), options(dir))

	require.ErrorContains(t, err, "in use by another process")
}

func TestDataOfAVersionThatIsNotHereIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	p := startPostgres(t, dir)
	require.NoError(t, p.Stop())
	version := filepath.Join(dir, "postgres", "PG_VERSION")
	require.NoError(t, os.WriteFile(version, []byte("12\n"), 0o600))

	_, err := embedded.StartPostgres(t.Context(), options(dir))

	require.ErrorIs(t, err, embedded.ErrNoPostgres)
	require.ErrorContains(t, err, "made by Postgres 12")
	kept, err := os.ReadFile(version)
	require.NoError(t, err)
	require.Equal(t, "12\n", string(kept))
}

func TestAStalePIDFileOfAnotherProgramsNumberDoesNotStopTheStart(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	p := startPostgres(t, dir)
	require.NoError(t, p.Stop())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "postgres", "postmaster.pid"), []byte("1\n/elsewhere\n"), 0o644))

	startPostgres(t, dir)
}
