package batchcallsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// sweptAtOnce is how many batches one look of the sweep takes.
const sweptAtOnce = 100

// SweepBatches erases what is personal of batches that are over, and that nothing was heard of for as many days as
// Settings.RetentionDays says: phones, bodies, conversations, transcripts. How calls ended, and the counts, stay. A campaign has
// days of its own, and is left to EraseCampaign.
type SweepBatches struct {
	books *books
}

// Execute erases what is due in one workspace, and returns of how many batches.
func (uc *SweepBatches) Execute(ctx context.Context, ws kernel.WorkspaceID) (erased int, err error) {
	k := uc.books
	if k.settings.RetentionDays == 0 {
		return 0, nil
	}
	before := k.now().AddDate(0, 0, -k.settings.RetentionDays)
	for {
		var due []batchcalls.BatchID
		err := k.tx.InTx(ctx, ws, func(ctx context.Context) (err error) {
			due, err = k.campaigns.Retention.Due(ctx, ws, before, sweptAtOnce)
			return err
		})
		if err != nil {
			return erased, fmt.Errorf("sweep batches of calls: %w", err)
		}
		if len(due) == 0 {
			return erased, nil
		}
		for _, id := range due {
			isErased, err := uc.erase(ctx, BatchRef{Workspace: ws, ID: id}, before)
			if err != nil {
				return erased, fmt.Errorf("sweep batches of calls: %w", err)
			}
			if isErased {
				erased++
			}
		}
	}
}

// erase erases a batch, some people at a time, unless it has come to life again meanwhile, and reports whether it did.
func (uc *SweepBatches) erase(ctx context.Context, ref BatchRef, before time.Time) (isErased bool, err error) {
	k := uc.books
	for more := true; more && err == nil; {
		err = k.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
			b, err := k.batches.Lock(ctx, ref)
			if err != nil {
				return err
			}
			if more = b.Status.IsFinal() && b.UpdatedAt.Before(before); !more {
				return nil
			}
			n, err := k.campaigns.Retention.Erase(ctx, ref, erasedAtOnce)
			if more = n > 0; err != nil || more {
				return err
			}
			isErased = true
			return k.campaigns.Retention.Done(ctx, ref, k.now())
		})
	}
	return isErased && err == nil, err
}
