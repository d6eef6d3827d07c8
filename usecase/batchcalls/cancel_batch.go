package batchcallsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// CancelInput names a batch to be stopped.
type CancelInput struct {
	Actor    kernel.Principal // without a workspace: anonymous, in the default one
	PublicID string           // ours, or the provider's
}

// CancelBatch stops a batch: ours first, so that nothing more is sent whatever the provider says, then each provider batch.
// Calls that run go on to their end.
//
// Allowed: everybody whom the edge lets in.
// Errors: *Refusal when the provider cancelled nothing and nothing was left to be dropped here.
type CancelBatch struct {
	books  *books
	finder finder
}

// Execute stops the batch and returns it as it is then.
func (uc *CancelBatch) Execute(ctx context.Context, in CancelInput) (batchcalls.Batch, error) {
	ws, isOwner, err := uc.finder.workspace(ctx, in.Actor)
	if err != nil {
		return batchcalls.Batch{}, fmt.Errorf("cancel batch: %w", err)
	}
	b, found, err := uc.finder.stored(ctx, ws, in.PublicID)
	switch {
	case err != nil:
		return batchcalls.Batch{}, fmt.Errorf("cancel batch: %w", err)
	case !found && !isOwner:
		return batchcalls.Batch{}, errUnknownBatch()
	case !found:
		return uc.cancelElsewhere(ctx, ws, in.PublicID)
	}
	return uc.cancel(context.WithoutCancel(ctx), refOf(b))
}

// cancelElsewhere cancels what was made elsewhere on the provider's account.
func (uc *CancelBatch) cancelElsewhere(ctx context.Context, ws kernel.WorkspaceID, id string) (batchcalls.Batch, error) {
	answer, err := uc.books.provider.Cancel(ctx, id)
	if err != nil {
		return batchcalls.Batch{}, err
	}
	answer.ID = id
	return uc.finder.adopt(ctx, ws, answer)
}

func (uc *CancelBatch) cancel(ctx context.Context, ref BatchRef) (batchcalls.Batch, error) {
	k := uc.books
	raised, dropped, err := uc.stop(ctx, ref)
	if err != nil {
		return batchcalls.Batch{}, fmt.Errorf("cancel batch: %w", err)
	}
	b, chunks, err := k.read(ctx, ref)
	if err != nil {
		return batchcalls.Batch{}, fmt.Errorf("cancel batch: %w", err)
	}
	var refusal *Refusal
	ended, refused := dropped, 0
	for _, c := range chunks {
		if c.Status != batchcalls.Accepted || b.Kind == batchcalls.Campaign && c.State.IsFinal() {
			continue
		}
		answer, err := k.provider.Cancel(ctx, c.ProviderID)
		if refusal = refusalOf(err); refusal != nil {
			refused++
			continue
		}
		ended++
		c.State, c.Dispatched, c.Finished, c.NextLook = answer.Status, answer.Dispatched, answer.Finished, k.now()
		if _, err := k.write(ctx, ref, entry{chunk: c, from: batchcalls.Accepted, head: answer.Head}); err != nil {
			return batchcalls.Batch{}, fmt.Errorf("cancel batch: %w", err)
		}
	}
	if ended == 0 && refused > 0 && b.Kind != batchcalls.Campaign {
		return batchcalls.Batch{}, uc.refused(ctx, ref, chunks, raised, refusal)
	}
	b, _, err = k.read(ctx, ref)
	return b, err
}

// stop raises the stop flag, unless the batch is over, and drops what was not sent. It tells whether it raised the flag, and
// how many chunks it dropped.
func (uc *CancelBatch) stop(ctx context.Context, ref BatchRef) (raised bool, dropped int, err error) {
	k := uc.books
	err = k.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		b, err := k.batches.Lock(ctx, ref)
		if err != nil || b.Status.IsFinal() {
			return err
		}
		raised, b.StoppedAt = true, k.now()
		chunks, err := k.chunks.Of(ctx, ref)
		if err != nil {
			return err
		}
		for _, c := range chunks {
			if c.Status == batchcalls.Stored || c.Status == batchcalls.Sending {
				dropped++ // one that is being sent is cancelled by its sender
			}
		}
		if err := k.drop(ctx, ref); err != nil {
			return err
		}
		if b.Kind == batchcalls.Campaign {
			if err := k.tellCampaign(ctx, ref); err != nil {
				return err
			}
		}
		return k.sum(ctx, &b)
	})
	return raised, dropped, err
}

// refused is what a caller is told whose batch the provider does not cancel. When that is so because the batch is over, the
// stop flag is lifted again: it ended by itself.
func (uc *CancelBatch) refused(ctx context.Context, ref BatchRef, chunks []batchcalls.Chunk, raised bool, refusal *Refusal) error {
	k := uc.books
	if !raised || refusal.Status != statusBadRequest {
		return refusal
	}
	err := k.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		b, err := k.batches.Lock(ctx, ref)
		if err != nil {
			return err
		}
		b.StoppedAt = time.Time{}
		return k.sum(ctx, &b)
	})
	if err != nil {
		return fmt.Errorf("cancel batch: %w", err)
	}
	for _, c := range chunks {
		if c.Status == batchcalls.Accepted {
			if err := k.look(ctx, ref, c); err != nil {
				return fmt.Errorf("cancel batch: %w", err)
			}
		}
	}
	return refusal
}
