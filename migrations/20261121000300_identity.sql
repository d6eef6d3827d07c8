-- +goose Up
-- Who may call: tenants, their sales reps, their API keys, and the way of an administrator into the queue dashboard.

-- +goose StatementBegin
create table workspaces (
    id          uuid primary key,
    name        text        not null,
    slug        text        not null constraint workspaces_slug unique,
    timezone    text        not null,                       -- IANA name: weekly reports and display strings
    language    text        not null default 'es',
    is_default  boolean     not null default false,         -- SERVICE_API_KEY, Supabase tokens and Recall belong to it
    created_at  timestamptz not null
);
create unique index workspaces_one_default on workspaces (is_default) where is_default;

create table sales_reps (
    id                     uuid primary key,
    workspace_id           uuid        not null references workspaces (id),
    email                  text        not null,            -- lower case
    name                   text        not null default '',
    is_admin               boolean     not null default false,
    hubspot_owner_id       text,                            -- found by e-mail
    hubspot_owner_override text,                            -- chosen by a person; wins
    created_at             timestamptz not null,
    deactivated_at         timestamptz
);
create unique index sales_reps_email on sales_reps (workspace_id, lower(email));
create index sales_reps_by_name on sales_reps (workspace_id, lower(name), id);

create table api_keys (
    id           uuid primary key,
    workspace_id uuid        not null references workspaces (id),
    name         text        not null,
    hash         bytea       not null constraint api_keys_hash unique check (octet_length(hash) = 32), -- SHA-256
    prefix       text        not null,                      -- what a person recognises the key by
    role         text        not null check (role in ('rep', 'admin')),
    created_at   timestamptz not null,
    last_used_at timestamptz,                               -- to within a few minutes
    revoked_at   timestamptz
);
create index api_keys_of_workspace on api_keys (workspace_id, created_at desc);

-- A link is shown once and redeemed once; a session is what it becomes.
create table admin_links (
    hash         bytea primary key check (octet_length(hash) = 32),
    workspace_id uuid        not null references workspaces (id),
    rep_id       uuid        not null references sales_reps (id) on delete cascade,
    expires_at   timestamptz not null,
    redeemed_at  timestamptz
);
create table admin_sessions (
    hash         bytea primary key check (octet_length(hash) = 32),
    workspace_id uuid        not null references workspaces (id),
    rep_id       uuid        not null references sales_reps (id) on delete cascade,
    expires_at   timestamptz not null
);
-- +goose StatementEnd

select tertulia_tenant_table('sales_reps');
select tertulia_tenant_table('api_keys');
select tertulia_tenant_table('admin_links');
select tertulia_tenant_table('admin_sessions');

-- A workspace is its own tenant: it may be read from inside, and is made and changed from outside.
select tertulia_system_table('workspaces');
create policy tenant on workspaces for select to tertulia_app using (id = current_setting('app.workspace_id')::uuid);
grant select on workspaces to tertulia_app;
