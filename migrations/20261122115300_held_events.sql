-- An event whose subscriber fails waits for its next turn, ever longer, and its stream with it: the others are read past it.

-- +goose Up

set local lock_timeout = '2s';

alter table events add column failures integer not null default 0, add column held_until timestamptz;
