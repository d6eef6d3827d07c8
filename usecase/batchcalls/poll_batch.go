package batchcallsuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// PollOpenBatch asks the provider how the calls of a batch go, chunk by chunk as each is due, and cancels there what was
// stopped here.
type PollOpenBatch struct {
	books *books
}

// Execute asks about what is due. What fails is tried again at the next look.
func (uc *PollOpenBatch) Execute(ctx context.Context, ref BatchRef) error {
	k := uc.books
	b, chunks, withdrawn, err := uc.read(ctx, ref)
	if err != nil {
		return err
	}
	for _, c := range chunks {
		due := !c.NextLook.After(k.now())
		late := (!b.StoppedAt.IsZero() || withdrawn[c.Ordinal]) && !c.State.IsFinal()
		if c.Status != batchcalls.Accepted || !due && !late {
			continue
		}
		if late {
			// Its answer is not needed: whatever it says, the batch is looked at next.
			_, _ = k.provider.Cancel(ctx, c.ProviderID)
		}
		if err := k.look(ctx, ref, c); err != nil {
			return err
		}
	}
	return nil
}

// read returns a batch with its chunks that are looked at again, and what a campaign wants taken back at the provider.
func (uc *PollOpenBatch) read(ctx context.Context, ref BatchRef) (b batchcalls.Batch, chunks []batchcalls.Chunk, withdrawn map[int]bool, err error) {
	k := uc.books
	err = k.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		if b, err = k.batches.Get(ctx, ref); err != nil {
			return err
		}
		if chunks, err = k.looks.Live(ctx, ref); err != nil || b.Kind != batchcalls.Campaign {
			return err
		}
		withdrawn, err = k.campaigns.Dispatches.Withdrawn(ctx, ref)
		return err
	})
	return b, chunks, withdrawn, err
}

// look asks about one chunk.
func (k *books) look(ctx context.Context, ref BatchRef, c batchcalls.Chunk) error {
	answer, err := k.provider.Get(ctx, c.ProviderID)
	if refusal := refusalOf(err); refusal != nil {
		c.Looks++
		c.ErrorStatus, c.Error = refusal.Status, refusal.Message
		c.NextLook = k.now().Add(max(refusal.RetryIn, k.settings.poll(c.Looks)))
		_, err := k.write(ctx, ref, entry{chunk: c, from: batchcalls.Accepted})
		return err
	}
	c.ErrorStatus, c.Error = 0, ""
	e, err := k.heard(ctx, ref, c, answer)
	if err != nil {
		return err
	}
	_, err = k.write(ctx, ref, e)
	return err
}

// read returns a batch with its chunks.
func (k *books) read(ctx context.Context, ref BatchRef) (b batchcalls.Batch, chunks []batchcalls.Chunk, err error) {
	err = k.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		if b, err = k.batches.Get(ctx, ref); err != nil {
			return err
		}
		chunks, err = k.chunks.Of(ctx, ref)
		return err
	})
	return b, chunks, err
}
