-- The AI agents of a workspace: evaluators, which judge meetings, and follow-up agents, which answer questions about them.
-- The rows of the agents that come with the product are made when a workspace's agents are first looked at.

-- +goose Up

create table agents (
    workspace_id        uuid not null references workspaces (id),
    key                 text not null,                       -- stable: chats, files and analyses name it
    kind                text not null check (kind in ('evaluator', 'followup')),
    display_name        text not null,
    version             int not null,                        -- of the instructions: agent_versions has the text
    model               text not null default '',            -- '': the default of its kind
    temperature         double precision check (temperature between 0 and 2),
    top_p               double precision check (top_p between 0 and 1),
    suggested_questions jsonb not null default '[]',
    meeting_types       jsonb not null default '[]',         -- []: every type
    sales_subtype       text not null default '',            -- of an evaluator of sales meetings
    store_id            text not null default '',            -- the provider's vector store; several agents may share one
    position            int not null,                        -- in lists; funnel order among the evaluators of sales
    active              boolean not null default true,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    primary key (workspace_id, key)
);

create index agents_of_store on agents (workspace_id, store_id) where store_id <> '';

select tertulia_tenant_table('agents');

create table agent_versions (
    workspace_id uuid not null,
    agent_key    text not null,
    version      int not null check (version > 0),
    instructions text not null,
    edited_by    uuid references sales_reps (id) on delete set null, -- null: came with the product, or a service wrote it
    created_at   timestamptz not null,
    primary key (workspace_id, agent_key, version),
    foreign key (workspace_id, agent_key) references agents (workspace_id, key) on delete cascade
);

select tertulia_tenant_table('agent_versions');
