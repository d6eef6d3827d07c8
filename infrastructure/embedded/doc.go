// Package embedded runs the stores that the one-command programs need: a real Postgres and, where there is one, a real
// Redis, as child processes that end with their parent. It is for development, demonstrations and tests; production
// programs are given the URLs of servers that others look after.
package embedded
