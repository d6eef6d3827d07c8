package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// State is where a job is in its life.
type State string

// States. Dead and unknown jobs stay until somebody decides about them.
const (
	StatePending   State = "pending"   // due now or later
	StateRunning   State = "running"   // claimed by a worker under a lease
	StateDone      State = "done"      // succeeded
	StateDead      State = "dead"      // failed for good
	StateUnknown   State = "unknown"   // nobody knows whether its effect took place
	StateCancelled State = "cancelled" // given up on purpose, or superseded by a newer job with the same key
)

// Ledger keeps jobs and events. It implements port.Jobs and port.Events.
type Ledger struct {
	cfg     Config
	pool    *pgxpool.Pool
	metrics *metrics
	pusher  *pusher // nil without Redis
	intake  *intake
	here    atomic.Pointer[Worker] // of this process, while it works
}

var (
	_ port.Jobs   = (*Ledger)(nil)
	_ port.Events = (*Ledger)(nil)
)

// NewLedger makes the ledger. Until Start, enqueued jobs wait for the feeder.
func NewLedger(cfg Config) (*Ledger, error) {
	cfg = cfg.withDefaults()
	m, err := newMetrics(cfg.Metrics)
	if err != nil {
		return nil, err
	}
	l := &Ledger{cfg: cfg, pool: cfg.DB.SystemPool(), metrics: m}
	l.intake = &intake{ledger: l}
	if cfg.Redis != nil {
		l.pusher = newPusher(newCourier(cfg.Redis), cfg, m)
	}
	return l, nil
}

// Start lets committed jobs travel to Redis at once.
func (l *Ledger) Start() {
	if l.pusher != nil {
		l.pusher.start()
	}
}

// Stop ends that. What is still on its way waits for the feeder.
func (l *Ledger) Stop() {
	if l.pusher != nil {
		l.pusher.stop()
	}
}

// now is the injected clock, nil in production: SQL then takes the database's.
func (l *Ledger) now() *time.Time {
	if l.cfg.Now == nil {
		return nil
	}
	t := l.cfg.Now().UTC()
	return &t
}

// entry is a job about to be stored.
type entry struct {
	id      string
	ws      kernel.WorkspaceID
	kind    *kind
	payload string
	unique  *string
	at      *time.Time
	transit *string // interval for which the feeder leaves it to this process; nil: it is not pushed from here
}

func (l *Ledger) newEntry(ws kernel.WorkspaceID, job port.Job, opts []port.JobOption) (entry, error) {
	k, err := l.cfg.Registry.find(job.Kind())
	if err != nil {
		return entry{}, err
	}
	payload, err := json.Marshal(job)
	if err != nil {
		return entry{}, fmt.Errorf("encode payload of %s: %w", k.name, err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return entry{}, fmt.Errorf("make job ID: %w", err)
	}
	e := entry{id: id.String(), ws: ws, kind: k, payload: string(payload)}
	var settings port.JobSettings
	for _, set := range opts {
		set(&settings)
	}
	if !settings.At.IsZero() {
		e.at = &settings.At
	}
	if u, ok := job.(port.UniqueJob); ok {
		key := u.Unique()
		e.unique = &key
	}
	if e.at == nil && l.pusher != nil && !k.Gathers && l.pusher.open(k.Class) {
		e.transit = &handover
	}
	return e, nil
}

// enqueueSQL is the plain case. Like all statements of a job's way it is prepared once a connection: to parse and plan it
// costs as much as to run it.
const enqueueSQL = insertJobSQL + `)
values ($1, $2, $3, $4, $5, $6, $7, coalesce($8::timestamptz, $9, now()), now() + $10::interval, $11, $12, coalesce($9, now()))`

// joinPendingSQL returns a pending job with the same key instead of adding one. That job is held by this transaction: a
// worker cannot claim it before the caller's changes are visible. Its mark of being on its way is lifted, because a
// worker may have met the hold.
const joinPendingSQL = insertJobSQL + `, unique_key)
values ($1, $2, $3, $4, $5, $6, $7, coalesce($8::timestamptz, $9, now()), now() + $10::interval, $11, $12, coalesce($9, now()), $13)
on conflict (workspace_id, kind, unique_key) where state = 'pending' and unique_key is not null ` + onPending + `
returning j.id::text, j.attempt, j.run_at <= coalesce($9, now())`

const insertJobSQL = `insert into jobs as j (id, workspace_id, kind, class, payload, once, max_attempts,
	run_at, pushed_until, request_id, traceparent, created_at`

const onPending = `do update set pushed_until = null,
	run_at = case when j.attempt = 0 then least(j.run_at, excluded.run_at) else j.run_at end`

// Enqueue implements port.Jobs. The kind must have a handler in the registry.
func (l *Ledger) Enqueue(ctx context.Context, ws kernel.WorkspaceID, job port.Job, opts ...port.JobOption) (port.JobID, error) {
	w, err := l.enqueue(ctx, ws, job, opts)
	if err != nil {
		return "", err
	}
	if _, isUnique := job.(port.UniqueJob); isUnique { // it may be the pending one's
		if err := errors.Join(postgres.Flush(ctx), w.err); err != nil {
			return "", fmt.Errorf("enqueue %s: %w", job.Kind(), err)
		}
	}
	return port.JobID(w.id), nil
}

// Add implements port.Jobs.
func (l *Ledger) Add(ctx context.Context, ws kernel.WorkspaceID, job port.Job, opts ...port.JobOption) error {
	_, err := l.enqueue(ctx, ws, job, opts)
	return err
}

func (l *Ledger) enqueue(ctx context.Context, ws kernel.WorkspaceID, job port.Job, opts []port.JobOption) (*written, error) {
	e, err := l.newEntry(ws, job, opts)
	if err != nil {
		return nil, fmt.Errorf("enqueue job: %w", err)
	}
	w, err := l.insert(ctx, e)
	if err != nil {
		return nil, fmt.Errorf("enqueue %s: %w", e.kind.name, err)
	}
	postgres.AfterCommit(ctx, func() {
		if w.due && w.err == nil { // else the feeder finds it
			l.offer(w.delivery)
		}
	})
	return w, nil
}

// written is a job as the ledger has it, once the statement that writes it has been sent.
type written struct {
	delivery
	due bool
	err error // why its answer could not be read
}

// insert has the job written, or the pending one joined, by the transaction's next message: written tells which it is and
// whether it is due.
func (l *Ledger) insert(ctx context.Context, e entry) (*written, error) {
	w := &written{delivery: delivery{id: e.id, class: e.kind.Class, kind: e.kind.name}, due: e.at == nil}
	what, args := "enqueue "+e.kind.name, []any{
		e.id, string(e.ws), e.kind.name, string(e.kind.Class), e.payload, e.kind.Once, e.kind.MaxAttempts,
		e.at, l.now(), e.transit, RequestID(ctx), traceparent(ctx),
	}
	if e.unique == nil {
		return w, postgres.Later(ctx, what, enqueueSQL, args...)
	}
	w.due = false
	return w, postgres.LaterRow(ctx, what, func(row pgx.CollectableRow) { w.err = row.Scan(&w.id, &w.attempt, &w.due) }, joinPendingSQL, append(args, *e.unique)...)
}

// offer has a committed job run here or travel at once, unless its kind is to gather.
func (l *Ledger) offer(d delivery) {
	if k, err := l.cfg.Registry.find(d.kind); err != nil || k.Gathers {
		return
	}
	if w := l.here.Load(); w != nil && w.startHere(d) {
		return
	}
	if l.pusher != nil {
		l.pusher.offer(d)
	}
}

// Finish implements port.Jobs. Nothing may follow it in the job: later transactions are refused by the fence.
func (l *Ledger) Finish(ctx context.Context) error {
	h := holdOf(ctx)
	if h == nil {
		return nil
	}
	if err := postgres.Later(ctx, "finish job", `select tertulia_finish_job($1, $2, $3)`, h.id, h.generation, l.now()); err != nil {
		return fmt.Errorf("finish job: %w", err)
	}
	postgres.AfterCommit(ctx, func() { h.finished.Store(true) })
	return nil
}
