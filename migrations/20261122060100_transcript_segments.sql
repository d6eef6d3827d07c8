-- What was said in every meeting, a row an utterance, to be searched. The words are folded and cut by the program, which
-- reads the question the same way: no dictionary and no extension of the server has a part in it. The workspace's ID is
-- one of the words, so that the index itself leaves out the other workspaces' rows.

-- +goose Up

create table transcript_segments (
    meeting_id   uuid not null references meetings (id) on delete cascade,
    position     integer not null, -- in the transcript, from 0
    workspace_id uuid not null references workspaces (id),
    start_ms     bigint not null,
    end_ms       bigint not null,
    speaker      text not null,
    body         text not null,
    words        tsvector not null,
    primary key (meeting_id, position)
);

-- Entries go straight into the index: those of a list of pending ones would be gone through by every search.
create index transcript_segments_words on transcript_segments using gin (words) with (fastupdate = off);

select tertulia_tenant_table('transcript_segments');

-- The transcripts that are there already, and those that the previous binary stores until it has gone.
set local role tertulia_system;
insert into jobs (id, workspace_id, kind, class, payload, unique_key, max_attempts, run_at, created_at)
select gen_random_uuid(), t.workspace_id, 'index_transcripts', 'bulk', '{"after":""}', '', 20, now() + interval '15 minutes', now()
from (select distinct workspace_id from transcripts) t;
reset role;
