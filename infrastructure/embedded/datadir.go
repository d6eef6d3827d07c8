package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
)

// rootDataDir is where root keeps data: other users can reach it, unlike root's home.
const rootDataDir = "/var/lib/tertulia"

// DefaultDataDir returns the folder that data is kept in when nothing else is said: under the user's data folder, or
// /var/lib/tertulia for root, whose home the account that Postgres runs as cannot enter.
func DefaultDataDir() (string, error) {
	if os.Geteuid() == 0 {
		return rootDataDir, nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "tertulia"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the data folder: %w", err)
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", "tertulia"), nil
	}
	return filepath.Join(home, ".local", "share", "tertulia"), nil
}

// movedFile, in a data folder, names the folder where Postgres keeps its files instead.
const movedFile = "postgres.moved-to"

// reachableDir returns the folder below which the account can keep its files: dir where it can be entered, which is
// arranged when only dir itself is closed; otherwise a folder below elsewhere, which dir remembers.
func reachableDir(dir, elsewhere string, a *account, log *slog.Logger) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	if ok, err := a.reaches(filepath.Dir(dir)); err != nil {
		return "", err
	} else if ok {
		return dir, letPass(dir, a)
	}
	moved, err := movedDir(dir, elsewhere)
	if err != nil {
		return "", err
	}
	log.Warn("root cannot run Postgres, and the account that runs it cannot enter the data folder: its files are elsewhere",
		"data_dir", dir, "account", a.name, "postgres_dir", moved)
	return moved, letPass(moved, a)
}

// movedDir returns the folder that dir remembers, or makes a new one.
func movedDir(dir, elsewhere string) (string, error) {
	note := filepath.Join(dir, movedFile)
	if moved, err := os.ReadFile(note); err == nil {
		return string(moved), nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("find the folder of Postgres: %w", err)
	}
	if err := os.MkdirAll(elsewhere, 0o755); err != nil {
		return "", fmt.Errorf("make a folder for Postgres: %w", err)
	}
	moved, err := os.MkdirTemp(elsewhere, "moved-")
	if err != nil {
		return "", fmt.Errorf("make a folder for Postgres: %w", err)
	}
	if err := os.WriteFile(note, []byte(moved), 0o600); err != nil {
		return "", fmt.Errorf("remember the folder of Postgres: %w", err)
	}
	return moved, nil
}

// letPass lets the account pass through dir without letting it look inside.
func letPass(dir string, a *account) error {
	if ok, err := a.reaches(dir); ok || err != nil {
		return err
	}
	st, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("look at the data folder: %w", err)
	}
	if err := os.Chmod(dir, st.Mode().Perm()|0o011); err != nil {
		return fmt.Errorf("open the data folder to user %s: %w", a.name, err)
	}
	return nil
}
