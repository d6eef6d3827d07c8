package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
)

// serverVariable names a server to use instead of a private one.
const serverVariable = "TERTULIA_TEST_DATABASE_URL"

// serverURL returns the server of this go test run. The first test binary that asks starts it; it ends with the run.
func serverURL(ctx context.Context) (string, error) {
	if url := os.Getenv(serverVariable); url != "" {
		return url, nil
	}
	run := runPID()
	dir := filepath.Join(temporaryDir(), fmt.Sprintf("tertulia-pgtest-%d-%d", os.Geteuid(), run))
	unlock, err := lock(dir)
	if err != nil {
		return "", err
	}
	defer unlock()

	file := filepath.Join(dir, "url")
	if url, err := os.ReadFile(file); err == nil && execute(ctx, string(url), "select 1") == nil {
		return string(url), nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("find the test server: %w", err)
	}
	// What is there is of a run that had the same number and was cut short by a reboot.
	if err := os.RemoveAll(filepath.Join(dir, "postgres")); err != nil {
		return "", fmt.Errorf("clear the test server's folder: %w", err)
	}
	server, err := embedded.StartPostgres(ctx, embedded.PostgresOptions{
		DataDir: dir, Volatile: true, WatchedPID: run, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return "", fmt.Errorf("start a Postgres for the tests (or set %s): %w", serverVariable, err)
	}
	if err := os.WriteFile(file, []byte(server.URL()), 0o600); err != nil {
		return "", fmt.Errorf("announce the test server: %w", err)
	}
	return server.URL(), nil
}

// runPID returns the process whose end is the end of the run: the go command, or this test binary when something else
// has started it.
func runPID() int {
	parent := os.Getppid()
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", parent))
	if err != nil {
		name, err = exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(parent)).Output()
	}
	if err == nil && filepath.Base(strings.TrimSpace(string(name))) == "go" {
		return parent
	}
	return os.Getpid()
}

// lock takes the lock of the folder that the test binaries of a run share. It waits for the others.
func lock(dir string) (unlock func(), err error) {
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the test server's folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the test server's lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("lock the test server: %w", err)
	}
	return func() { _ = f.Close() }, nil
}

// temporaryDir is in memory where there is plenty of it: a clone is hundreds of small files.
func temporaryDir() string {
	const memory, plenty = "/dev/shm", 2 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) > plenty {
		return memory
	}
	return os.TempDir()
}
