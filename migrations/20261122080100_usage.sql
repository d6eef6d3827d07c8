-- What is used at vendors and what it costs. Entries are kept when their meeting is deleted: they are the books. That is
-- why a meeting is named here and not referred to.

-- +goose Up

create table usage_entries (
    id           uuid primary key,
    workspace_id uuid not null references workspaces (id),
    meeting_id   uuid,
    activity     text not null,
    kind         text not null,
    resource     text not null,
    quantity     bigint not null check (quantity > 0), -- in the kind's unit
    amount       bigint,                               -- millionths of a US dollar; null while no price is known
    price        bigint,                               -- millionths of a US dollar for every price_per units
    price_per    bigint,
    price_as_of  date,
    price_source text,
    source       text not null,
    used_at      timestamptz not null,
    check ((amount is null) = (price is null)),
    unique (workspace_id, source, kind) -- however often it is recorded
);

create index usage_entries_of_month on usage_entries (workspace_id, used_at);
create index usage_entries_of_meeting on usage_entries (workspace_id, meeting_id) where meeting_id is not null;

select tertulia_tenant_table('usage_entries');
