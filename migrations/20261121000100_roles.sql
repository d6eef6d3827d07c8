-- The roles the pools work as, and the one place where a table is put under row-level security.

-- +goose Up

-- Roles belong to the cluster, not to the database: another database's migration may be creating them right now.
-- +goose StatementBegin
do $$
declare
    name text;
begin
    foreach name in array array['tertulia_app', 'tertulia_system'] loop
        if not exists (select from pg_roles where rolname = name) then
            begin
                execute format('create role %I nologin nosuperuser nobypassrls', name);
            exception when duplicate_object or unique_violation then
                null;
            end;
        end if;
    end loop;
end
$$;
-- +goose StatementEnd

-- The pools SET ROLE. A superuser may; any other login role has to be a member, since 16 with the SET option.
-- +goose StatementBegin
do $$
declare
    name text;
    may_set text := case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end;
begin
    foreach name in array array['tertulia_app', 'tertulia_system'] loop
        if not pg_has_role(current_user, name, may_set) then
            execute format('grant %I to %I', name, current_user);
        end if;
    end loop;
end
$$;
-- +goose StatementEnd

grant usage on schema public to tertulia_app, tertulia_system;
alter default privileges in schema public grant usage on sequences to tertulia_app, tertulia_system;
grant select on goose_db_version to tertulia_system;

-- Puts a table under tenant isolation: tertulia_app sees and writes the rows of app.workspace_id and nothing else, and
-- gets an error, not an empty answer, where that is unset (it is '' once a transaction that had set it has ended).
-- +goose StatementBegin
create function tertulia_tenant_table(t regclass) returns void language plpgsql as $$
begin
    perform tertulia_system_table(t);
    execute format(
        'create policy tenant on %s to tertulia_app
            using (workspace_id = current_setting(''app.workspace_id'')::uuid)
            with check (workspace_id = current_setting(''app.workspace_id'')::uuid)', t);
    execute format('grant select, insert, update, delete on %s to tertulia_app', t);
end
$$;
-- +goose StatementEnd

-- Puts a table out of tertulia_app's reach: only the system role works with it.
-- +goose StatementBegin
create function tertulia_system_table(t regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security, force row level security', t);
    execute format('create policy system on %s to tertulia_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %s to tertulia_system', t);
end
$$;
-- +goose StatementEnd

-- Folds a text for search that minds neither case nor accents: 'Peñón' and 'penon' are one. Decomposing and dropping the
-- combining marks needs no extension, gives the same answer everywhere, and is immutable: an index may be built on it.
create function tertulia_fold(t text) returns text
    language sql immutable strict parallel safe
    return lower(regexp_replace(normalize(t, NFD), '[\u0300-\u036f]', '', 'g'));
