-- +goose NO TRANSACTION
-- +goose Up

-- A campaign has a chunk for every few people, of which a handful is looked at again. A batch of up to ten thousand people has
-- one chunk, the first, and pays nothing for this.

set lock_timeout = '2s';

create index concurrently if not exists call_chunks_live on call_chunks (workspace_id, batch_id, ordinal)
    where next_look is not null and ordinal > 0;

reset lock_timeout;
