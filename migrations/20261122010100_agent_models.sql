-- What became known of language models: that the provider refuses one, so that its successor answers in its place; that
-- one's end is announced, so that admins are told once.

-- +goose Up

create table agent_model_notices (
    workspace_id uuid not null references workspaces (id),
    model        text not null,
    notice       text not null check (notice in ('retired', 'ending')),
    created_at   timestamptz not null,
    primary key (workspace_id, model, notice)
);

select tertulia_tenant_table('agent_model_notices');
