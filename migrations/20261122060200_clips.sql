-- Stretches of a meeting that somebody wants to be seen. The recording itself is not cut.

-- +goose Up

create table clips (
    id           uuid primary key,
    workspace_id uuid not null references workspaces (id),
    meeting_id   uuid not null references meetings (id) on delete cascade,
    title        text not null,
    start_ms     bigint not null check (start_ms >= 0),
    end_ms       bigint not null check (end_ms > start_ms),
    created_by   uuid references sales_reps (id),
    created_at   timestamptz not null
);

create index clips_of_meeting on clips (workspace_id, meeting_id, start_ms, id);

select tertulia_tenant_table('clips');
