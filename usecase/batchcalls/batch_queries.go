package batchcallsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// BatchReads answers questions about batches. Every method stays inside the given workspace.
type BatchReads interface {
	// List returns batches, newest first, and the cursor of the next page, "" after the last.
	List(ctx context.Context, ws kernel.WorkspaceID, f BatchFilter, p kernel.Page) ([]batchcalls.Batch, kernel.Cursor, error)
	// Calls returns a batch's recipients in order of position, each with the status that it has in its chunk, and the cursor
	// of the next page, "" after the last.
	Calls(ctx context.Context, ref BatchRef, f CallFilter, p kernel.Page) ([]Call, kernel.Cursor, error)
}

// BatchFilter narrows a list of batches. The zero value is everything.
type BatchFilter struct {
	Status     batchcalls.Status
	IsDoubtful bool // only those of which the provider may not have a part: unknown or absent chunks
}

// CallFilter narrows a list of a batch's recipients. The zero value is everybody.
type CallFilter struct {
	Status batchcalls.CallStatus
}

// Call is a recipient with what the provider has told about the latest call.
type Call struct {
	batchcalls.Recipient

	Told *batchcalls.Outcome // without the transcript; nil before the provider's event came
}

// List returns batches of every kind, newest first. Everybody of the workspace may ask. Forbidden for others.
func (q *Queries) List(ctx context.Context, actor kernel.Principal, f BatchFilter, p kernel.Page) (list []batchcalls.Batch, next kernel.Cursor, err error) {
	if err := mayRead(actor); err != nil {
		return nil, "", err
	}
	err = q.finder.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		list, next, err = q.reads.List(ctx, actor.Workspace, f, p)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list batches: %w", err)
	}
	return list, next, nil
}

// Parts returns a batch and what was asked of the provider for it, in order. Everybody of the workspace may ask; the provider
// is not asked. Forbidden; NotFound CALL_BATCH_NOT_FOUND.
func (q *Queries) Parts(ctx context.Context, actor kernel.Principal, publicID string) (b batchcalls.Batch, parts []batchcalls.Chunk, err error) {
	err = q.read(ctx, actor, publicID, func(ctx context.Context, found batchcalls.Batch) error {
		b = found
		parts, err = q.finder.books.chunks.Of(ctx, refOf(b))
		return err
	})
	if err != nil {
		return batchcalls.Batch{}, nil, fmt.Errorf("get batch: %w", err)
	}
	return b, parts, nil
}

// Calls returns a page of a batch's recipients. Everybody of the workspace may ask. Forbidden; NotFound CALL_BATCH_NOT_FOUND.
func (q *Queries) Calls(ctx context.Context, actor kernel.Principal, publicID string, f CallFilter, p kernel.Page) (calls []Call, next kernel.Cursor, err error) {
	err = q.read(ctx, actor, publicID, func(ctx context.Context, b batchcalls.Batch) error {
		calls, next, err = q.reads.Calls(ctx, refOf(b), f, p)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list calls: %w", err)
	}
	return calls, next, nil
}

// read runs fn on a batch that the actor may see, in one transaction with finding it.
func (q *Queries) read(ctx context.Context, actor kernel.Principal, publicID string, fn func(context.Context, batchcalls.Batch) error) error {
	if err := mayRead(actor); err != nil {
		return err
	}
	return q.finder.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		b, found, err := q.finder.books.batches.Find(ctx, actor.Workspace, publicID)
		switch {
		case err != nil:
			return err
		case !found:
			return fault.New(fault.NotFound, batchcalls.BatchNotFound)
		}
		return fn(ctx, b)
	})
}
