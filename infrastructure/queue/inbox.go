package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Inbound is an event of somebody else's service, as it came in.
type Inbound struct {
	Workspace  kernel.WorkspaceID
	Provider   string // "recall"
	EventID    string // the provider's own, by which a repeated delivery is known
	Type       string
	Headers    map[string]string // those worth keeping; never a secret
	Body       []byte
	RequestID  string
	ReceivedAt time.Time
}

const keepSQL = `
insert into inbound_events (workspace_id, provider, event_id, type, headers, body, request_id, received_at)
values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, now()))
on conflict do nothing`

// storeSQL stores the event, and its job only if the event is new: one statement, one round trip, one commit.
const storeSQL = `
with stored as (` + keepSQL + ` returning 1
), job as (
	insert into jobs as j (id, workspace_id, kind, class, payload, unique_key, once, max_attempts,
		run_at, pushed_until, request_id, traceparent, created_at)
	select $9::uuid, $1, $10, $11, $12::json, $13, $14, $15, coalesce($8, now()), now() + $16::interval, $7, $17,
		coalesce($8, now())
	from stored
	on conflict (workspace_id, kind, unique_key) where state = 'pending' and unique_key is not null ` + onPending + `
	returning id::text, attempt, run_at <= coalesce($8, now()) as due
)
select (select count(*) from stored) > 0, job.* from (select 1) one left join job on true`

// Store keeps an inbound event together with the job that will work on it, nil when there is no work, unless it has been
// stored before: then nothing changes and isNew is false. After a nil error the sender may be told that all is well.
// Redis is not waited for.
func (l *Ledger) Store(ctx context.Context, in Inbound, job port.Job) (isNew bool, err error) {
	headers, err := json.Marshal(in.Headers)
	if err != nil {
		return false, fmt.Errorf("store inbound event: encode headers: %w", err)
	}
	if job == nil {
		return l.keep(ctx, in, string(headers))
	}
	e, err := l.newEntry(in.Workspace, job, nil)
	if err != nil {
		return false, fmt.Errorf("store inbound event: %w", err)
	}
	var id *string
	var attempt *int
	var due *bool
	err = l.pool.QueryRow(ctx, storeSQL, string(in.Workspace), in.Provider, in.EventID, in.Type, string(headers), in.Body,
		RequestID(ctx), l.now(), e.id, e.kind.name, string(e.kind.Class), e.payload, e.unique, e.kind.Once,
		e.kind.MaxAttempts, e.transit, traceparent(ctx)).Scan(&isNew, &id, &attempt, &due)
	if err != nil {
		return false, fmt.Errorf("store inbound event of %s: %w", in.Provider, err)
	}
	if id != nil && *due && l.pusher != nil {
		l.pusher.offer(delivery{id: *id, attempt: *attempt, class: e.kind.Class, kind: e.kind.name})
	}
	return isNew, nil
}

// keep stores an event that nobody works on.
func (l *Ledger) keep(ctx context.Context, in Inbound, headers string) (isNew bool, err error) {
	tag, err := l.pool.Exec(ctx, keepSQL,
		string(in.Workspace), in.Provider, in.EventID, in.Type, headers, in.Body, RequestID(ctx), l.now())
	if err != nil {
		return false, fmt.Errorf("store inbound event of %s: %w", in.Provider, err)
	}
	return tag.RowsAffected() > 0, nil
}

// LoadInbound returns a stored event. NotFound when there is none, or no longer.
func (l *Ledger) LoadInbound(ctx context.Context, ws kernel.WorkspaceID, provider, eventID string) (Inbound, error) {
	in := Inbound{Workspace: ws, Provider: provider, EventID: eventID}
	var headers []byte
	err := l.pool.QueryRow(ctx, `
		select type, headers, body, request_id, received_at from inbound_events
		where workspace_id = $1 and provider = $2 and event_id = $3`, string(ws), provider, eventID).
		Scan(&in.Type, &headers, &in.Body, &in.RequestID, &in.ReceivedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Inbound{}, fault.Wrap(fault.NotFound, fault.NotFoundCode, fmt.Errorf("load inbound event of %s", provider))
	}
	if err != nil {
		return Inbound{}, fmt.Errorf("load inbound event of %s: %w", provider, err)
	}
	if err := json.Unmarshal(headers, &in.Headers); err != nil {
		return Inbound{}, fmt.Errorf("load inbound event of %s: decode headers: %w", provider, err)
	}
	in.ReceivedAt = in.ReceivedAt.UTC()
	return in, nil
}
