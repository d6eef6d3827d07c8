-- +goose NO TRANSACTION
-- +goose Up

-- What is personal of a batch is erased some time after its end. Those that are not erased yet are found by when they were
-- made, which does not change: an update of a batch still needs no entry in any index.

set lock_timeout = '2s';

alter table call_batches add column if not exists erased_at timestamptz; -- a campaign has call_campaigns.purged_at

create index concurrently if not exists call_batches_unerased on call_batches (workspace_id, created_at)
    where erased_at is null and kind <> 'campaign';

reset lock_timeout;
