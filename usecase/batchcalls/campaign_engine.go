package batchcallsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// tellCampaign notes what was heard about calls of a campaign, and gives the campaign its turn.
func (k *books) tellCampaign(ctx context.Context, ref BatchRef, news ...News) error {
	if len(news) > 0 {
		if err := k.campaigns.Attempts.Touch(ctx, ref, news); err != nil {
			return err
		}
	}
	_, err := k.jobs.Enqueue(ctx, ref.Workspace, DispatchCampaign{Batch: ref.ID})
	return err
}

// mayGo reports whether a stored chunk may be sent now. It may lie there for long: while the provider is busy, while no
// worker runs. What a campaign may not send any more is dropped; who has come onto the do-not-call list is left out.
func (k *books) mayGo(ctx context.Context, b *batchcalls.Batch, c batchcalls.Chunk) (bool, error) {
	ref := refOf(*b)
	if b.Kind == batchcalls.Campaign {
		open, err := k.campaigns.Dispatches.Open(ctx, ref)
		if err != nil {
			return false, err
		}
		if b.Status != batchcalls.InProgress || !open[c.Ordinal].After(k.now()) {
			c.Status, c.NextLook = batchcalls.Dropped, time.Time{}
			if _, err := k.chunks.Save(ctx, ref.Workspace, c, batchcalls.Stored); err != nil {
				return false, err
			}
			return false, k.tellCampaign(ctx, ref)
		}
	}
	excluded, err := k.campaigns.Dispatches.Exclude(ctx, ref, c.Ordinal, k.now())
	if err != nil || excluded == 0 {
		return err == nil, err
	}
	b.Excluded += excluded
	return true, k.batches.Save(ctx, *b)
}
