package postgres_test

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/migrations"
)

// Production logs in as an ordinary role that may create roles. It needs a server of its own: roles belong to it whole.
func TestALoginRoleWithoutSuperuserMigratesAndServes(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "tertulia-login-*")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	server, err := embedded.StartPostgres(t.Context(), embedded.PostgresOptions{
		DataDir: dir, Volatile: true, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Stop() })
	execute(t, connect(t, server.URL()), "create role operator login createrole password 'operator'")
	execute(t, connect(t, server.URL()), "create database production owner operator")
	u, err := url.Parse(server.URL())
	require.NoError(t, err)
	u.User, u.Path = url.UserPassword("operator", "operator"), "/production"

	require.NoError(t, postgres.Migrate(t.Context(), u.String(), migrations.FS))

	execute(t, connect(t, u.String()), createNotes)
	db, err := postgres.Open(t.Context(), postgres.Config{URL: u.String()})
	require.NoError(t, err)
	defer db.Close()
	require.NoError(t, db.CheckVersion(t.Context(), migrations.FS))
	mine, theirs := newWorkspace(), newWorkspace()
	require.NoError(t, db.InTx(t.Context(), mine, func(ctx context.Context) error { return add(ctx, mine, "mine") }))
	require.NoError(t, db.Read(t.Context(), theirs, func(ctx context.Context) error {
		found, err := texts(ctx)
		require.Empty(t, found)
		return err
	}))
}
