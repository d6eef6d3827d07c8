package queue

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Bounds of one write of the intake.
const (
	mostTaken     = 64
	intakeTimeout = 15 * time.Second
)

// intake writes inbound events: a lone one at once, those that come meanwhile together. A commit costs Postgres as much as
// all the rest of what it does for an event, and a notetaker's life alone is twenty of them.
type intake struct {
	ledger *Ledger

	mu      sync.Mutex
	waiting []*arrival
	writing bool
}

// arrival is one event on its way into the inbox.
type arrival struct {
	statement string
	args      []any
	job       *entry // nil: no work
	order     string // in which it is written among others: two processes that write the same lock it in the same order

	answered chan struct{} // closed when isNew and err are told
	isNew    bool
	err      error
}

// store returns once the event is committed, or ctx has ended; then it may or may not be.
func (i *intake) store(ctx context.Context, a *arrival) (bool, error) {
	i.mu.Lock()
	i.waiting = append(i.waiting, a)
	if !i.writing {
		i.writing = true
		go i.write()
	}
	i.mu.Unlock()
	select {
	case <-a.answered:
		return a.isNew, a.err
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// write goes on until nothing waits.
func (i *intake) write() {
	for {
		i.mu.Lock()
		n := min(len(i.waiting), mostTaken)
		batch := slices.Clone(i.waiting[:n])
		i.waiting = i.waiting[n:]
		i.writing = n > 0
		i.mu.Unlock()
		if n == 0 {
			return
		}
		slices.SortFunc(batch, func(a, b *arrival) int { return cmp.Compare(a.order, b.order) })
		if err := i.commit(batch); err != nil && n > 1 { // one of them, and nobody knows which
			for _, a := range batch {
				a.err = i.commit([]*arrival{a})
			}
		} else {
			for _, a := range batch {
				a.err = err
			}
		}
		for _, a := range batch {
			close(a.answered)
		}
	}
}

// commit writes a batch as one message and one transaction, and offers its jobs to the pusher.
func (i *intake) commit(batch []*arrival) error {
	ctx, cancel := context.WithTimeout(context.Background(), intakeTimeout)
	defer cancel()
	var message pgx.Batch
	for _, a := range batch {
		message.Queue(a.statement, a.args...)
	}
	results := i.ledger.pool.SendBatch(ctx, &message)
	offers := make([]delivery, 0, len(batch))
	var failed error
	for _, a := range batch {
		offer, err := a.read(results)
		if offer != nil {
			offers = append(offers, *offer)
		}
		failed = errors.Join(failed, err)
	}
	if err := errors.Join(failed, results.Close()); err != nil {
		return err
	}
	for _, offer := range offers {
		i.ledger.offer(offer)
	}
	return nil
}

// read takes the answer to one statement, and returns the job that is due, if there is one.
func (a *arrival) read(results pgx.BatchResults) (*delivery, error) {
	if a.job == nil {
		tag, err := results.Exec()
		a.isNew = tag.RowsAffected() > 0
		return nil, err
	}
	var id *string
	var attempt *int
	var due *bool
	if err := results.QueryRow().Scan(&a.isNew, &id, &attempt, &due); err != nil || id == nil || !*due {
		return nil, err
	}
	return &delivery{id: *id, attempt: *attempt, class: a.job.kind.Class, kind: a.job.kind.name}, nil
}
