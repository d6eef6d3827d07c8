-- The index of the search holds what people read from now on, that is what was heard with the corrections of the workspace.
-- Where there are any, what was indexed before is read again, once the binaries that index otherwise have gone.

-- +goose Up

set local role tertulia_system;
insert into jobs (id, workspace_id, kind, class, payload, unique_key, max_attempts, run_at, created_at)
select gen_random_uuid(), c.workspace_id, 'reread_transcripts', 'bulk', '{"after":""}', '', 20, now() + interval '15 minutes', now()
from (select distinct workspace_id from transcript_corrections where active) c;
reset role;
