// Package operationstask lets operations see and steer the job ledger, and runs the daily sweep.
package operationstask

import (
	"context"
	"errors"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/operations"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	operationsuc "github.com/tertulia-dev/tertulia/usecase/operations"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Ledger implements operationsuc.Ledger over the job ledger.
type Ledger struct{ *queue.Ledger }

// List returns a page of a workspace's jobs.
func (l Ledger) List(ctx context.Context, ws kernel.WorkspaceID, f operationsuc.JobFilter, page kernel.Page) ([]operations.Job, kernel.Cursor, error) {
	records, next, err := l.Ledger.List(ctx, queue.Filter{Workspace: ws, State: queue.State(f.State), Kind: f.Kind}, page)
	if err != nil {
		return nil, "", err
	}
	jobs := make([]operations.Job, len(records))
	for i, r := range records {
		jobs[i] = job(r)
	}
	return jobs, next, nil
}

// Get returns one job.
func (l Ledger) Get(ctx context.Context, id string) (operations.Job, error) {
	r, err := l.Ledger.Get(ctx, port.JobID(id))
	if fault.KindOf(err) == fault.NotFound {
		return operations.Job{}, fault.New(fault.NotFound, operations.JobNotFound)
	}
	if err != nil {
		return operations.Job{}, err
	}
	return job(r), nil
}

// Decide carries out a decision.
func (l Ledger) Decide(ctx context.Context, id string, d operationsuc.Decision) error {
	err := l.decide(ctx, id, d)
	if fault.KindOf(err) == fault.Conflict {
		return fault.Wrap(fault.Conflict, operations.JobNotInState, err)
	}
	return err
}

func (l Ledger) decide(ctx context.Context, id string, d operationsuc.Decision) error {
	switch d {
	case operationsuc.Replay:
		return l.Replay(ctx, port.JobID(id))
	case operationsuc.Cancel:
		return l.Cancel(ctx, port.JobID(id))
	case operationsuc.Discard:
		return l.Discard(ctx, port.JobID(id))
	case operationsuc.Happened:
		return l.Resolve(ctx, port.JobID(id), true)
	case operationsuc.NotHappened:
		return l.Resolve(ctx, port.JobID(id), false)
	default:
		return errors.New("no such decision about a job: " + string(d))
	}
}

// Health reports on every kind in one workspace.
func (l Ledger) Health(ctx context.Context, ws kernel.WorkspaceID) (operations.Health, error) {
	h, err := l.Ledger.Health(ctx, ws)
	if err != nil {
		return operations.Health{}, err
	}
	health := operations.Health{LastTick: h.LastTick, Kinds: make([]operations.KindHealth, len(h.Kinds))}
	for i, k := range h.Kinds {
		health.Kinds[i] = operations.KindHealth{
			Kind: k.Kind, Pending: k.Pending, Running: k.Running, Failed: k.Failed,
			OldestPendingAgeSeconds: k.OldestPendingAge, Done24h: k.Done24h, P50: k.P50, P95: k.P95,
		}
	}
	return health, nil
}

func job(r queue.Record) operations.Job {
	return operations.Job{
		ID: string(r.ID), Workspace: r.Workspace, Kind: r.Kind, State: operations.JobState(r.State), Payload: r.Payload,
		Attempt: r.Attempt, MaxAttempts: r.MaxAttempts, RunAt: r.RunAt, CreatedAt: r.CreatedAt, StartedAt: r.StartedAt,
		FinishedAt: r.FinishedAt, LastError: r.LastError, RequestID: r.RequestID,
	}
}

// Keys forgets idempotency keys.
type Keys interface {
	Purge(ctx context.Context, ws kernel.WorkspaceID, before time.Time) (int, error)
}

// Purger implements operationsuc.Purger.
type Purger struct {
	Ledger *queue.Ledger
	Keys   Keys
	Tx     port.Transactor
}

// Purge deletes finished jobs, events, inbound events and idempotency keys from before a time. What fails does not keep
// the rest from being deleted.
func (p Purger) Purge(ctx context.Context, all []kernel.WorkspaceID, before time.Time) (int, error) {
	_, inboundErr := p.Ledger.PurgeInbound(ctx, before)
	_, eventsErr := p.Ledger.PurgeEvents(ctx, before)
	failed := []error{inboundErr, eventsErr}
	for _, ws := range all {
		failed = append(failed, p.Tx.InTx(ctx, ws, func(ctx context.Context) error {
			_, err := p.Keys.Purge(ctx, ws, before)
			return err
		}))
	}
	jobs, err := p.Ledger.PurgeFinished(ctx, before)
	return jobs, errors.Join(append(failed, err)...)
}
