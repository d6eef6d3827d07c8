-- +goose NO TRANSACTION
-- +goose Up

set lock_timeout = '2s';

create index concurrently if not exists events_held on events (workspace_id, stream)
    where held_until is not null and dispatched_at is null;
