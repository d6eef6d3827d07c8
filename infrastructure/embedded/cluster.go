package embedded

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// superuser is the login role of the embedded cluster.
const superuser = "postgres"

// cluster is a data directory and what is needed to run it.
type cluster struct {
	bin      binaries
	owner    *account
	dir      string // the data directory
	logFile  string
	password string
}

// existingMajor returns the version that made the data in dir, 0 when there is none.
func existingMajor(dir string) (int, error) {
	version, err := os.ReadFile(filepath.Join(dir, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of the data: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(version)))
	if err != nil {
		return 0, fmt.Errorf("read the version of the data: %w", err)
	}
	return major, nil
}

// keptPassword returns the password of data that is there already.
func keptPassword(file string) (string, error) {
	kept, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the password of the data beside it: %w", err)
	}
	return string(kept), nil
}

// newPassword makes a password and keeps it in file.
func newPassword(file string) (string, error) {
	password := rand.Text()
	if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
		return "", fmt.Errorf("keep the database password: %w", err)
	}
	return password, nil
}

// create makes the data directory. It appears under its name only when it is complete.
func (c cluster) create(ctx context.Context) error {
	making := c.dir + ".new"
	if err := os.RemoveAll(making); err != nil {
		return fmt.Errorf("remove an unfinished data directory: %w", err)
	}
	if err := os.Mkdir(making, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	secret := c.dir + ".pwfile"
	if err := os.WriteFile(secret, []byte(c.password), 0o600); err != nil {
		return fmt.Errorf("hand over the database password: %w", err)
	}
	defer func() { _ = os.Remove(secret) }()
	if err := errors.Join(c.owner.own(making), c.owner.own(secret)); err != nil {
		return err
	}
	locale := "C.UTF-8"
	if runtime.GOOS == "darwin" {
		locale = "C" // it has no C.UTF-8
	}
	cmd := exec.CommandContext(ctx, c.bin.program("initdb"), "--pgdata="+making, "--username="+superuser,
		"--auth=scram-sha-256", "--pwfile="+secret, "--encoding=UTF8", "--locale="+locale, "--no-sync", "--no-instructions")
	cmd.Env, cmd.Dir = cleanEnvironment(), "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.owner.credential()}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("create the database with %s: %w: %s", cmd.Path, err, lastBytes(bytes.TrimSpace(out), 600))
	}
	if err := os.Rename(making, c.dir); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return nil
}

// command is the server: on 127.0.0.1 and nowhere else, and with a log that repeats no statement and no row.
func (c cluster) command(port int, volatile bool) *exec.Cmd {
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=",
		"max_connections=200", "jit=off", "log_min_error_statement=panic", "log_error_verbosity=terse",
		"logging_collector=off", "log_destination=stderr", "timezone=UTC", "log_timezone=UTC",
	}
	if volatile {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=400",
			"wal_level=minimal", "max_wal_senders=0", "autovacuum=off")
	}
	args := []string{"-D", c.dir}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	cmd := exec.Command(c.bin.program("postgres"), args...)
	cmd.Env, cmd.Dir = append(cleanEnvironment(), keepMemory()...), "/"
	return cmd
}

// keepMemory has a server process keep what memory it has had, up to some megabytes, for its next statement (mallopt(3)).
// By default glibc gives all above 128 KiB back to the kernel, which clears it again a moment later: a fifth of all that
// Postgres did.
func keepMemory() []string {
	return []string{"MALLOC_TRIM_THRESHOLD_=8388608", "MALLOC_MMAP_THRESHOLD_=8388608", "MALLOC_TOP_PAD_=262144"}
}

// removeStalePID removes the postmaster.pid that a killed server has left. The caller holds the folder's lock, so that
// no program of ours runs this cluster; when a server still does, it is one whose program was killed and that is
// stopping, and alive is true.
func (c cluster) removeStalePID() (alive bool, err error) {
	file := filepath.Join(c.dir, "postmaster.pid")
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read postmaster.pid: %w", err)
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err == nil && isServerOf(pid, c.dir) {
		return true, nil
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("remove a stale postmaster.pid: %w", err)
	}
	return false, nil
}

// isServerOf reports whether the process is a server on the data directory. A number that another program was given
// since does not count.
func isServerOf(pid int, dir string) bool {
	if cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid)); err == nil {
		return cwd == dir // a server works inside its data directory
	}
	out, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && bytes.Contains(out, []byte(dir))
}
