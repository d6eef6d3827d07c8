// Package migrations carries the database schema: timestamped SQL files, applied in order and never backwards.
//
// A change goes expand, backfill, contract, so that the previous binary keeps working. Every table with a workspace_id
// column calls tertulia_tenant_table (or tertulia_system_table) in the migration that creates it; start-up refuses a
// database where one did not. Indexes on existing tables are made CONCURRENTLY, in a file marked NO TRANSACTION.
// The SQL is valid on Postgres 15 and 18.
package migrations

import "embed"

// FS holds the migration files.
//
//go:embed *.sql
var FS embed.FS
