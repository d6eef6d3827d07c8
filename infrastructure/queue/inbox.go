package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Inbound is an event of somebody else's service, as it came in.
type Inbound struct {
	Workspace  kernel.WorkspaceID
	Provider   string // "recall"
	EventID    string // the provider's own, by which a repeated delivery is known
	Type       string
	Topic      string            // what it is about: events of one topic wait for each other, see Waiting; may be empty
	Headers    map[string]string // those worth keeping; never a secret
	Body       []byte
	RequestID  string
	ReceivedAt time.Time
}

const keepSQL = `
insert into inbound_events (workspace_id, provider, event_id, type, headers, body, request_id, received_at, topic)
values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, now()), nullif($9, ''))
on conflict do nothing`

// storeSQL stores the event, and its job only if the event is new: one statement, one round trip, one commit.
const storeSQL = `
with stored as (` + keepSQL + ` returning 1
), job as (
	insert into jobs as j (id, workspace_id, kind, class, payload, unique_key, once, max_attempts,
		run_at, pushed_until, request_id, traceparent, created_at)
	select $10::uuid, $1, $11, $12, $13::json, $14, $15, $16, coalesce($8, now()), now() + $17::interval, $7, $18,
		coalesce($8, now())
	from stored
	on conflict (workspace_id, kind, unique_key) where state = 'pending' and unique_key is not null ` + onPending + `
	returning id::text, attempt, run_at <= coalesce($8, now()) as due
)
select (select count(*) from stored) > 0, job.* from (select 1) one left join job on true`

// Store keeps an inbound event together with the job that will work on it, nil when there is no work, unless it has been
// stored before: then nothing changes and isNew is false. After a nil error the sender may be told that all is well.
// Redis is not waited for. Events that come while others are being written are written together, in one commit.
func (l *Ledger) Store(ctx context.Context, in Inbound, job port.Job) (isNew bool, err error) {
	a, err := l.newArrival(ctx, in, job)
	if err != nil {
		return false, fmt.Errorf("store inbound event of %s: %w", in.Provider, err)
	}
	if isNew, err = l.intake.store(ctx, a); err != nil {
		return false, fmt.Errorf("store inbound event of %s: %w", in.Provider, err)
	}
	return isNew, nil
}

// newArrival says what is to be written.
func (l *Ledger) newArrival(ctx context.Context, in Inbound, job port.Job) (*arrival, error) {
	headers, err := json.Marshal(in.Headers)
	if err != nil {
		return nil, fmt.Errorf("encode headers: %w", err)
	}
	a := &arrival{answered: make(chan struct{}), statement: keepSQL, order: in.Topic + "\x00" + in.EventID}
	a.args = []any{
		string(in.Workspace), in.Provider, in.EventID, in.Type, string(headers), in.Body, RequestID(ctx), l.now(), in.Topic,
	}
	if job == nil {
		return a, nil
	}
	e, err := l.newEntry(in.Workspace, job, nil)
	if err != nil {
		return nil, err
	}
	a.statement, a.job = storeSQL, &e
	a.args = append(a.args, e.id, e.kind.name, string(e.kind.Class), e.payload, e.unique, e.kind.Once, e.kind.MaxAttempts,
		e.transit, traceparent(ctx))
	return a, nil
}
