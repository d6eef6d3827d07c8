// Package pgtest gives every test a database of its own: cloned from a migrated template in some 20 ms, dropped when the
// test ends, on a server that the test binaries of one go test run share and that ends with the run.
//
// TERTULIA_TEST_DATABASE_URL names another server to use: a superuser's URL, for creating databases and roles.
package pgtest

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// patience bounds each step of the preparation, the start of the server included.
const patience = 2 * time.Minute

// New returns an open, migrated, empty database that only this test uses.
func New(t testing.TB) *postgres.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open opens another DB, with pools of its own, on a database that URL has made.
func Open(t testing.TB, url string) *postgres.DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	db, err := postgres.Open(ctx, postgres.Config{URL: url, MaxConns: 8, SystemConns: 4})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return db
}

// URL returns the URL of a migrated, empty database that only this test uses, as a superuser: for programs that open it
// by themselves.
func URL(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	from, err := origin()
	require.NoError(t, err)

	name := "test_" + strings.ToLower(rand.Text())
	require.NoError(t, execute(ctx, from.server, "create database "+name+" template "+from.template+" strategy file_copy"))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, execute(ctx, from.server, "drop database if exists "+name+" with (force)"))
	})
	return onDatabase(from.server, name)
}

func onDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err) // it has been connected to before
	}
	u.Path = "/" + name
	return u.String()
}

func execute(ctx context.Context, to, statement string) error {
	conn, err := pgx.Connect(ctx, to)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol)
	return err
}
