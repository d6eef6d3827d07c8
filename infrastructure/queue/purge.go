package queue

import (
	"context"
	"fmt"
	"time"
)

// purgeSQL deletes up to $2 finished jobs of every workspace, walking the index from workspace to workspace.
const purgeSQL = `
with recursive tenants (ws) as (
	(select workspace_id from jobs where state in ('done', 'cancelled') order by workspace_id limit 1)
	union all
	select (select j.workspace_id from jobs j
		where j.state in ('done', 'cancelled') and j.workspace_id > t.ws order by j.workspace_id limit 1)
	from tenants t where t.ws is not null
), old as (
	select o.id from tenants t cross join lateral (
		select id from jobs j where j.state in ('done', 'cancelled') and j.workspace_id = t.ws and j.finished_at < $1
		order by finished_at limit $2
	) o where t.ws is not null
)
delete from jobs j using old where j.id = old.id`

const purgeBatch = 1000

// PurgeFinished deletes jobs that were done or cancelled before a time, and returns how many. Dead and unknown jobs are
// never deleted: somebody has to decide about them first.
func (l *Ledger) PurgeFinished(ctx context.Context, before time.Time) (int, error) {
	n, err := l.purge(ctx, purgeSQL, before)
	if err != nil {
		return n, fmt.Errorf("purge finished jobs: %w", err)
	}
	return n, nil
}

// PurgeInbound deletes events that were received before a time, and returns how many. A provider that repeats an event
// after that is not recognised: keep them longer than any provider retries.
func (l *Ledger) PurgeInbound(ctx context.Context, before time.Time) (int, error) {
	n, err := l.purge(ctx, `
		delete from inbound_events where ctid = any (array(select ctid from inbound_events where received_at < $1 limit $2))`, before)
	if err != nil {
		return n, fmt.Errorf("purge inbound events: %w", err)
	}
	return n, nil
}

// PurgeEvents deletes events that happened before a time and have been dispatched, except the newest of each stream,
// which keeps the count of versions.
func (l *Ledger) PurgeEvents(ctx context.Context, before time.Time) (int, error) {
	n, err := l.purge(ctx, `
		delete from events where id in (
			select e.id from events e where e.created_at < $1 and e.dispatched_at is not null and exists (
				select from events n where n.workspace_id = e.workspace_id and n.stream = e.stream and n.version > e.version)
			limit $2)`, before)
	if err != nil {
		return n, fmt.Errorf("purge events: %w", err)
	}
	return n, nil
}

// purge deletes batch after batch, each within the statement timeout however much there is. $1 is the time, $2 the size of a
// batch.
func (l *Ledger) purge(ctx context.Context, statement string, before time.Time) (int, error) {
	for n := 0; ; {
		tag, err := l.pool.Exec(ctx, statement, before, purgeBatch)
		if err != nil || tag.RowsAffected() == 0 {
			return n, err
		}
		n += int(tag.RowsAffected())
	}
}
