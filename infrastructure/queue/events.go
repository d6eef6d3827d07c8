package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

const recordSQL = `
insert into events (id, workspace_id, stream, version, type, payload, request_id, traceparent, created_at)
select $1::uuid, $2::uuid, $3, coalesce(max(version), 0) + 1, $4, $5::json, $6, $7, coalesce($8::timestamptz, now())
from events where workspace_id = $2 and stream = $3`

// Record implements port.Events. Two transactions that record on one stream without holding the aggregate's lock do not
// both commit.
func (l *Ledger) Record(ctx context.Context, e port.Event) error {
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return fmt.Errorf("record %s: encode payload: %w", e.Type, err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("record %s: make event ID: %w", e.Type, err)
	}
	err = postgres.Later(ctx, "record "+e.Type, recordSQL, id.String(), string(e.Workspace), e.Stream, e.Type, string(payload),
		RequestID(ctx), traceparent(ctx), l.now())
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Type, err)
	}
	return nil
}

const dispatchBatch = 200

// dispatchLock lets one dispatch take place at a time. The number has no meaning.
const dispatchLock = 7238401195

// undispatchedSQL passes over streams in which an event is held, however many there are.
const undispatchedSQL = `
select id::text, workspace_id::text, stream, version, type, payload, created_at, request_id, traceparent
from events e where dispatched_at is null and not exists (
	select from events h where h.workspace_id = e.workspace_id and h.stream = e.stream and h.version <= e.version
		and h.held_until is not null and h.dispatched_at is null and h.held_until > coalesce($2, now()))
order by seq limit $1`

// holdSQL has events wait for their next turn: a second, twice as long after each failure, at most five minutes.
const holdSQL = `
update events set failures = failures + 1,
	held_until = coalesce($2, now()) + least(power(2, least(failures, 20)), 300) * interval '1 second'
where id = any ($1::text[]::uuid[])`

type undispatched struct {
	Recorded
	requestID, traceparent string
}

// dispatch turns a batch of events into their subscribers' jobs, in version order per stream, and returns how many it
// took. An event that fails is held for a while, with those that follow it in its stream; the others go on.
func (l *Ledger) dispatch(ctx context.Context) (n int, err error) {
	ctx = context.WithoutCancel(ctx) // database/sql ends the transaction of an ended context under a raw connection's feet
	err = l.cfg.DB.System(ctx, func(ctx context.Context) error {
		conn, err := postgres.Raw(ctx)
		if err != nil {
			return err
		}
		var alone bool
		if err := conn.QueryRow(ctx, "select pg_try_advisory_xact_lock($1)", dispatchLock).Scan(&alone); err != nil || !alone {
			return err
		}
		events, err := l.readUndispatched(ctx, conn)
		if err != nil || len(events) == 0 {
			return err
		}
		sent, failed, err := l.fanOut(ctx, events)
		if err != nil {
			return err
		}
		n = len(sent) + len(failed)
		if conn, err = postgres.Raw(ctx); err != nil { // what was enqueued goes first
			return err
		}
		if _, err := conn.Exec(ctx, holdSQL, failed, l.now()); err != nil {
			return err
		}
		_, err = conn.Exec(ctx, `update events set dispatched_at = coalesce($2, now())
			where id = any ($1::text[]::uuid[])`, sent, l.now())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("dispatch events: %w", err)
	}
	return n, nil
}

func (l *Ledger) readUndispatched(ctx context.Context, conn *pgx.Conn) ([]undispatched, error) {
	rows, err := conn.Query(ctx, undispatchedSQL, dispatchBatch, l.now())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (undispatched, error) {
		var e undispatched
		err := row.Scan(&e.ID, &e.Workspace, &e.Stream, &e.Version, &e.Type, &e.Payload, &e.At, &e.requestID, &e.traceparent)
		return e, err
	})
}

// fanOut enqueues the subscribers' jobs and returns the IDs of the events that are done with, and of those that failed. A
// database error ends it.
func (l *Ledger) fanOut(ctx context.Context, events []undispatched) (sent, failed []string, err error) {
	sent, failed = []string{}, []string{}
	held := map[string]bool{} // streams that wait for a failed event
	for _, e := range events {
		stream := string(e.Workspace) + "/" + e.Stream
		if held[stream] {
			continue
		}
		jobs, err := l.reactions(e.Recorded)
		if err != nil {
			l.cfg.Logger.ErrorContext(ctx, "dispatch event", "event", e.ID, "type", e.Type, "error", err)
			held[stream] = true
			failed = append(failed, e.ID)
			continue
		}
		origin := withOrigin(ctx, e.requestID, e.traceparent)
		for _, job := range jobs {
			if err := l.Add(origin, e.Workspace, job); err != nil {
				return nil, nil, err
			}
		}
		sent = append(sent, e.ID)
	}
	return sent, failed, nil
}

// reactions asks the subscribers what they want done about an event.
func (l *Ledger) reactions(e Recorded) (jobs []port.Job, err error) {
	name := ""
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("subscriber %s: %w", name, panicError(p))
		}
	}()
	for _, s := range l.cfg.Registry.subscribers {
		if name = s.name; !s.wants(e.Type) {
			continue
		}
		if job := s.job(e); job != nil {
			if _, err := l.newEntry(e.Workspace, job, nil); err != nil {
				return nil, fmt.Errorf("subscriber %s: %w", name, err)
			}
			jobs = append(jobs, job)
		}
	}
	return jobs, nil
}
