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
	for n := 0; ; {
		tag, err := l.pool.Exec(ctx, purgeSQL, before, purgeBatch)
		if err != nil {
			return n, fmt.Errorf("purge finished jobs: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return n, nil
		}
		n += int(tag.RowsAffected())
	}
}
