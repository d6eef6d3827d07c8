package batchcallsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ResumeInput names a batch of which something was not dialled.
type ResumeInput struct {
	Actor    kernel.Principal
	PublicID string
}

// ResumeBatch has those parts of a batch sent again of which it is known that nobody was dialled: what the provider refused, and
// what was looked for twice and is not there. What is doubtful stays so: nobody is dialled twice.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Forbidden; NotFound CALL_BATCH_NOT_FOUND; Conflict NOTHING_TO_RESUME, CALL_BATCH_IS_CAMPAIGN.
type ResumeBatch struct {
	books  *books
	finder finder
}

// Execute has the parts sent and returns the batch.
func (uc *ResumeBatch) Execute(ctx context.Context, in ResumeInput) (batchcalls.Batch, error) {
	if !in.Actor.IsAdmin() && !in.Actor.ActsForWorkspace() {
		return batchcalls.Batch{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	k := uc.books
	b, found, err := uc.finder.stored(ctx, in.Actor.Workspace, in.PublicID)
	if err != nil {
		return batchcalls.Batch{}, fmt.Errorf("resume batch: %w", err)
	}
	switch {
	case !found:
		return batchcalls.Batch{}, fault.New(fault.NotFound, batchcalls.BatchNotFound)
	case b.Kind == batchcalls.Campaign: // whose people are called by its rules only
		return batchcalls.Batch{}, fault.New(fault.Conflict, batchcalls.BatchIsCampaign).With("id", b.PublicID)
	}
	err = k.tx.InTx(ctx, b.Workspace, func(ctx context.Context) error {
		if b, err = k.batches.Lock(ctx, refOf(b)); err != nil {
			return err
		}
		chunks, err := k.chunks.Of(ctx, refOf(b))
		if err != nil {
			return err
		}
		again := 0
		for _, c := range chunks {
			moved, err := uc.again(ctx, b, c, len(chunks)+again)
			if err != nil {
				return err
			}
			if moved {
				again++
			}
		}
		if again == 0 || !b.StoppedAt.IsZero() {
			return fault.New(fault.Conflict, batchcalls.NothingToResume)
		}
		if err := k.watch(ctx, b.Workspace); err != nil {
			return err
		}
		if _, err := k.jobs.Enqueue(ctx, b.Workspace, SendChunks{Batch: b.ID}); err != nil {
			return err
		}
		return k.sum(ctx, &b)
	})
	if err != nil {
		return batchcalls.Batch{}, fmt.Errorf("resume batch: %w", err)
	}
	return b, nil
}

// again puts the people of a chunk that did not reach the provider into a new one.
func (uc *ResumeBatch) again(ctx context.Context, b batchcalls.Batch, c batchcalls.Chunk, ordinal int) (bool, error) {
	k, from := uc.books, c.Status
	if from != batchcalls.Absent && from != batchcalls.Rejected && (from != batchcalls.Dropped || !b.StoppedAt.IsZero()) {
		return false, nil
	}
	n, err := uc.books.people.MoveTo(ctx, refOf(b), c.Ordinal, ordinal)
	if err != nil || n == 0 {
		return false, err
	}
	c.Status, c.NextLook = batchcalls.Superseded, time.Time{}
	if _, err := k.chunks.Save(ctx, b.Workspace, c, from); err != nil {
		return false, err
	}
	return true, k.chunks.Add(ctx, b.Workspace, batchcalls.Chunk{
		Batch: b.ID, Ordinal: ordinal, Size: n, Status: batchcalls.Stored, NextLook: k.now().Add(k.settings.Hold),
	})
}
