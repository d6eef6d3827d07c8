package batchcallsuc

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// SendStoredChunks sends the chunks of a batch that were not sent yet, in order. It holds back while it is not known what
// became of an earlier one: what the provider chokes on is not thrown after.
type SendStoredChunks struct {
	books    *books
	dispatch dispatcher
}

// Execute sends what is there to be sent. It may run twice, even at once: only one takes a chunk.
func (uc *SendStoredChunks) Execute(ctx context.Context, ref BatchRef) error {
	for {
		b, c, found, err := uc.take(ctx, ref)
		if err != nil || !found {
			return err
		}
		if goOn, err := uc.send(ctx, b, c); err != nil || !goOn {
			return err
		}
	}
}

// take moves the next stored chunk to sending. The batch is held meanwhile: a stop comes before or after, not in between.
func (uc *SendStoredChunks) take(ctx context.Context, ref BatchRef) (b batchcalls.Batch, taken batchcalls.Chunk, found bool, err error) {
	k := uc.books
	err = k.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		if b, err = k.batches.Lock(ctx, ref); err != nil {
			return err
		}
		if !b.StoppedAt.IsZero() { // one that the provider had no room for may have come back since
			return errors.Join(k.drop(ctx, ref), k.sum(ctx, &b))
		}
		chunks, err := k.looks.Live(ctx, ref)
		if err != nil {
			return err
		}
		for _, c := range chunks {
			if c.Status == batchcalls.Sending || c.Status == batchcalls.Doubtful {
				return uc.hold(ctx, ref, chunks)
			}
		}
		for _, c := range chunks {
			if c.Status != batchcalls.Stored {
				continue
			}
			if goes, err := k.mayGo(ctx, &b, c); err != nil {
				return err
			} else if !goes {
				continue
			}
			c.Status, c.SentAt, c.NextLook = batchcalls.Sending, k.now(), k.now().Add(k.settings.Answer)
			taken = c
			found, err = k.chunks.Save(ctx, ref.Workspace, c, batchcalls.Stored)
			return err
		}
		return nil
	})
	return b, taken, found && err == nil, err
}

// hold has the stored chunks looked at again later.
func (uc *SendStoredChunks) hold(ctx context.Context, ref BatchRef, chunks []batchcalls.Chunk) error {
	for _, c := range chunks {
		if c.Status != batchcalls.Stored {
			continue
		}
		c.NextLook = uc.books.now().Add(uc.books.settings.Hold)
		if _, err := uc.books.chunks.Save(ctx, ref.Workspace, c, batchcalls.Stored); err != nil {
			return err
		}
	}
	return nil
}

// send makes the chunk's request, and tells whether to go on with the next.
func (uc *SendStoredChunks) send(ctx context.Context, b batchcalls.Batch, c batchcalls.Chunk) (bool, error) {
	var bodies []json.RawMessage
	err := uc.books.tx.InTx(ctx, b.Workspace, func(ctx context.Context) error {
		return uc.books.people.Read(ctx, refOf(b), c.Ordinal, func(r batchcalls.Recipient) error {
			if r.Status == batchcalls.CallPending {
				bodies = append(bodies, r.Body)
			}
			return nil
		})
	})
	if err != nil {
		return false, err // it stays in sending, and is found to be absent: nobody is dialled without knowing whom
	}
	c.Size = len(bodies)
	if c.Size == 0 {
		c.Status = batchcalls.Dropped
		_, err := uc.books.write(ctx, refOf(b), entry{chunk: c, from: batchcalls.Sending})
		return err == nil, err
	}
	sent, head, refusal := uc.dispatch.send(ctx, b, c, bodies)
	goOn := refusal == nil
	if refusal != nil && refusal.Status == statusTooManyRequests && !refusal.Doubtful {
		pause := max(refusal.RetryIn, uc.books.settings.Hold)
		sent.Status, sent.NextLook = batchcalls.Stored, uc.books.now().Add(pause) // refused for now: nobody was dialled
	} else if refusal != nil && !refusal.Doubtful {
		goOn = true // what is wrong with this one need not be wrong with the next
	}
	after, err := uc.books.write(context.WithoutCancel(ctx), refOf(b), entry{chunk: sent, from: batchcalls.Sending, head: head})
	if err != nil {
		return false, err
	}
	if !after.StoppedAt.IsZero() {
		_, err = uc.books.cancelLate(ctx, refOf(b), sent)
		return false, err
	}
	return goOn, nil
}
