-- What an inbound event is about, and whether it has been worked on: those of one topic are taken together, by whichever of
-- its jobs comes first. An event without a topic has a job of its own, or none.

-- +goose Up

set local lock_timeout = '2s';

alter table inbound_events add column topic text, add column taken_at timestamptz;
