package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// heartbeatSQL renews the leases of the jobs that a worker is at, and tells which it still holds. A row that is just
// being finished is not waited for; its lease holds for another round or two. A row that the worker has claimed and is
// not at any more is left to its lease.
const heartbeatSQL = `
with mine as (
	select id from jobs where worker = $1 and state = 'running' and id = any ($3::text[]::uuid[])
	for no key update skip locked
), renewed as (
	update jobs j set lease_until = now() + $2::interval from mine where j.id = mine.id
)
select id::text, generation from jobs where worker = $1 and state = 'running'`

type claimRef struct {
	ID         string
	Generation int
}

// heartbeat renews the leases until ctx ends, and ends the context of every handler whose lease is lost, or may be: when
// Postgres has not been reached for as long as a lease holds.
func (r *runner) heartbeat(ctx context.Context) {
	tick := time.NewTicker(r.cfg.Tuning.Heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		held, sent := r.held(), time.Now()
		if len(held) == 0 {
			continue
		}
		still, err := r.renew(ctx, held)
		if err != nil && ctx.Err() == nil {
			r.cfg.Logger.ErrorContext(ctx, "renew leases", "jobs", len(held), "error", err)
		}
		for _, h := range held {
			switch {
			case err == nil && still[claimRef{h.id, h.generation}]:
				h.renewed = sent
			case err == nil, time.Since(h.renewed) > r.cfg.Tuning.Lease:
				h.cancel(errLost)
			}
		}
	}
}

func (r *runner) renew(ctx context.Context, held []*hold) (map[claimRef]bool, error) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Tuning.Heartbeat)
	defer cancel()
	ids := make([]string, len(held))
	for i, h := range held {
		ids[i] = h.id
	}
	rows, err := r.pool.Query(ctx, heartbeatSQL, r.worker, r.cfg.Tuning.Lease, ids)
	if err != nil {
		return nil, fmt.Errorf("heartbeat: %w", err)
	}
	refs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[claimRef])
	if err != nil {
		return nil, fmt.Errorf("read heartbeat: %w", err)
	}
	still := make(map[claimRef]bool, len(refs))
	for _, ref := range refs {
		still[ref] = true
	}
	return still, nil
}

// held lists the jobs whose handlers run now.
func (r *runner) held() []*hold {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]*hold, 0, len(r.holds))
	for h := range r.holds {
		list = append(list, h)
	}
	return list
}
