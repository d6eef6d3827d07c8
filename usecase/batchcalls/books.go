package batchcallsuc

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// books keeps chunks, and what follows from them for their batch, in step. It is the one way in which a chunk changes, but for
// the short way of a batch that has only one; see Submissions.
type books struct {
	tx        port.Transactor
	jobs      port.Jobs
	events    port.Events
	batches   Batches
	chunks    Chunks
	looks     ChunkReads
	people    Recipients
	calls     Calls
	prints    Fingerprints
	provider  Provider
	campaigns CampaignStorage
	now       func() time.Time
	settings  Settings
}

// entry is what is to be written about a chunk.
type entry struct {
	chunk batchcalls.Chunk
	from  batchcalls.ChunkStatus // it is written only if the chunk is still that
	head  json.RawMessage        // what the provider said; nil for nothing
	news  []News
	after func(ctx context.Context, b *batchcalls.Batch) error // in the same transaction
}

// write stores the entry if the chunk is still as it had been read, and returns the batch as it is then.
func (k *books) write(ctx context.Context, ref BatchRef, e entry) (b batchcalls.Batch, err error) {
	err = k.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		if b, err = k.batches.Lock(ctx, ref); err != nil {
			return err
		}
		if isStill, err := k.save(ctx, &b, e.chunk, e.from); err != nil || !isStill {
			return err
		}
		if len(e.news) > 0 {
			if err := k.calls.Advance(ctx, ref, k.now(), e.news); err != nil {
				return err
			}
		}
		if b.Kind == batchcalls.Campaign {
			if err := k.tellCampaign(ctx, ref, e.news...); err != nil {
				return err
			}
		}
		if e.after != nil {
			if err := e.after(ctx, &b); err != nil {
				return err
			}
		}
		if e.chunk.Ordinal == 0 && e.head != nil {
			b.Head = e.head
		}
		return k.sum(ctx, &b)
	})
	if err != nil {
		return batchcalls.Batch{}, fmt.Errorf("write about chunk %d: %w", e.chunk.Ordinal, err)
	}
	return b, nil
}

// save stores a chunk of a batch, which the caller holds, if it is still what it was. To a campaign's counts it adds what the
// chunk has more than before: the others of it, which may be thousands, are not read.
func (k *books) save(ctx context.Context, b *batchcalls.Batch, c batchcalls.Chunk, from batchcalls.ChunkStatus) (isStill bool, err error) {
	if b.Kind != batchcalls.Campaign {
		return k.chunks.Save(ctx, b.Workspace, c, from)
	}
	was, _, err := k.looks.One(ctx, refOf(*b), c.Ordinal)
	if err != nil {
		return false, err
	}
	if isStill, err = k.chunks.Save(ctx, b.Workspace, c, from); isStill {
		b.Dispatched, b.Finished = b.Dispatched+c.Dispatched-was.Dispatched, b.Finished+c.Finished-was.Finished
	}
	return isStill, err
}

// sum brings the batch, which the caller holds, in step with its chunks. Of a campaign save keeps the counts, and its chunks say
// nothing of where it stands.
func (k *books) sum(ctx context.Context, b *batchcalls.Batch) error {
	before := b.Status
	switch {
	case b.Kind != batchcalls.Campaign:
		if err := k.sumChunks(ctx, b); err != nil {
			return err
		}
	case !b.StoppedAt.IsZero():
		b.Status = batchcalls.Cancelled // a campaign decides itself when it is over otherwise
	}
	b.UpdatedAt = k.now()
	if err := k.batches.Save(ctx, *b); err != nil {
		return err
	}
	b.Version++
	if b.Status == before || !b.Status.IsFinal() {
		return nil
	}
	return k.announce(ctx, *b)
}

// sumChunks tells a batch's counts and status from its chunks.
func (k *books) sumChunks(ctx context.Context, b *batchcalls.Batch) error {
	chunks, err := k.chunks.Of(ctx, refOf(*b))
	if err != nil {
		return err
	}
	b.Dispatched, b.Finished = 0, 0
	for _, c := range chunks {
		b.Dispatched, b.Finished = b.Dispatched+c.Dispatched, b.Finished+c.Finished
	}
	b.Status = batchcalls.Overall(!b.StoppedAt.IsZero(), chunks)
	return nil
}

// announce records that a batch is over.
func (k *books) announce(ctx context.Context, b batchcalls.Batch) error {
	return k.events.Record(ctx, port.Event{
		Workspace: b.Workspace, Stream: "call_batch/" + b.ID.String(), Type: "call_batch." + string(b.Status),
		Payload: BatchEnded{Batch: b.ID, Status: b.Status},
	})
}

// watch sees to it that open chunks are looked at, in the caller's transaction.
func (k *books) watch(ctx context.Context, ws kernel.WorkspaceID) error {
	_, err := k.jobs.Enqueue(ctx, ws, WatchCalls{}, port.At(k.now().Add(k.settings.Watch)))
	return err
}

// BatchEnded is what the events call_batch.completed, .failed and .cancelled carry.
type BatchEnded struct {
	Batch  batchcalls.BatchID `json:"batch"`
	Status batchcalls.Status  `json:"status"`
}

// firstOfMany stores what came of the first chunk of a batch that has more: they are sent when it was accepted, wait while
// nobody knows, and are dropped when it was refused, as the caller is told that nothing was done.
func (k *books) firstOfMany(ctx context.Context, ref BatchRef, c batchcalls.Chunk, head json.RawMessage) (batchcalls.Batch, error) {
	b, err := k.write(ctx, ref, entry{chunk: c, from: batchcalls.Sending, head: head, after: func(ctx context.Context, b *batchcalls.Batch) error {
		switch {
		case !b.StoppedAt.IsZero() && c.Status == batchcalls.Accepted:
			_, err := k.jobs.Enqueue(ctx, ref.Workspace, PollBatch{Batch: ref.ID})
			return err
		case c.Status == batchcalls.Rejected:
			if err := k.prints.Forget(ctx, ref); err != nil {
				return err
			}
			return k.drop(ctx, ref)
		case c.Status == batchcalls.Doubtful:
			return nil
		default:
			_, err := k.jobs.Enqueue(ctx, ref.Workspace, SendChunks{Batch: ref.ID})
			return err
		}
	}})
	return b, err
}

// drop gives up the chunks that were not sent.
func (k *books) drop(ctx context.Context, ref BatchRef) error {
	chunks, err := k.looks.Live(ctx, ref)
	if err != nil {
		return err
	}
	for _, c := range chunks {
		if c.Status != batchcalls.Stored {
			continue
		}
		c.Status, c.NextLook = batchcalls.Dropped, time.Time{}
		if _, err := k.chunks.Save(ctx, ref.Workspace, c, batchcalls.Stored); err != nil {
			return err
		}
	}
	return nil
}

// cancelLate cancels at the provider what was stopped while it was being sent. Should that fail, the poller tries again.
func (k *books) cancelLate(ctx context.Context, ref BatchRef, c batchcalls.Chunk) (batchcalls.Batch, error) {
	if c.Status == batchcalls.Accepted {
		answer, err := k.provider.Cancel(ctx, c.ProviderID)
		if err == nil {
			c.State, c.Dispatched, c.Finished = answer.Status, answer.Dispatched, answer.Finished
			b, err := k.write(ctx, ref, entry{chunk: c, from: batchcalls.Accepted, head: answer.Head})
			return b, err
		}
	}
	var b batchcalls.Batch
	err := k.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) (err error) {
		b, err = k.batches.Get(ctx, ref)
		return err
	})
	return b, err
}
