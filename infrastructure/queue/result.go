package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// result is what became of one attempt.
type result struct {
	id         string
	generation int
	verdict
	text string // of the error
}

// writeResultsSQL changes only what this claim still holds. A job that would become pending beside a newer one with the
// same key is superseded by it.
const writeResultsSQL = `
update jobs j set
	state = case when r.state = 'pending' and j.unique_key is not null and exists (
			select from jobs p where p.workspace_id = j.workspace_id and p.kind = j.kind
				and p.unique_key = j.unique_key and p.state = 'pending')
		then 'cancelled' else r.state end,
	run_at = case when r.state = 'pending'
		then coalesce($1, now()) + r.after_ms * interval '1 millisecond' else j.run_at end,
	attempt = j.attempt - r.refund,
	finished_at = case when r.state <> 'pending' then coalesce($1, now()) end,
	last_error = coalesce(nullif(r.error, ''), j.last_error),
	worker = null, lease_until = null, pushed_until = null
from unnest($2::text[]::uuid[], $3::int[], $4::text[], $5::bigint[], $6::int[], $7::text[])
	as r (id, generation, state, after_ms, refund, error)
where j.id = r.id and j.generation = r.generation and j.state = 'running'`

const (
	onePending  = "jobs_one_pending"
	resultPause = 100 * time.Millisecond
)

// writeResults keeps trying for as long as the leases may hold. After that the jobs are taken back and run again.
func (r *runner) writeResults(batch []result) {
	ctx, cancel := context.WithTimeout(context.Background(), r.cfg.Tuning.Lease)
	defer cancel()
	for {
		err := r.write(ctx, batch)
		switch {
		case err == nil:
			return
		case postgres.IsUniqueViolation(err, onePending) && len(batch) > 1:
			for i := range batch { // two with one key: alone, each sees the other
				r.writeResults(batch[i : i+1])
			}
			return
		}
		r.cfg.Logger.Error("write results of jobs", "jobs", len(batch), "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(resultPause):
		}
	}
}

func (r *runner) write(ctx context.Context, batch []result) error {
	n := len(batch)
	ids, texts, states := make([]string, n), make([]string, n), make([]string, n)
	generations, refunds, pauses := make([]int, n), make([]int, n), make([]int64, n)
	for i, res := range batch {
		ids[i], generations[i], states[i], texts[i] = res.id, res.generation, string(res.state), res.text
		pauses[i] = res.after.Milliseconds()
		if res.untaken {
			refunds[i] = 1
		}
	}
	_, err := r.pool.Exec(ctx, writeResultsSQL, r.now(), ids, generations, states, pauses, refunds, texts)
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}
