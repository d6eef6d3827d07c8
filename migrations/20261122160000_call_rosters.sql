-- People of submitted batches, many in a row, until something is known of any of them. Ten thousand rows of their own keep
-- whoever submits a batch waiting, most are told of nothing for hours, and those of a batch that is called off never are.

-- +goose Up

create table call_rosters (
    workspace_id   uuid not null,
    batch_id       uuid not null,
    first_position integer not null,
    chunk          integer not null,
    size           integer not null,
    -- In order of position, with ASCII's record separator between one and the next.
    phones         text not null,
    refs           text, -- the callers' own IDs, empty where there is none; null: nowhere
    bodies         text not null,
    statuses       text, -- null: everybody is pending
    added_at       timestamptz not null,
    primary key (batch_id, first_position)
);

select tertulia_tenant_table('call_rosters');

-- +goose StatementBegin
do $$
begin
    alter table call_rosters alter column bodies set compression lz4;
    alter table call_rosters alter column phones set compression lz4;
exception when feature_not_supported then
    raise notice 'this Postgres has no lz4';
end
$$;
-- +goose StatementEnd

-- The people of a roster as rows.
-- +goose StatementBegin
create function tertulia_people_of(roster call_rosters)
    returns table (workspace_id uuid, batch_id uuid, "position" integer, chunk integer, phone text, ref text, body text, status text,
        conversation text, attempts integer, updated_at timestamptz)
    language sql stable as
$$
select roster.workspace_id, roster.batch_id, roster.first_position + p.n - 1, roster.chunk, coalesce(p.phone, ''), nullif(p.ref, ''),
    coalesce(p.body, ''), coalesce(p.status, 'pending'), null::text, 1, roster.added_at
from rows from (
    generate_series(1, roster.size), string_to_table(roster.phones, E'\x1e'), string_to_table(roster.refs, E'\x1e'),
    string_to_table(roster.bodies, E'\x1e'), string_to_table(roster.statuses, E'\x1e')
) as p (n, phone, ref, body, status)
$$;
-- +goose StatementEnd

-- Everybody, wherever they are kept.
create view call_people with (security_invoker = true) as
select workspace_id, batch_id, position, chunk, phone, ref, body, status, conversation, attempts, updated_at from call_recipients
union all
select p.workspace_id, p.batch_id, p.position, p.chunk, p.phone, p.ref, p.body, p.status, p.conversation, p.attempts, p.updated_at
from call_rosters r cross join lateral tertulia_people_of(r) p;

grant select on call_people to tertulia_app, tertulia_system;
