// Package postgres is how everything else reaches the database: bun over pgx, with the tenant in every message.
//
// There are two pools. The app pool works as the role tertulia_app, which row-level security holds to one workspace;
// the system pool works as tertulia_system, which sees every workspace and serves the queue, events, webhook intake,
// credential look-up and full-text search. A context says which of them, and which workspace, a query belongs to:
//
//   - DB.InTx runs a transaction in a workspace,
//   - DB.Read runs single reads in a workspace, each in one round trip,
//   - DB.System runs a transaction outside any workspace,
//   - Conn returns what a repository builds its queries on, inside any of the three.
//
// The workspace travels in the same message as the read itself, and in a transaction in that of its first statement,
// together with BEGIN and the fence. Four round trips instead (begin, set_config, query, commit) halve the throughput.
package postgres
