package pgtest

import (
	"testing"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Waiting counts the sessions that wait for a lock in the database of db. It asks pg_locks alone: of pg_stat_activity
// a transaction sees the moment at which it asked first. May be polled from any goroutine.
func Waiting(t testing.TB, db *postgres.DB) (n int) {
	t.Helper()
	if err := db.SystemPool().QueryRow(t.Context(), `select count(*) from pg_locks where not granted
		and pid in (select pid from pg_locks where database = (select oid from pg_database where datname = current_database()))`).Scan(&n); err != nil {
		t.Errorf("count who waits: %v", err)
	}
	return n
}
