package batchcallsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// skew is by how much the provider's clock may be behind ours.
const skew = 2 * time.Minute

// sweepsNeeded is after how many looks in vain a chunk is known to be absent.
const sweepsNeeded = 2

// FindDoubtfulChunk looks for a chunk at the provider whose request was never answered. Found, it is adopted. Not found twice,
// it is absent: a person may have it sent again. Nothing is ever sent again by itself.
type FindDoubtfulChunk struct {
	books *books
}

// Execute looks once.
func (uc *FindDoubtfulChunk) Execute(ctx context.Context, ref BatchRef, ordinal int) error {
	k := uc.books
	b, c, err := uc.read(ctx, ref, ordinal)
	if err != nil || c.Status != batchcalls.Doubtful || c.NextLook.After(k.now()) {
		return err
	}
	if k.now().Before(c.SentAt.Add(k.settings.FirstSweep)) {
		c.NextLook = c.SentAt.Add(k.settings.FirstSweep) // the provider may still be at it
		_, err := k.write(ctx, ref, entry{chunk: c, from: batchcalls.Doubtful})
		return err
	}
	found, err := uc.search(ctx, b, c)
	if refusal := refusalOf(err); refusal != nil {
		c.NextLook = k.now().Add(max(refusal.RetryIn, k.settings.Hold)) // a look that failed does not count
		_, err := k.write(ctx, ref, entry{chunk: c, from: batchcalls.Doubtful})
		return err
	}
	if found != nil {
		return uc.adopt(ctx, ref, c, *found)
	}
	c.NextLook = k.now().Add(k.settings.SecondSweep)
	if c.Sweeps++; c.Sweeps >= sweepsNeeded {
		c.Status, c.NextLook = batchcalls.Absent, time.Time{}
	}
	_, err = k.write(ctx, ref, entry{chunk: c, from: batchcalls.Doubtful})
	return err
}

// read returns a batch with one of its chunks.
func (uc *FindDoubtfulChunk) read(ctx context.Context, ref BatchRef, ordinal int) (b batchcalls.Batch, c batchcalls.Chunk, err error) {
	err = uc.books.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		if b, err = uc.books.batches.Get(ctx, ref); err != nil {
			return err
		}
		c, _, err = uc.books.looks.One(ctx, ref, ordinal)
		return err
	})
	return b, c, err
}

// search goes through what the provider's account lists since the request.
func (uc *FindDoubtfulChunk) search(ctx context.Context, b batchcalls.Batch, c batchcalls.Chunk) (*ProviderBatch, error) {
	people, err := uc.books.states(ctx, refOf(b), c.Ordinal)
	if err != nil {
		return nil, err
	}
	for cursor := ""; ; {
		page, next, err := uc.books.provider.List(ctx, cursor)
		if err != nil {
			return nil, err
		}
		for _, listed := range page {
			if !listed.CreatedAt.IsZero() && listed.CreatedAt.Before(c.SentAt.Add(-skew)) {
				next = "" // the newest come first: what follows is older still
				continue
			}
			found, err := uc.check(ctx, b, people, listed)
			if found != nil || err != nil {
				return found, err
			}
		}
		if cursor = next; cursor == "" {
			return nil, nil
		}
	}
}

// check looks into a listed batch that may be the chunk, nil when it is not.
func (uc *FindDoubtfulChunk) check(ctx context.Context, b batchcalls.Batch, people known, listed ProviderBatch) (*ProviderBatch, error) {
	if listed.Name != b.Name || listed.Agent != b.Agent {
		return nil, nil
	}
	taken := false
	err := uc.books.tx.InTx(ctx, b.Workspace, func(ctx context.Context) (err error) {
		_, taken, err = uc.books.batches.Find(ctx, b.Workspace, listed.ID)
		return err
	})
	if err != nil || taken {
		return nil, err
	}
	whole, err := uc.books.provider.Get(ctx, listed.ID)
	if err != nil || !people.isIt(whole) {
		return nil, err
	}
	return &whole, nil
}

// adopt makes the batch that was found the chunk's.
func (uc *FindDoubtfulChunk) adopt(ctx context.Context, ref BatchRef, c batchcalls.Chunk, found ProviderBatch) error {
	c.ProviderID, c.Error, c.ErrorStatus = found.ID, "", 0
	e, err := uc.books.heard(ctx, ref, c, found)
	if err != nil {
		return err
	}
	e.chunk.Status = batchcalls.Accepted
	e.after = func(ctx context.Context, b *batchcalls.Batch) error {
		var err error
		if b.StoppedAt.IsZero() {
			_, err = uc.books.jobs.Enqueue(ctx, ref.Workspace, SendChunks{Batch: ref.ID}) // the others have waited for it
		} else {
			_, err = uc.books.jobs.Enqueue(ctx, ref.Workspace, PollBatch{Batch: ref.ID}) // which cancels it
		}
		return err
	}
	_, err = uc.books.write(ctx, ref, e)
	return err
}
