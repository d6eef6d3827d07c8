package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Record is a job as it lies in the ledger. The payload may be private: it is for the operator's eyes.
type Record struct {
	ID          port.JobID
	Workspace   kernel.WorkspaceID
	Kind        string
	Class       Class
	State       State
	Payload     []byte // JSON
	UniqueKey   string
	Attempt     int
	MaxAttempts int
	RunAt       time.Time
	LastError   string
	RequestID   string
	CreatedAt   time.Time
	StartedAt   time.Time // zero before the first attempt
	FinishedAt  time.Time // zero while there is something to come
}

// Filter chooses jobs of one workspace. The zero value of another field chooses all.
type Filter struct {
	Workspace kernel.WorkspaceID // required: no list goes over several tenants
	State     State
	Kind      string
}

const recordColumns = `id::text, workspace_id::text, kind, class, state, payload, coalesce(unique_key, ''), attempt,
	max_attempts, run_at, coalesce(last_error, ''), request_id, created_at,
	coalesce(started_at, '0001-01-01'), coalesce(finished_at, '0001-01-01')`

func scanRecord(row pgx.CollectableRow) (Record, error) {
	var r Record
	err := row.Scan(&r.ID, &r.Workspace, &r.Kind, &r.Class, &r.State, &r.Payload, &r.UniqueKey, &r.Attempt,
		&r.MaxAttempts, &r.RunAt, &r.LastError, &r.RequestID, &r.CreatedAt, &r.StartedAt, &r.FinishedAt)
	for _, t := range []*time.Time{&r.RunAt, &r.CreatedAt, &r.StartedAt, &r.FinishedAt} {
		*t = t.UTC()
	}
	return r, err
}

// List returns jobs, newest first, and the cursor of the next page, "" after the last.
func (l *Ledger) List(ctx context.Context, f Filter, page kernel.Page) ([]Record, kernel.Cursor, error) {
	if f.Workspace == "" {
		return nil, "", errors.New("list jobs: a workspace is required")
	}
	before := page.Cursor
	if before == "" {
		before = "ffffffff-ffff-ffff-ffff-ffffffffffff"
	}
	if _, err := kernel.ParseID[port.JobID](string(before)); err != nil {
		return nil, "", fault.Wrap(fault.Invalid, fault.Validation, fmt.Errorf("list jobs: cursor: %w", err))
	}
	rows, err := l.pool.Query(ctx, `select `+recordColumns+` from jobs
		where id < $1 and workspace_id = $2::uuid and ($3 = '' or state = $3)
			and ($4 = '' or kind = $4)
		order by id desc limit $5`, string(before), string(f.Workspace), string(f.State), f.Kind, page.Size()+1)
	if err != nil {
		return nil, "", fmt.Errorf("list jobs: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanRecord)
	if err != nil {
		return nil, "", fmt.Errorf("list jobs: %w", err)
	}
	if len(list) <= page.Size() {
		return list, "", nil
	}
	list = list[:page.Size()]
	return list, kernel.Cursor(list[len(list)-1].ID), nil
}

// Get returns one job. NotFound.
func (l *Ledger) Get(ctx context.Context, id port.JobID) (Record, error) {
	if _, err := kernel.ParseID[port.JobID](string(id)); err != nil {
		return Record{}, errNoJob()
	}
	rows, err := l.pool.Query(ctx, `select `+recordColumns+` from jobs where id = $1`, string(id))
	if err != nil {
		return Record{}, fmt.Errorf("get job: %w", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, scanRecord)
	if errors.Is(err, pgx.ErrNoRows) {
		return Record{}, errNoJob()
	}
	if err != nil {
		return Record{}, fmt.Errorf("get job: %w", err)
	}
	return r, nil
}

// Replay runs a dead or cancelled job again, with as many attempts as its kind gets. An unknown one has to be resolved.
// Conflict CONFLICT otherwise, or when a job with the same key is pending.
func (l *Ledger) Replay(ctx context.Context, id port.JobID) error {
	r, err := l.Get(ctx, id)
	if err != nil {
		return err
	}
	k, err := l.cfg.Registry.find(r.Kind)
	if err != nil {
		return fmt.Errorf("replay job: %w", err)
	}
	return l.decide(ctx, id, `state = 'pending', max_attempts = attempt + $3, run_at = coalesce($2, now()),
		finished_at = null, pushed_until = null`, "state in ('dead', 'cancelled')", k.MaxAttempts)
}

// Cancel gives up a pending or running job. A running handler is told at the next heartbeat; its open transaction, if
// it has one, commits first, and no other will.
func (l *Ledger) Cancel(ctx context.Context, id port.JobID) error {
	return l.decide(ctx, id, setCancelled, "state in ('pending', 'running')")
}

// Discard gives up a dead or unknown job.
func (l *Ledger) Discard(ctx context.Context, id port.JobID) error {
	return l.decide(ctx, id, setCancelled, "state in ('dead', 'unknown')")
}

// Resolve says whether the effect of an unknown job took place: then it is done, else it runs again.
func (l *Ledger) Resolve(ctx context.Context, id port.JobID, happened bool) error {
	if happened {
		return l.decide(ctx, id, "state = 'done', finished_at = coalesce($2, now())", "state = 'unknown'")
	}
	return l.decide(ctx, id, `state = 'pending', max_attempts = greatest(max_attempts, attempt + 1),
		run_at = coalesce($2, now()), finished_at = null, pushed_until = null`, "state = 'unknown'")
}

const setCancelled = `state = 'cancelled', generation = generation + 1, worker = null, lease_until = null,
	finished_at = coalesce($2, now())`

// decide changes a job in one of the given states. FOR UPDATE waits for a transaction that the fence lets through.
func (l *Ledger) decide(ctx context.Context, id port.JobID, set, where string, args ...any) error {
	if _, err := l.Get(ctx, id); err != nil {
		return err
	}
	tag, err := l.pool.Exec(ctx, `with held as (select id from jobs where id = $1 and `+where+` for update)
		update jobs j set `+set+` from held where j.id = held.id`, append([]any{string(id), l.now()}, args...)...)
	switch {
	case postgres.IsUniqueViolation(err, onePending):
		return fault.Wrap(fault.Conflict, fault.ConflictCode, errors.New("another job with its key is pending"))
	case err != nil:
		return fmt.Errorf("decide about job: %w", err)
	case tag.RowsAffected() == 0:
		return fault.New(fault.Conflict, fault.ConflictCode)
	}
	return nil
}

func errNoJob() error { return fault.New(fault.NotFound, fault.NotFoundCode) }
