package embedded

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRootKeepsPostgresWhereItsAccountCanGo(t *testing.T) {
	t.Parallel()
	owner, err := serverAccount()
	require.NoError(t, err)
	if owner == nil {
		t.Skip("only root runs Postgres as somebody else")
	}
	quiet := slog.New(slog.DiscardHandler)
	top, err := os.MkdirTemp("", "tertulia-datadir-*")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(top) })

	// A closed folder is opened just enough.
	dir, err := reachableDir(top, "", owner, quiet)
	require.NoError(t, err)
	require.Equal(t, top, dir)
	st, err := os.Stat(top)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o711), st.Mode().Perm())

	// In a home that others may not enter, the folder is elsewhere, and the same every time.
	home, elsewhere := filepath.Join(top, "home"), filepath.Join(top, "elsewhere")
	require.NoError(t, os.Mkdir(home, 0o700))
	moved, err := reachableDir(filepath.Join(home, "data"), elsewhere, owner, quiet)
	require.NoError(t, err)
	require.Equal(t, elsewhere, filepath.Dir(moved))
	ok, err := owner.reaches(moved)
	require.NoError(t, err)
	require.True(t, ok)
	again, err := reachableDir(filepath.Join(home, "data"), elsewhere, owner, quiet)
	require.NoError(t, err)
	require.Equal(t, moved, again)

	// Whoever deletes the data folder begins anew.
	require.NoError(t, os.RemoveAll(filepath.Join(home, "data")))
	anew, err := reachableDir(filepath.Join(home, "data"), elsewhere, owner, quiet)
	require.NoError(t, err)
	require.NotEqual(t, moved, anew)
}

func TestTheDefaultDataFolderIsTheUsersOwn(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", "/somewhere/share")
	dir, err := DefaultDataDir()
	require.NoError(t, err)
	if os.Geteuid() == 0 {
		require.Equal(t, "/var/lib/tertulia", dir)
	} else {
		require.Equal(t, "/somewhere/share/tertulia", dir)
	}
}
