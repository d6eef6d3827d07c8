-- Scorecards of the meetings that were completed before there were any. In a migration of its own, so that nobody waits for
-- it; a meeting that changes meanwhile has its scorecard already. As the system role: whoever migrates may see no tenant.

-- +goose Up

set local role tertulia_system;
insert into scorecards select * from scorecards_due on conflict (meeting_id) do nothing;
reset role;
