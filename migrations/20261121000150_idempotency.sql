-- What an Idempotency-Key has led to. A row is written in the transaction of the effect, so that a key that is seen twice
-- waits for the first and then reads its answer.

-- +goose Up

create table idempotency_keys (
    workspace_id uuid not null,
    scope        text not null,
    key          text not null,
    body_hash    text not null,
    answer       text not null,
    created_at   timestamptz not null default now(),
    primary key (workspace_id, scope, key)
);

create index idempotency_keys_oldest on idempotency_keys (created_at);

select tertulia_tenant_table('idempotency_keys');
