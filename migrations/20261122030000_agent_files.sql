-- What AI agents search in: documents that live in the provider's vector stores, with a row of ours that knows how far each
-- is on its way in or out.

-- +goose Up

create table agent_files (
    id           uuid primary key,
    workspace_id uuid not null,
    store_id     text not null,                -- the provider's vector store; every agent of it searches in the file
    agent_key    text not null,                -- whose it was made for
    name         text not null,
    type         text not null check (type in ('pdf', 'txt', 'md', 'csv', 'docx')),
    bytes        bigint not null default 0,
    provider_id  text not null default '',     -- '': the provider has not answered yet
    state        text not null check (state in ('uploading', 'reading', 'ready', 'failed', 'removing')),
    problem      text not null default '',     -- the provider's code of a failure
    digest       text not null default '',     -- of the lessons in it; '': a person's file
    uploaded_by  uuid references sales_reps (id) on delete set null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    foreign key (workspace_id, agent_key) references agents (workspace_id, key) on delete cascade
);

create index agent_files_of_store on agent_files (workspace_id, store_id, created_at desc);
create index agent_files_of_lessons on agent_files (workspace_id, agent_key) where digest <> '';

select tertulia_tenant_table('agent_files');
