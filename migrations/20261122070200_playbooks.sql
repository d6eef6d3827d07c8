-- What a workspace scores its sellers by: five dimensions, a row a version. Version 1 is what every workspace starts with,
-- and has no row.

-- +goose Up

create table playbooks (
    workspace_id uuid not null references workspaces (id),
    version      integer not null check (version > 1),
    dimensions   jsonb not null,
    edited_by    uuid references sales_reps (id) on delete set null,
    edited_at    timestamptz not null,
    primary key (workspace_id, version)
);

select tertulia_tenant_table('playbooks');
