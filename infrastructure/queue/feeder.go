package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

// leaderLock is the advisory lock of the one feeder that is at work in a database. The number has no meaning.
const leaderLock = 7238401194

const (
	brisk     = 10 * time.Millisecond // pause between rounds while there is more to push than Redis should hold
	carriers  = 8
	lookLimit = time.Second
)

// Feeder keeps the ledger moving. Many may be started; one is at work at a time.
type Feeder struct {
	*Ledger
	courier *courier // nil without Redis
	stop    context.CancelFunc
	done    sync.WaitGroup
	ticked  time.Time
}

// NewFeeder makes a feeder of the ledger.
func NewFeeder(l *Ledger) *Feeder {
	f := &Feeder{Ledger: l}
	if l.cfg.Redis != nil {
		f.courier = newCourier(l.cfg.Redis)
	}
	return f
}

// Start runs the feeder in the background.
func (f *Feeder) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	f.stop = cancel
	f.done.Go(func() {
		for ctx.Err() == nil {
			if err := f.lead(ctx); err != nil && ctx.Err() == nil {
				f.cfg.Logger.Error("feed jobs", "error", err)
			}
			pause(ctx, f.cfg.Tuning.Tick)
		}
	})
}

// Stop ends the feeder and gives the lead to another process.
func (f *Feeder) Stop() {
	f.stop()
	f.done.Wait()
	if f.courier != nil {
		f.courier.close()
	}
}

// lead works for as long as this process holds the lock, whose connection dies with it. It returns at once when another
// process leads.
func (f *Feeder) lead(ctx context.Context) error {
	conn, err := f.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("acquire the leader's connection: %w", err)
	}
	defer conn.Release()
	var leads bool
	if err := conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", leaderLock).Scan(&leads); err != nil {
		return fmt.Errorf("ask for the lead: %w", err)
	}
	if !leads {
		return nil
	}
	defer f.yield(conn)
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error { return f.feed(ctx, conn) })
	work.Go(func() error { return f.sweep(ctx) })
	return work.Wait()
}

// yield gives the lock up, or the connection with it when that fails.
func (f *Feeder) yield(conn *pgxpool.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), lookLimit)
	defer cancel()
	if _, err := conn.Exec(ctx, "select pg_advisory_unlock($1)", leaderLock); err != nil {
		_ = conn.Conn().Close(ctx)
	}
}

// feed pushes due jobs, round after round. A Redis that is away is no reason to give up the lead.
func (f *Feeder) feed(ctx context.Context, conn *pgxpool.Conn) error {
	for ctx.Err() == nil {
		if err := f.tick(ctx, conn); err != nil {
			return err
		}
		more, err := f.round(ctx, conn)
		switch {
		case errors.As(err, new(*redisError)):
			f.cfg.Logger.WarnContext(ctx, "feed jobs to Redis", "error", err)
		case err != nil:
			return err
		}
		if more {
			pause(ctx, brisk)
		} else {
			pause(ctx, f.cfg.Tuning.Tick)
		}
	}
	return nil
}

// round fills Redis up once and reports whether there may be more to push.
func (f *Feeder) round(ctx context.Context, conn *pgxpool.Conn) (more bool, err error) {
	if f.courier == nil {
		return false, nil
	}
	waiting, err := f.look(ctx, conn)
	if err != nil {
		return false, err
	}
	for _, class := range Classes() {
		room := f.cfg.Tuning.Backlog - waiting[class]
		if room < f.cfg.Tuning.Backlog/4 {
			more = more || class != Bulk // full for now: of what nobody waits for it may stay so for long
			continue
		}
		jobs, err := f.pickDue(ctx, conn, pick{class: class, most: room * mostPacked})
		if err != nil {
			return false, err
		}
		if err := f.carry(ctx, pack(jobs, (len(jobs)+room-1)/room)); err != nil {
			return false, err
		}
		more = more || len(jobs) >= room/2
	}
	return more, nil
}

// look returns what waits in Redis. When Redis has forgotten everything, whatever was on its way is to be pushed again.
func (f *Feeder) look(ctx context.Context, conn *pgxpool.Conn) (map[Class]int, error) {
	redisCtx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	remembers, err := f.courier.remembers(redisCtx)
	if err != nil {
		return nil, &redisError{err}
	}
	if !remembers {
		_, err := conn.Exec(ctx, "update jobs set pushed_until = null where state = 'pending' and pushed_until is not null")
		if err != nil {
			return nil, fmt.Errorf("recall what Redis has lost: %w", err)
		}
		if err := f.courier.newEpoch(redisCtx); err != nil {
			return nil, &redisError{err}
		}
	}
	waiting, err := f.courier.waiting(redisCtx)
	if err != nil {
		return nil, &redisError{err}
	}
	return waiting, nil
}

// carry pushes the packets, roughly in their order. What could not be pushed is due again at once.
func (f *Feeder) carry(ctx context.Context, packets []packet) error {
	var mu sync.Mutex
	var left []string
	work, pushing := errgroup.WithContext(ctx)
	work.SetLimit(carriers)
	for _, p := range packets {
		work.Go(func() error {
			pushCtx, cancel := context.WithTimeout(pushing, pushDeadline) // the first failure ends all
			defer cancel()
			err := f.courier.push(pushCtx, p)
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				left = append(left, jobsOf(p.payload())...)
				return err
			}
			f.metrics.pushed.Add(float64(len(p)))
			return nil
		})
	}
	failed := work.Wait()
	if failed == nil {
		return nil
	}
	if err := f.recall(ctx, left); err != nil {
		return err
	}
	return &redisError{failed}
}

// recall makes jobs due that were marked as being on their way.
func (l *Ledger) recall(ctx context.Context, ids []string) error {
	_, err := l.pool.Exec(ctx, `update jobs set pushed_until = null
		where id = any ($1::text[]::uuid[]) and nullif(state, '') = 'pending'`, ids)
	if err != nil {
		return fmt.Errorf("recall jobs: %w", err)
	}
	return nil
}

const tickSQL = `insert into job_feeder (ticked_at) values (now()) on conflict (singleton) do update set ticked_at = now()`

// tick leaves a sign of life once a second.
func (f *Feeder) tick(ctx context.Context, conn *pgxpool.Conn) error {
	if time.Since(f.ticked) < time.Second {
		return nil
	}
	if _, err := conn.Exec(ctx, tickSQL); err != nil {
		return fmt.Errorf("note the feeder's tick: %w", err)
	}
	f.ticked = time.Now()
	return nil
}

// sweep takes expired leases back and turns events into jobs.
func (f *Feeder) sweep(ctx context.Context) error {
	for ctx.Err() == nil {
		if _, err := f.reclaim(ctx); err != nil {
			return err
		}
		n, err := f.dispatch(ctx)
		if err != nil {
			return err
		}
		if n < dispatchBatch {
			pause(ctx, f.cfg.Tuning.Tick)
		}
	}
	return nil
}

// redisError says that Redis, not Postgres, is in the way.
type redisError struct{ error }

func (e *redisError) Unwrap() error { return e.error }

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
