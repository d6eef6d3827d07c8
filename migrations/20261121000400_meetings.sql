-- A meeting, its transcript and its current analysis. The notetaker, the media and the CRM run beside the meeting's own
-- state. What is only ever read with its meeting is a document; what is searched, ordered or joined by is a column.

-- +goose Up

create table meetings (
    id                uuid primary key,
    workspace_id      uuid not null references workspaces (id),
    sales_rep_id      uuid references sales_reps (id),
    created_by_rep_id uuid references sales_reps (id),
    version           bigint not null default 1,

    meeting_url       text not null default '',
    platform          text not null default '',
    title             text not null default '',
    meeting_type      text not null,
    sales_subtype     text not null default '',
    customer          jsonb not null default '{}',
    language          text not null default '',

    status            text not null,
    failure           jsonb not null default '{}',

    scheduled_at      timestamptz,
    scheduled_offset  integer not null default 0, -- of the client, in seconds from UTC
    started_at        timestamptz,
    ended_at          timestamptz,
    occurs_at         timestamptz not null generated always as (coalesce(started_at, scheduled_at, created_at)) stored,

    bot_id            text not null default '',
    bot_key           uuid not null,              -- the vendor's idempotency key: one notetaker a meeting
    bot_state         text not null,
    bot_needs_password boolean not null default false,
    bot_last_code     text not null default '',
    recording_id      text not null default '',
    transcript_id     text not null default '',   -- the vendor's

    video             jsonb not null,
    audio             jsonb not null,
    media_stored_at   timestamptz,                -- of the oldest file that we still hold
    crm               jsonb not null,

    created_at        timestamptz not null,
    updated_at        timestamptz not null,

    search            text not null generated always as (tertulia_fold(
        title || ' ' || coalesce(customer ->> 'company', '') || ' ' || coalesce(customer ->> 'contactName', ''))) stored
);

create index meetings_newest on meetings (workspace_id, occurs_at desc, id desc);
create index meetings_of_rep on meetings (workspace_id, sales_rep_id, occurs_at desc);
create index meetings_of_creator on meetings (workspace_id, created_by_rep_id, occurs_at desc);
create unique index meetings_of_bot on meetings (workspace_id, bot_id) where bot_id <> '';
create index meetings_with_media on meetings (workspace_id, media_stored_at) where media_stored_at is not null;

create table transcripts (
    meeting_id   uuid primary key references meetings (id) on delete cascade,
    id           uuid not null unique,
    workspace_id uuid not null references workspaces (id),
    body         jsonb not null,
    stored_at    timestamptz not null
);

-- The score and the probability stand beside the body for the reports that go over many analyses.
create table analyses (
    meeting_id        uuid primary key references meetings (id) on delete cascade,
    id                uuid not null unique,
    workspace_id      uuid not null references workspaces (id),
    body              jsonb not null,
    sales_rep_score   integer,
    close_probability integer,
    created_at        timestamptz not null
);

select tertulia_tenant_table('meetings');
select tertulia_tenant_table('transcripts');
select tertulia_tenant_table('analyses');
