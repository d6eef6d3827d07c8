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
select ?0::uuid, ?1::uuid, ?2, coalesce(max(version), 0) + 1, ?3, ?4::json, ?5, ?6, coalesce(?7::timestamptz, now())
from events where workspace_id = ?1 and stream = ?2`

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
	_, err = postgres.Conn(ctx).NewRaw(recordSQL, id.String(), string(e.Workspace), e.Stream, e.Type, string(payload),
		RequestID(ctx), traceparent(ctx), l.now()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Type, err)
	}
	return nil
}

const dispatchBatch = 200

// dispatchLock lets one dispatch take place at a time. The number has no meaning.
const dispatchLock = 7238401195

const undispatchedSQL = `
select id::text, workspace_id::text, stream, version, type, payload, created_at, request_id, traceparent
from events where dispatched_at is null order by seq limit $1`

type undispatched struct {
	Recorded
	requestID, traceparent string
}

// dispatch turns a batch of events into their subscribers' jobs, in version order per stream, and returns how many it
// took. An event that fails is left, with those that follow it in its stream, for the next time; the others go on.
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
		events, err := readUndispatched(ctx, conn)
		if err != nil {
			return err
		}
		sent, err := l.fanOut(ctx, events)
		if err != nil {
			return err
		}
		n = len(sent)
		_, err = conn.Exec(ctx, `update events set dispatched_at = coalesce($2, now())
			where id = any ($1::text[]::uuid[])`, sent, l.now())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("dispatch events: %w", err)
	}
	return n, nil
}

func readUndispatched(ctx context.Context, conn *pgx.Conn) ([]undispatched, error) {
	rows, err := conn.Query(ctx, undispatchedSQL, dispatchBatch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (undispatched, error) {
		var e undispatched
		err := row.Scan(&e.ID, &e.Workspace, &e.Stream, &e.Version, &e.Type, &e.Payload, &e.At, &e.requestID, &e.traceparent)
		return e, err
	})
}

// fanOut enqueues the subscribers' jobs and returns the IDs of the events that are done with. A database error ends it.
func (l *Ledger) fanOut(ctx context.Context, events []undispatched) ([]string, error) {
	sent := make([]string, 0, len(events))
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
			continue
		}
		origin := withOrigin(ctx, e.requestID, e.traceparent)
		for _, job := range jobs {
			if _, err := l.Enqueue(origin, e.Workspace, job); err != nil {
				return nil, err
			}
		}
		sent = append(sent, e.ID)
	}
	return sent, nil
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
			if _, err := l.cfg.Registry.find(job.Kind()); err != nil {
				return nil, fmt.Errorf("subscriber %s: %w", name, err)
			}
			jobs = append(jobs, job)
		}
	}
	return jobs, nil
}
