package pgtest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestADatabaseKnowsNothingOfItsSiblings(t *testing.T) {
	t.Parallel()
	one, two := connect(t, pgtest.URL(t)), connect(t, pgtest.URL(t))

	_, err := one.Exec(t.Context(), "create table mine as select 1 as n")
	require.NoError(t, err)

	_, err = two.Exec(t.Context(), "select n from mine")
	require.ErrorContains(t, err, `relation "mine" does not exist`)
}

func TestADatabaseIsDroppedWithItsTest(t *testing.T) {
	t.Parallel()
	var name string
	var keep *pgx.Conn // an open connection does not keep it alive
	t.Run("test", func(t *testing.T) {
		var err error
		keep, err = pgx.Connect(t.Context(), pgtest.URL(t))
		require.NoError(t, err)
		require.NoError(t, keep.QueryRow(t.Context(), "select current_database()").Scan(&name))
	})

	var there bool
	err := connect(t, pgtest.URL(t)).
		QueryRow(t.Context(), "select exists (select from pg_database where datname = $1)", name).Scan(&there)
	require.NoError(t, err)
	require.False(t, there)
	require.Error(t, keep.Ping(t.Context()))
}

func TestADatabaseIsMigratedAndOpen(t *testing.T) {
	t.Parallel()
	require.NoError(t, pgtest.New(t).Ping(t.Context()))
}

// reportVariable makes TestTheBinaryThatIsKilled do its part.
const reportVariable = "TERTULIA_PGTEST_REPORT"

func TestTheServerEndsWithTheRunEvenWhenTheTestBinaryIsKilled(t *testing.T) {
	t.Parallel()
	if os.Getenv("TERTULIA_TEST_DATABASE_URL") != "" {
		t.Skip("the server is not ours")
	}
	report := filepath.Join(t.TempDir(), "report")
	run := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-run", "^TestTheBinaryThatIsKilled$", ".")
	run.Env = append(os.Environ(), reportVariable+"="+report)

	out, err := run.CombinedOutput()

	require.Error(t, err, "the binary kills itself")
	content, err := os.ReadFile(report)
	require.NoError(t, err, string(out))
	server, dir, _ := strings.Cut(string(content), " ")
	pid, err := strconv.Atoi(server)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Dir(dir))
		return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) && os.IsNotExist(err)
	}, 20*time.Second, 50*time.Millisecond)
}

// TestTheBinaryThatIsKilled says which server its run has started, and dies.
func TestTheBinaryThatIsKilled(t *testing.T) {
	report := os.Getenv(reportVariable)
	if report == "" {
		t.Skip("a part of TestTheServerEndsWithTheRunEvenWhenTheTestBinaryIsKilled")
	}
	var pidFile, dir string
	err := connect(t, pgtest.URL(t)).
		QueryRow(t.Context(), "select pg_read_file('postmaster.pid'), current_setting('data_directory')").Scan(&pidFile, &dir)
	require.NoError(t, err)
	pid, _, _ := strings.Cut(pidFile, "\n")
	require.NoError(t, os.WriteFile(report, []byte(pid+" "+dir), 0o600))
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGKILL))
	select {}
}
