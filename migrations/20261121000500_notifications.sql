-- A person's notifications. The text is not stored: type and parameters are, and the reader's language renders them.

-- +goose Up

create table notifications (
    id           uuid primary key,
    workspace_id uuid not null references workspaces (id),
    rep_id       uuid not null references sales_reps (id) on delete cascade,
    event_id     uuid not null,
    type         text not null,
    meeting_id   uuid references meetings (id) on delete cascade,
    params       jsonb not null default '{}',
    read_at      timestamptz,
    created_at   timestamptz not null,
    unique (event_id, rep_id) -- an event that is delivered twice notifies once
);

create index notifications_newest on notifications (workspace_id, rep_id, created_at desc, id desc);

select tertulia_tenant_table('notifications');
