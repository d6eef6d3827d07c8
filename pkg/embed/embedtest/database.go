package embedtest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// Count runs a query that answers one number, past every policy.
func (s *System) Count(t testing.TB, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, s.asSuperuser(t.Context(), func(conn *pgx.Conn) error {
		return conn.QueryRow(t.Context(), query, args...).Scan(&n)
	}))
	return n
}

// Exec runs a statement, past every policy.
func (s *System) Exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	require.NoError(t, s.asSuperuser(t.Context(), func(conn *pgx.Conn) error {
		_, err := conn.Exec(t.Context(), statement, args...)
		return err
	}))
}

// Dump returns every row of every table as text, each after its table's name.
func (s *System) Dump(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	require.NoError(t, s.asSuperuser(t.Context(), func(conn *pgx.Conn) error {
		tables, err := column(t.Context(), conn, `select quote_ident(schemaname)||'.'||quote_ident(tablename) from pg_tables
			where schemaname not in ('pg_catalog', 'information_schema')`)
		if err != nil {
			return err
		}
		for _, table := range tables {
			rows, err := column(t.Context(), conn, "select t::text from "+table+" t")
			if err != nil {
				return err
			}
			for _, row := range rows {
				fmt.Fprintf(&all, "%s %s\n", table, row)
			}
		}
		return nil
	}))
	return all.String()
}

func column(ctx context.Context, conn *pgx.Conn, query string) ([]string, error) {
	rows, err := conn.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// asSuperuser lends a connection on which binary columns read as text.
func (s *System) asSuperuser(ctx context.Context, fn func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, s.DatabaseURL)
	if err != nil {
		return fmt.Errorf("connect as superuser: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "set bytea_output = 'escape'"); err != nil {
		return fmt.Errorf("set bytea_output: %w", err)
	}
	return fn(conn)
}
