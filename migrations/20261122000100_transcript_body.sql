-- A transcript's body is written once, read whole, and never searched inside: as jsonb its 100 kB take several times as long
-- to store. lz4 compresses them in a tenth of the time of the default; a Postgres built without it goes on as before. The
-- rows are rewritten under a lock, and binaries of before read and write the new type as they did the old.

-- +goose Up

alter table transcripts alter column body type json using body::text::json;

-- +goose StatementBegin
do $$
begin
    alter table transcripts alter column body set compression lz4;
exception when feature_not_supported then
    raise notice 'this Postgres has no lz4';
end
$$;
-- +goose StatementEnd
