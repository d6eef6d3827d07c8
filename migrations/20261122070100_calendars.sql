-- Calendars that reps have registered, what of them wants a notetaker in the coming days, and what was booked for it.

-- +goose Up

create table calendar_feeds (
    id               uuid primary key,
    workspace_id     uuid not null references workspaces (id),
    rep_id           uuid not null references sales_reps (id) on delete cascade,
    name             text not null default '',
    url              text not null, -- a secret
    include_internal boolean not null default false,
    etag             text not null default '',
    last_modified    text not null default '',
    read_at          timestamptz,
    polled_at        timestamptz,
    failure          jsonb not null default '{}',
    failures         integer not null default 0,
    next_poll_at     timestamptz not null,
    created_at       timestamptz not null,
    unique (workspace_id, id)
);

create unique index calendar_feeds_once on calendar_feeds (workspace_id, rep_id, md5(url));

-- A meeting is named here and not referred to: that it is deleted leaves nothing to be booked again.
create table calendar_events (
    workspace_id  uuid not null references workspaces (id),
    feed_id       uuid not null,
    uid           text not null,
    instance      text not null,    -- which of a series
    title         text not null,
    link          text not null,
    starts_at     timestamptz not null,
    starts_offset integer not null, -- of the calendar's clock, in seconds from UTC
    guest         jsonb not null default '{}',
    gone          boolean not null default false,
    booked_link   text not null default '',
    booked_starts timestamptz,      -- null: no booking is intended
    meeting_id    uuid,             -- null: the intended booking is not finished
    primary key (feed_id, uid, instance),
    foreign key (workspace_id, feed_id) references calendar_feeds (workspace_id, id) on delete cascade
);

create index calendar_events_by_time on calendar_events (workspace_id, feed_id, starts_at);
create index calendar_events_of_meeting on calendar_events (workspace_id, meeting_id) where meeting_id is not null;

select tertulia_tenant_table('calendar_feeds');
select tertulia_tenant_table('calendar_events');
