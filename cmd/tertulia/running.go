package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tertulia-dev/tertulia/infrastructure/config"
	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
	"github.com/tertulia-dev/tertulia/pkg/embed"
)

const runningFile = "running.json"

// running is what a running dev tells the other commands of this machine. The file holds passwords and is readable by its
// owner only.
type running struct {
	DatabaseURL string `json:"databaseUrl"`
	RedisURL    string `json:"redisUrl"`
	PublicURL   string `json:"publicUrl"`
}

// announce writes the file; the returned function takes it away.
func announce(cfg embed.Config) (withdraw func(), err error) {
	raw, err := json.Marshal(running{
		DatabaseURL: cfg.Stores.DatabaseURL.Reveal(), RedisURL: cfg.Stores.RedisURL.Reveal(), PublicURL: cfg.HTTP.PublicURL,
	})
	if err != nil {
		return nil, fmt.Errorf("announce dev: %w", err)
	}
	path := filepath.Join(cfg.Stores.DataDir, runningFile)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		return nil, fmt.Errorf("announce dev: %w", err)
	}
	return func() { _ = os.Remove(path) }, nil
}

// readRunning returns what the dev that runs on a data folder announced. fs.ErrNotExist when none runs.
func readRunning(dir string) (running, error) {
	var r running
	raw, err := os.ReadFile(filepath.Join(dir, runningFile))
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	if err != nil {
		return running{}, fmt.Errorf("read what dev announced: %w", err)
	}
	return r, nil
}

// adoptDev points cfg at the stores of the dev that runs on this data folder.
func adoptDev(cfg *embed.Config) error {
	if cfg.Stores.DataDir == "" {
		dir, err := embedded.DefaultDataDir()
		if err != nil {
			return err
		}
		cfg.Stores.DataDir = dir
	}
	r, err := readRunning(cfg.Stores.DataDir)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("admin: no dev runs on %s: set DATA_DIR to that of the running one, or DATABASE_URL and REDIS_URL", cfg.Stores.DataDir)
	}
	if err != nil {
		return err
	}
	cfg.Stores.DatabaseURL, cfg.Stores.RedisURL = config.Secret(r.DatabaseURL), config.Secret(r.RedisURL)
	if cfg.HTTP.PublicURL == "" {
		cfg.HTTP.PublicURL = r.PublicURL
	}
	return nil
}
