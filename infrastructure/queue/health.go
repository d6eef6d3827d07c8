package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// KindHealth is how one kind of jobs fares in one workspace.
type KindHealth struct {
	Kind             string
	Pending          int
	Running          int
	Failed           int     // dead and unknown: they wait for somebody's decision
	OldestPendingAge float64 // seconds since the oldest due job became due
	Done24h          int
	P50, P95         float64 // run time of those, in milliseconds
}

// Health is how the ledger fares.
type Health struct {
	Kinds    []KindHealth // by name; every registered kind
	LastTick time.Time    // of the feeder, or of RunDue; zero before the first
}

const healthSQL = `
with open as (
	select kind, count(*) filter (where state = 'pending') as pending, count(*) filter (where state = 'running') as running,
		count(*) filter (where state in ('dead', 'unknown')) as failed,
		min(run_at) filter (where state = 'pending' and run_at <= coalesce($2, now())) as oldest
	from jobs where workspace_id = $1 and (state = 'pending' or state = 'running' or state in ('dead', 'unknown'))
	group by kind
), finished as (
	select kind, count(*) as done,
		percentile_cont(array[0.5, 0.95]) within group (order by extract(epoch from finished_at - started_at) * 1000) as ms
	from jobs where workspace_id = $1 and state in ('done', 'cancelled') and state = 'done'
		and finished_at > coalesce($2, now()) - interval '24 hours'
	group by kind
)
select k.kind, coalesce(pending, 0), coalesce(running, 0), coalesce(failed, 0),
	coalesce(extract(epoch from coalesce($2, now()) - oldest), 0)::float8, coalesce(done, 0),
	coalesce(ms[1], 0)::float8, coalesce(ms[2], 0)::float8
from (select unnest($3::text[]) as kind union select kind from open union select kind from finished) k
left join open using (kind) left join finished using (kind) order by 1`

// Health reports on every kind in one workspace.
func (l *Ledger) Health(ctx context.Context, ws kernel.WorkspaceID) (Health, error) {
	rows, err := l.pool.Query(ctx, healthSQL, string(ws), l.now(), l.cfg.Registry.names())
	if err != nil {
		return Health{}, fmt.Errorf("read health of jobs: %w", err)
	}
	var h Health
	if h.Kinds, err = pgx.CollectRows(rows, pgx.RowToStructByPos[KindHealth]); err != nil {
		return Health{}, fmt.Errorf("read health of jobs: %w", err)
	}
	var tick *time.Time
	if err := l.pool.QueryRow(ctx, "select max(ticked_at) from job_feeder").Scan(&tick); err != nil {
		return Health{}, fmt.Errorf("read the feeder's last tick: %w", err)
	}
	if tick != nil {
		h.LastTick = tick.UTC()
	}
	return h, nil
}
