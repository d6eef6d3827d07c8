-- A provider tells what an answer took at its end. Of one that ends before, we only know what it read and what it had said:
-- that is entered as an estimate.

-- +goose Up

alter table usage_entries add column estimated boolean not null default false;
alter table agent_messages add column usage_estimated boolean not null default false;
