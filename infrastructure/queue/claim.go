package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

const claimed = ` returning j.id::text, j.workspace_id::text, j.kind, j.attempt, j.max_attempts, j.generation, j.payload,
	j.request_id, j.traceparent`

const setRunning = ` update jobs j set state = 'running', attempt = j.attempt + 1, generation = j.generation + 1,
	worker = $1, lease_until = now() + $2::interval, pushed_until = null, started_at = coalesce($3, now())
from picked where j.id = picked.id`

// claimByID takes those of the named jobs that are due and free. A row that another transaction holds is passed over:
// whoever holds it sees to it that it is pushed again. The state is compared in words from which the planner cannot
// conclude that it may walk through the index of everything that is pending; it would, before it has statistics.
const claimByID = `
with picked as (
	select id from jobs
	where id = any ($4::text[]::uuid[]) and nullif(state, '') = 'pending' and run_at <= coalesce($3, now())
	for update skip locked
)` + setRunning + claimed

// claimRequest asks for one job by ID and waits for the answer: nil when it cannot be had.
type claimRequest struct {
	id     string
	answer chan *hold
}

// claimBatch writes one batch of claims. Whatever goes wrong, everybody gets an answer; a job that could not be claimed
// is pushed again by the feeder.
func (r *runner) claimBatch(batch []claimRequest) {
	ids := make([]string, len(batch))
	waiting := make(map[string][]claimRequest, len(batch))
	for i, request := range batch {
		ids[i] = request.id
		waiting[request.id] = append(waiting[request.id], request)
	}
	ctx, cancel := context.WithTimeout(context.Background(), r.cfg.Tuning.Lease/2)
	defer cancel()
	taken := time.Now()
	rows, err := r.pool.Query(ctx, claimByID, r.worker, r.cfg.Tuning.Lease, r.now(), ids)
	var holds []*hold
	if err == nil {
		holds, err = r.collect(taken, rows)
	}
	if err != nil {
		r.cfg.Logger.Error("claim jobs", "jobs", len(ids), "error", err)
	}
	for _, h := range holds {
		waiting[h.id][0].answer <- h
		waiting[h.id] = waiting[h.id][1:]
	}
	for _, left := range waiting {
		for _, request := range left {
			request.answer <- nil
		}
	}
}

// collect reads claimed rows.
func (r *runner) collect(taken time.Time, rows pgx.Rows) ([]*hold, error) {
	holds, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*hold, error) {
		var name string
		var ws kernel.WorkspaceID
		h := &hold{renewed: taken}
		err := row.Scan(&h.id, &ws, &name, &h.Attempt, &h.MaxAttempts, &h.generation, &h.payload,
			&h.RequestID, &h.traceparent)
		h.ID, h.Workspace = port.JobID(h.id), ws
		h.kind = r.cfg.Registry.kinds[name]
		return h, err
	})
	if err != nil {
		return nil, fmt.Errorf("read claimed jobs: %w", err)
	}
	return holds, nil
}
