-- Topics that are counted wherever they come up in meetings. A count belongs to a revision of its tracker: those of
-- earlier ones are not shown, and are replaced as the meetings are counted again.

-- +goose Up

create table trackers (
    id           uuid primary key,
    workspace_id uuid not null references workspaces (id),
    name         text not null,
    terms        jsonb not null, -- texts
    side         text not null check (side in ('any', 'rep', 'guest')),
    revision     integer not null,
    counted      integer not null default 0, -- the revision of which every meeting is counted
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    unique (workspace_id, id)
);

create unique index trackers_name on trackers (workspace_id, tertulia_fold(name));

create table tracker_counts (
    workspace_id uuid not null,
    tracker_id   uuid not null,
    meeting_id   uuid not null references meetings (id) on delete cascade,
    revision     integer not null,
    mentions     integer not null check (mentions > 0), -- a meeting without any has no row
    primary key (tracker_id, meeting_id),
    foreign key (workspace_id, tracker_id) references trackers (workspace_id, id) on delete cascade
);

create index tracker_counts_of_meeting on tracker_counts (meeting_id);

select tertulia_tenant_table('trackers');
select tertulia_tenant_table('tracker_counts');
