package embedded

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWithoutAnyPostgresTheErrorNamesTheWaysOut(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // no npm

	_, err := search{cache: t.TempDir(), log: slog.New(slog.DiscardHandler)}.find(t.Context())

	require.ErrorIs(t, err, ErrNoPostgres)
	require.ErrorContains(t, err, "apt-get install postgresql")
	require.ErrorContains(t, err, "DATABASE_URL")
}

func TestAWrapperScriptAndABrokenProgramArePassedOver(t *testing.T) {
	t.Parallel()
	wrapper, broken := programs(t, "#!/bin/sh\n"), programs(t, "\x7fELF nonsense")
	local := localCandidates()

	b, err := search{local: append([]string{wrapper, broken}, local...), cache: t.TempDir()}.find(t.Context())

	require.NoError(t, err)
	require.Contains(t, local, b.dir)
	require.GreaterOrEqual(t, b.major, oldestMajor)
}

// programs is a folder with an initdb and a postgres of the given content.
func programs(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"initdb", "postgres"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o755))
	}
	return dir
}

func TestTheLinksOfTheNPMPackageAreMadeWithoutItsScript(t *testing.T) {
	t.Parallel()
	pkg := t.TempDir()
	lib := filepath.Join(pkg, "native", "lib")
	require.NoError(t, os.MkdirAll(lib, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(lib, "libpq.so.5.18"), []byte("library"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(pkg, "native", "pg-symlinks.json"),
		[]byte(`[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]`), 0o600))

	for range 2 { // a second installation changes nothing
		require.NoError(t, npmLink(pkg))
	}
	require.NoError(t, npmShare(pkg))

	content, err := os.ReadFile(filepath.Join(lib, "libpq.so.5"))
	require.NoError(t, err)
	require.Equal(t, "library", string(content))
	st, err := os.Stat(lib)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o755), st.Mode().Perm(), "another account must get to it")
}

func TestTheNPMPackageRuns(t *testing.T) {
	t.Parallel()
	if os.Getenv("TERTULIA_TEST_NPM") == "" {
		t.Skip("set TERTULIA_TEST_NPM to fetch Postgres by npm")
	}
	b, err := search{cache: t.TempDir(), log: slog.New(slog.DiscardHandler)}.find(t.Context())

	require.NoError(t, err)
	require.Equal(t, npmMajor, b.major)
}
