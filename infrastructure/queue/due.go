package queue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// pickSQL marks up to $2 due jobs of a class as being on their way, and returns them. Workspaces take turns: it walks
// the index from workspace to workspace, takes some of each one's oldest, and interleaves them.
const pickSQL = `
with recursive tenants (ws) as (
	(select workspace_id from jobs where state = 'pending' and class = $1 order by workspace_id limit 1)
	union all
	select (select j.workspace_id from jobs j
		where j.state = 'pending' and j.class = $1 and j.workspace_id > t.ws order by j.workspace_id limit 1)
	from tenants t where t.ws is not null
), due as (
	select d.id, d.run_at, row_number() over (partition by t.ws order by d.run_at, d.id) as turn
	from tenants t cross join lateral (
		select id, run_at from jobs j
		where j.state = 'pending' and j.class = $1 and j.workspace_id = t.ws and j.run_at <= coalesce($4, now())
			and (j.pushed_until is null or j.pushed_until < now() or $5)
			and j.id <> all ($6::text[]::uuid[]) and ($7::text[] is null or j.kind = any ($7))
		order by run_at, id limit (select greatest(4, 2 * $2::int / greatest(count(ws), 1)) from tenants)
	) d where t.ws is not null
), picked as (
	select j.id, d.turn from jobs j
	join (select * from due order by turn, run_at limit $2::int) d on d.id = j.id
	where j.state = 'pending' for update of j skip locked
)
update jobs j set pushed_until = now() + $3::interval from picked where j.id = picked.id
returning j.id::text, j.kind, j.attempt, picked.turn, j.run_at`

// pick says which due jobs to take.
type pick struct {
	class  Class
	most   int
	pushed bool     // also those that are on their way through Redis
	except []string // but not these
	kinds  []string // of these kinds; nil: of any
}

// pickDue returns due jobs in the order in which they are to run. For the ledger's Transit they are nobody else's.
func (l *Ledger) pickDue(ctx context.Context, q querier, p pick) ([]delivery, error) {
	except := p.except
	if except == nil {
		except = []string{}
	}
	rows, err := q.Query(ctx, pickSQL, string(p.class), p.most, l.cfg.Tuning.Transit, l.now(), p.pushed, except, p.kinds)
	if err != nil {
		return nil, fmt.Errorf("pick due jobs: %w", err)
	}
	type due struct {
		delivery
		turn  int
		runAt time.Time
	}
	jobs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (due, error) {
		j := due{delivery: delivery{class: p.class}}
		err := row.Scan(&j.id, &j.kind, &j.attempt, &j.turn, &j.runAt)
		return j, err
	})
	if err != nil {
		return nil, fmt.Errorf("read due jobs: %w", err)
	}
	slices.SortFunc(jobs, func(a, b due) int {
		return cmp.Or(cmp.Compare(a.turn, b.turn), a.runAt.Compare(b.runAt), cmp.Compare(a.id, b.id))
	})
	ordered := make([]delivery, len(jobs))
	for i, j := range jobs {
		ordered[i] = j.delivery
	}
	return ordered, nil
}

// querier is a connection or a pool.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// reclaimSQL takes expired leases back. FOR UPDATE waits for no transaction of the holder: it passes over a row that the
// fence holds, so that what has begun under the lease may still commit.
const reclaimSQL = `
with expired as (
	select id from jobs where state = 'running' and lease_until < now() limit $2 for update skip locked
)
update jobs j set
	state = case
		when j.once then 'unknown'
		when j.attempt >= j.max_attempts then 'dead'
		when j.unique_key is not null and exists (
			select from jobs p where p.workspace_id = j.workspace_id and p.kind = j.kind
				and p.unique_key = j.unique_key and p.state = 'pending') then 'cancelled'
		else 'pending' end,
	finished_at = case when j.once or j.attempt >= j.max_attempts then coalesce($1, now()) end,
	last_error = 'lease expired: the worker died, hung or lost Postgres',
	generation = j.generation + 1, worker = null, lease_until = null, pushed_until = null
from expired where j.id = expired.id
returning j.kind, j.state`

// reclaim takes back the jobs of workers that have not renewed their leases, and returns how many there were.
func (l *Ledger) reclaim(ctx context.Context) (int, error) {
	for most := 500; ; most = 1 { // one by one where two with the same key would become pending together
		rows, err := l.pool.Query(ctx, reclaimSQL, l.now(), most)
		if err != nil {
			return 0, fmt.Errorf("reclaim expired leases: %w", err)
		}
		type reclaimed struct{ Kind, State string }
		jobs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[reclaimed])
		if postgres.IsUniqueViolation(err, onePending) && most > 1 {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("reclaim expired leases: %w", err)
		}
		for _, j := range jobs {
			l.metrics.runs.WithLabelValues(j.Kind, "lease expired").Inc()
			l.cfg.Logger.WarnContext(ctx, "lease expired", "kind", j.Kind, "state", j.State)
		}
		return len(jobs), nil
	}
}
