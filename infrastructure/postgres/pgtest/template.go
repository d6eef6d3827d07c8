package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/migrations"
)

// template is a migrated database that clones are made from.
type template struct {
	server   string // URL of the server, as a superuser
	template string // name of the database
}

// origin finds the server and the template, or makes them, once per test binary.
//
//nolint:gochecknoglobals // tests share nothing else through which to share the server
var origin = sync.OnceValues(func() (template, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	server, err := serverURL(ctx)
	if err != nil {
		return template{}, err
	}
	name, err := ensureTemplate(ctx, server, migrations.FS)
	return template{server: server, template: name}, err
})

// templateLock is the advisory lock under which one of the test binaries makes the template.
const templateLock = 0x7465727475

// ensureTemplate returns the name of a database with the migrations applied, which it makes when the server has none
// for exactly these files.
func ensureTemplate(ctx context.Context, server string, migrations fs.FS) (string, error) {
	name, err := templateName(migrations)
	if err != nil {
		return "", err
	}
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", fmt.Errorf("connect to the test server: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // also gives the lock back
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", templateLock); err != nil {
		return "", fmt.Errorf("lock the template: %w", err)
	}
	var ready bool
	err = conn.QueryRow(ctx, "select datistemplate from pg_database where datname = $1", name).Scan(&ready)
	if ready || err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return name, err
	}
	for _, statement := range []string{"drop database if exists " + name, "create database " + name} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", fmt.Errorf("make the template: %w", err)
		}
	}
	if err := postgres.Migrate(ctx, onDatabase(server, name), migrations); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, "alter database "+name+" is_template true allow_connections false")
	return name, err
}

func templateName(migrations fs.FS) (string, error) {
	hash := sha256.New()
	err := fs.WalkDir(migrations, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(migrations, path)
		fmt.Fprintf(hash, "%s %d\n%s", path, len(content), content)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read migrations: %w", err)
	}
	return "tertulia_template_" + hex.EncodeToString(hash.Sum(nil)[:8]), nil
}
