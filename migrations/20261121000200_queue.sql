-- +goose Up

-- Work to be done, and what became of it. A row exists if and only if the transaction that asked for it committed.
create table jobs (
    id           uuid primary key,
    workspace_id uuid        not null,
    kind         text        not null,
    class        text        not null,
    payload      json        not null,
    unique_key   text,
    once         boolean     not null default false, -- must not run twice: parked as unknown instead of sent again
    state        text        not null default 'pending'
        check (state in ('pending', 'running', 'done', 'dead', 'unknown', 'cancelled')),
    attempt      integer     not null default 0,     -- attempts begun
    max_attempts integer     not null,
    generation   integer     not null default 0,     -- claims so far: an older holder changes nothing
    run_at       timestamptz not null,
    pushed_until timestamptz,                        -- on its way through Redis: the feeder leaves it alone until then
    worker       uuid,
    lease_until  timestamptz,
    last_error   text,
    request_id   text        not null default '',
    traceparent  text        not null default '',
    created_at   timestamptz not null,
    started_at   timestamptz,
    finished_at  timestamptz
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);

create unique index jobs_one_pending on jobs (workspace_id, kind, unique_key)
    where state = 'pending' and unique_key is not null;
create index jobs_due on jobs (class, workspace_id, run_at, id) where state = 'pending';
create index jobs_running on jobs (worker) where state = 'running';
create index jobs_attention on jobs (state, id) where state in ('dead', 'unknown');
create index jobs_finished on jobs (workspace_id, finished_at) where state in ('done', 'cancelled');
select tertulia_tenant_table('jobs');

-- The fence: a worker that has lost its lease can commit nothing. The row stays held until the transaction ends, and
-- reclaiming takes it FOR UPDATE, so a lease is never taken away from under an open transaction.
-- +goose StatementBegin
create function tertulia_hold_job(job uuid, claim integer) returns void
    language plpgsql as
$$
begin
    perform 1 from jobs where id = job and generation = claim and state = 'running' for key share;
    if not found then
        raise exception 'job is no longer held by this worker' using errcode = 'TT001';
    end if;
end
$$;
-- +goose StatementEnd

-- What happened, written in the transaction that made it true. seq follows version within a stream, because the writer
-- holds the aggregate's row lock.
create table events (
    id            uuid primary key,
    seq           bigint generated always as identity,
    workspace_id  uuid        not null,
    stream        text        not null,
    version       bigint      not null,
    type          text        not null,
    payload       json        not null,
    request_id    text        not null default '',
    traceparent   text        not null default '',
    created_at    timestamptz not null,
    dispatched_at timestamptz,
    constraint events_one_version unique (workspace_id, stream, version)
);
create index events_undispatched on events (seq) where dispatched_at is null;
create index events_created on events using brin (created_at);
select tertulia_tenant_table('events');

-- What other people's services told us, as they said it. The key is the tenant's own, so that no tenant can occupy
-- another's event ID.
create table inbound_events (
    workspace_id uuid        not null,
    provider     text        not null,
    event_id     text        not null,
    type         text        not null,
    headers      json        not null,
    body         bytea       not null,
    request_id   text        not null default '',
    received_at  timestamptz not null,
    constraint inbound_events_once primary key (workspace_id, provider, event_id)
);
create index inbound_events_received on inbound_events using brin (received_at);
select tertulia_tenant_table('inbound_events');

-- One row: when the feeder last went round.
create table job_feeder (
    singleton boolean primary key default true check (singleton),
    ticked_at timestamptz not null
);
select tertulia_system_table('job_feeder');
