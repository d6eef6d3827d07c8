-- A batch is updated a moment after it was stored, when the provider has answered. With room on its page the new version needs
-- no entry in any index.

-- +goose Up

alter table call_batches set (fillfactor = 60);
