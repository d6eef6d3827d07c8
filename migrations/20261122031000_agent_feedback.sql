-- What people think of agents' answers, and what agents are taught from it. A vote goes with its meeting; a lesson names
-- nobody and outlives it.

-- +goose Up

create table agent_feedback (
    id           uuid primary key,
    workspace_id uuid not null references workspaces (id),
    meeting_id   uuid not null references meetings (id) on delete cascade,
    author_id    uuid not null references sales_reps (id) on delete cascade,
    agent_key    text not null,
    source       text not null check (source in ('chat', 'analysis')),
    source_ref   uuid not null,               -- the answer in the chat, or the analysis
    vote         text not null check (vote in ('like', 'dislike')),
    correction   text not null default '',
    question     text not null default '',    -- what was asked and answered, as it was when it was voted on
    answer       text not null default '',
    review       text not null check (review in ('pending', 'approved', 'rejected')),
    lesson       text not null default '',
    reason       text not null default '',
    reviewed_by  uuid references sales_reps (id) on delete set null,
    reviewed_at  timestamptz,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    foreign key (workspace_id, agent_key) references agents (workspace_id, key) on delete cascade,
    unique (workspace_id, author_id, source, source_ref),
    check ((review = 'pending') = (reviewed_at is null))
);

create index agent_feedback_of_meeting on agent_feedback (meeting_id, author_id);
create index agent_feedback_queue on agent_feedback (workspace_id, review, id desc) where vote = 'dislike' and correction <> '';

select tertulia_tenant_table('agent_feedback');

create table agent_lessons (
    id           uuid primary key,            -- of the correction
    workspace_id uuid not null,
    agent_key    text not null,
    text         text not null,
    approved_at  timestamptz not null,
    foreign key (workspace_id, agent_key) references agents (workspace_id, key) on delete cascade
);

create index agent_lessons_of_agent on agent_lessons (workspace_id, agent_key, approved_at desc, id desc);

select tertulia_tenant_table('agent_lessons');
