-- What people and follow-up agents say to each other about a meeting. A chat is one person's; an answer's row is also the
-- run that makes it, so that whoever comes later, or asks another process, finds the same frames.

-- +goose Up

create table agent_chats (
    id              uuid primary key,
    workspace_id    uuid not null references workspaces (id),
    meeting_id      uuid not null references meetings (id) on delete cascade,
    agent_key       text not null,
    rep_id          uuid not null references sales_reps (id) on delete cascade,
    conversation_id text not null default '',          -- the provider's; '' while there is none
    told            text not null default '',          -- hash of what that conversation was told about the meeting
    created_at      timestamptz not null,
    foreign key (workspace_id, agent_key) references agents (workspace_id, key) on delete cascade,
    unique (workspace_id, meeting_id, agent_key, rep_id),
    unique (workspace_id, id)
);

create index agent_chats_of_meeting on agent_chats (meeting_id); -- for the cascade
create index agent_chats_of_agent on agent_chats (workspace_id, agent_key);
create index agent_chats_of_rep on agent_chats (rep_id);

select tertulia_tenant_table('agent_chats');

create table agent_messages (
    id            uuid primary key,                    -- version 7: in the order of the chat
    workspace_id  uuid not null,
    chat_id       uuid not null,
    role          text not null check (role in ('user', 'assistant')),
    text          text not null default '',
    status        text not null check (status in ('running', 'completed', 'cancelled', 'failed')),
    code          text not null default '',            -- why an answer was cancelled or failed
    frames        jsonb not null default '[]',         -- where in the text, in bytes, each frame of the stream ends
    citations     jsonb not null default '[]',
    agent_version int not null default 0,
    model         text not null default '',
    input_tokens  bigint not null default 0,
    cached_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    cost_micros   bigint,                              -- millionths of a US dollar; null: not known
    created_at    timestamptz not null,
    ended_at      timestamptz,

    -- Of an answer that is being made. Both are by the database's clock, which all processes share.
    lease_until   timestamptz,                         -- the process that makes it lives at least until then
    watched_until timestamptz,                         -- somebody follows it through another process until then

    foreign key (workspace_id, chat_id) references agent_chats (workspace_id, id) on delete cascade,
    check ((status = 'running') = (ended_at is null))
);

create index agent_messages_of_chat on agent_messages (workspace_id, chat_id, id);
create unique index agent_messages_one_run on agent_messages (chat_id) where status = 'running';

select tertulia_tenant_table('agent_messages');
