// Package queue is the job ledger, the event log and the inbox: Postgres remembers, Asynq delivers.
//
// A job is a row, written in the transaction that asks for it. Postgres owns its schedule, its attempts and its fate;
// Redis only carries its ID to a worker, and may lose everything at any time. The way of a job:
//
//	Ledger.Enqueue   the row, in the caller's transaction; after commit the ID goes to the pusher
//	pusher           carries the ID to Redis at once, when the way is free; nobody waits for it
//	                 jobs committed within two milliseconds travel together, of the Bulk class within a hundred
//	                 a worker of the same process that has room takes it without the detour
//	Feeder           one leader: carries whatever is due and not on its way, fairly between workspaces; takes back
//	                 expired leases; turns events into their subscribers' jobs
//	Worker           claims the rows whose IDs arrive, in batches, under a lease and a generation; runs the handlers;
//	                 writes their outcomes, in batches
//
// Inbound events of one topic are worked on together: see Ledger.Waiting. A job of a kind that gathers is left to the
// feeder's next round, so that what comes meanwhile joins it.
//
// Delivery is at least once. Effects are guarded by the fence: inside a job every transaction holds the job's row with
// the generation of the claim, so that a worker that has lost its lease commits nothing. A kind marked Once is never
// run again after a doubtful end: it is parked as unknown, for a reconciler or a person to resolve.
package queue
