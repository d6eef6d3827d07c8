package batchcallsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// dueAtOnce is how many chunks one look takes; the next look, which comes at once then, takes the others.
const dueAtOnce = 500

// WatchOpenChunks sees to it that something is done about every chunk whose time has come: a request that nobody has heard of
// is declared doubtful, and jobs are made that send, ask and look for chunks. It goes on while any chunk is open.
type WatchOpenChunks struct {
	books *books
}

// Execute looks once, and has the next look done later.
func (uc *WatchOpenChunks) Execute(ctx context.Context, ws kernel.WorkspaceID, job WatchCalls) error {
	k, pause := uc.books, uc.books.settings.Watch
	due, err := uc.due(ctx, ws)
	if err != nil {
		return err
	}
	for _, c := range due {
		if err := uc.see(ctx, ws, c); err != nil {
			return fmt.Errorf("watch calls: %w", err)
		}
	}
	if len(due) == dueAtOnce {
		pause = 0
	}
	return k.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if err := k.prints.ForgetExpired(ctx, ws, k.now()); err != nil {
			return err
		}
		open, err := k.chunks.Open(ctx, ws)
		if err != nil {
			return err
		}
		next := WatchCalls{}
		if !open {
			// One more look: who began a batch a moment ago has relied on this watch.
			if next.Idle = job.Idle + 1; next.Idle > 1 {
				return nil
			}
		}
		_, err = k.jobs.Enqueue(ctx, ws, next, port.At(k.now().Add(pause)))
		return err
	})
}

func (uc *WatchOpenChunks) due(ctx context.Context, ws kernel.WorkspaceID) (due []batchcalls.Chunk, err error) {
	err = uc.books.tx.InTx(ctx, ws, func(ctx context.Context) error {
		due, err = uc.books.chunks.Due(ctx, ws, uc.books.now(), dueAtOnce)
		return err
	})
	return due, err
}

// see does what it is time for.
func (uc *WatchOpenChunks) see(ctx context.Context, ws kernel.WorkspaceID, c batchcalls.Chunk) error {
	k, ref := uc.books, BatchRef{Workspace: ws, ID: c.Batch}
	var job port.Job
	switch c.Status {
	case batchcalls.Sending:
		c.Status, c.NextLook = batchcalls.Doubtful, k.now()
		_, err := k.write(ctx, ref, entry{chunk: c, from: batchcalls.Sending, after: func(ctx context.Context, _ *batchcalls.Batch) error {
			_, err := k.jobs.Enqueue(ctx, ws, FindChunk{Batch: c.Batch, Ordinal: c.Ordinal})
			return err
		}})
		return err
	case batchcalls.Stored:
		job = SendChunks{Batch: c.Batch}
	case batchcalls.Doubtful:
		job = FindChunk{Batch: c.Batch, Ordinal: c.Ordinal}
	case batchcalls.Accepted:
		job = PollBatch{Batch: c.Batch}
	default: // it is final, and should not ask to be looked at
		c.NextLook = time.Time{}
		return k.tx.InTx(ctx, ws, func(ctx context.Context) error {
			_, err := k.chunks.Save(ctx, ws, c, c.Status)
			return err
		})
	}
	return k.tx.InTx(ctx, ws, func(ctx context.Context) error {
		_, err := k.jobs.Enqueue(ctx, ws, job)
		return err
	})
}
