package queue

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

const (
	rundueWidth = 8
	rundueLook  = 20 * time.Millisecond
)

// RunDue does here and now, without Redis, what the feeder and the workers do: takes expired leases back, dispatches
// events and runs due jobs, until nothing is due or the limit is reached. Jobs that run longer than that are handed
// back. It returns how many attempts were made, and how many of them failed. Workers may be at work meanwhile.
func (l *Ledger) RunDue(ctx context.Context, limit time.Duration) (processed, failed int, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r := &dueRunner{runner: newRunner(l), taken: map[string]bool{}}
	r.start()
	err = r.runUntilIdle(ctx)
	r.drain(ctx)
	r.close()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		err = fmt.Errorf("run due jobs: %w", err)
	}
	return r.tally.processed, r.tally.failed, err
}

// dueRunner feeds a runner from Postgres.
type dueRunner struct {
	*runner
	taken map[string]bool // picked and not returned from deliver; under mu
}

func (r *dueRunner) runUntilIdle(ctx context.Context) error {
	if _, err := r.pool.Exec(ctx, tickSQL); err != nil {
		return fmt.Errorf("note the tick: %w", err)
	}
	if _, err := r.reclaim(ctx); err != nil {
		return err
	}
	known := r.cfg.Registry.names()
	for ctx.Err() == nil {
		idle := len(r.mine()) == 0 // before looking: what is running now may yet bring something
		dispatched, err := r.dispatch(ctx)
		if err != nil {
			return err
		}
		picked, err := r.deliverDue(ctx, known)
		switch {
		case err != nil && ctx.Err() == nil:
			return err
		case picked > 0 || dispatched > 0:
		case idle:
			return nil
		default:
			pause(ctx, rundueLook)
		}
	}
	return nil
}

// deliverDue picks as many due jobs as there is room for and starts them.
func (r *dueRunner) deliverDue(ctx context.Context, kinds []string) (picked int, err error) {
	for _, class := range Classes() {
		mine := r.mine()
		room := rundueWidth - len(mine)
		if room <= 0 {
			break
		}
		jobs, err := r.pickDue(ctx, r.pool, pick{class: class, most: room, pushed: true, except: mine, kinds: kinds})
		if err != nil {
			return picked, err
		}
		for _, job := range jobs {
			picked++
			r.mu.Lock()
			r.taken[job.id] = true
			r.mu.Unlock()
			go func() {
				_ = r.deliver(r.cfg.Registry.kinds[job.kind], job.id) // its outcome is in the ledger
				r.mu.Lock()
				delete(r.taken, job.id)
				r.mu.Unlock()
			}()
		}
	}
	return picked, nil
}

// mine lists the jobs that are in this runner's hands already.
func (r *dueRunner) mine() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := slices.Collect(maps.Keys(r.taken))
	for h := range r.holds {
		ids = append(ids, h.id)
	}
	for _, waiting := range r.parked {
		ids = append(ids, waiting...)
	}
	return ids
}
