-- +goose NO TRANSACTION
-- +goose Up

set lock_timeout = '2s';

create index concurrently if not exists inbound_events_waiting on inbound_events (workspace_id, provider, topic)
    where topic is not null and taken_at is null;
