package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
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

const secretsFile = "secrets.json"

// prepareData makes the data folder, and fills every secret that was not given with one that is generated once and kept
// there.
func prepareData(cfg *embed.Config) error {
	if cfg.Stores.DataDir == "" {
		dir, err := embedded.DefaultDataDir()
		if err != nil {
			return err
		}
		cfg.Stores.DataDir = dir
	}
	dir, err := filepath.Abs(cfg.Stores.DataDir)
	if err != nil {
		return fmt.Errorf("find DATA_DIR: %w", err)
	}
	cfg.Stores.DataDir = dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make DATA_DIR: %w", err)
	}
	kept, err := readSecrets(dir)
	if err != nil {
		return err
	}
	changed := false
	for name, secret := range generatedSecrets(cfg) {
		if *secret != "" {
			continue
		}
		if kept[name] == "" {
			kept[name], changed = newSecret(name), true
		}
		*secret = config.Secret(kept[name])
	}
	if !changed {
		return nil
	}
	return writeSecrets(dir, kept)
}

// generatedSecrets are those that only this machine needs to know.
func generatedSecrets(cfg *embed.Config) map[string]*config.Secret {
	return map[string]*config.Secret{
		"SERVICE_API_KEY":           &cfg.Access.ServiceAPIKey,
		"CRON_SECRET":               &cfg.Access.CronSecret,
		"RECALL_WEBHOOK_SECRET":     &cfg.Recall.WebhookSecret,
		"ELEVENLABS_WEBHOOK_SECRET": &cfg.Calls.WebhookSecret,
		"MEDIA_SIGNING_SECRET":      &cfg.Stores.MediaSecret,
		"SUPABASE_JWT_SECRET":       &cfg.Supabase.JWTSecret,
	}
}

func newSecret(name string) string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	if name == "RECALL_WEBHOOK_SECRET" {
		return "whsec_" + base64.StdEncoding.EncodeToString(key)
	}
	return hex.EncodeToString(key)
}

func readSecrets(dir string) (map[string]string, error) {
	kept := map[string]string{}
	raw, err := os.ReadFile(filepath.Join(dir, secretsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return kept, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the kept secrets: %w", err)
	}
	if err := json.Unmarshal(raw, &kept); err != nil {
		return nil, fmt.Errorf("read the kept secrets: %s is damaged; delete it to have new ones made", filepath.Join(dir, secretsFile))
	}
	return kept, nil
}

// writeSecrets replaces the file in one step, so that a crash leaves the old one or the new one.
func writeSecrets(dir string, kept map[string]string) error {
	raw, err := json.MarshalIndent(kept, "", "  ")
	if err != nil {
		return fmt.Errorf("keep the secrets: %w", err)
	}
	path := filepath.Join(dir, secretsFile)
	if err := os.WriteFile(path+".new", raw, 0o600); err != nil {
		return fmt.Errorf("keep the secrets: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("keep the secrets: %w", err)
	}
	return nil
}
