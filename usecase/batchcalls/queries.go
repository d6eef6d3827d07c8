package batchcallsuc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Queries are the reads.
type Queries struct {
	finder finder
	reads  BatchReads
}

// Get returns the batch that callers know by an ID, ours or the provider's. An ID that is unknown here is asked of the
// provider once, by callers of the workspace whose account that is, and what it finds is kept. *Refusal when the provider
// does not know it either, or is not to be reached.
func (q *Queries) Get(ctx context.Context, actor kernel.Principal, publicID string) (batchcalls.Batch, error) {
	ws, isOwner, err := q.finder.workspace(ctx, actor)
	if err != nil {
		return batchcalls.Batch{}, fmt.Errorf("get batch: %w", err)
	}
	b, found, err := q.finder.stored(ctx, ws, publicID)
	switch {
	case err != nil:
		return batchcalls.Batch{}, fmt.Errorf("get batch: %w", err)
	case found:
		return b, nil
	case !isOwner:
		return batchcalls.Batch{}, errUnknownBatch()
	}
	answer, err := q.finder.books.provider.Get(ctx, publicID)
	if err != nil {
		return batchcalls.Batch{}, err
	}
	answer.ID = publicID
	return q.finder.adopt(ctx, ws, answer)
}

// Recipients calls fn for a batch's recipients in order, each with the status that it has in its chunk.
func (q *Queries) Recipients(ctx context.Context, b batchcalls.Batch, fn func(batchcalls.Recipient) error) error {
	return q.finder.reader.Read(ctx, b.Workspace, func(ctx context.Context) error {
		chunks, err := q.finder.books.chunks.Of(ctx, refOf(b))
		if err != nil {
			return err
		}
		return q.finder.books.people.Read(ctx, refOf(b), -1, func(r batchcalls.Recipient) error {
			if r.Chunk >= 0 && r.Chunk < len(chunks) {
				r.Status = r.In(chunks[r.Chunk])
			}
			return fn(r)
		})
	})
}

// errUnknownBatch is the provider's answer to an ID that nobody knows, given in its stead.
func errUnknownBatch() *Refusal {
	return &Refusal{Status: statusNotFound, Message: "Batch call not found", Cause: errors.New("no such batch in the workspace")}
}

// finder finds batches by the IDs that callers know.
type finder struct {
	books  *books
	reader port.Reader
	owner  VendorOwner
	ids    port.IDs
}

// workspace tells in whose name an actor asks, and whether the provider's account is theirs.
func (f finder) workspace(ctx context.Context, actor kernel.Principal) (ws kernel.WorkspaceID, isOwner bool, err error) {
	owner, err := f.owner.VendorWorkspace(ctx)
	if err != nil {
		return "", false, err
	}
	if actor.Workspace == "" {
		return owner, true, nil
	}
	return actor.Workspace, actor.Workspace == owner, nil
}

func (f finder) stored(ctx context.Context, ws kernel.WorkspaceID, publicID string) (b batchcalls.Batch, found bool, err error) {
	err = f.reader.Read(ctx, ws, func(ctx context.Context) error {
		b, found, err = f.books.batches.Find(ctx, ws, publicID)
		return err
	})
	return b, found, err
}

// adopt keeps a batch that was made elsewhere. Of two at once one keeps it.
func (f finder) adopt(ctx context.Context, ws kernel.WorkspaceID, answer ProviderBatch) (batchcalls.Batch, error) {
	now := f.books.now()
	b := batchcalls.Batch{
		ID: batchcalls.BatchID(f.ids.New()), PublicID: answer.ID, Workspace: ws, Kind: batchcalls.Adopted, Name: answer.Name,
		Agent: answer.Agent, PhoneNumber: answer.PhoneNumber, ScheduledAt: answer.ScheduledAt, Head: answer.Head,
		Total: max(answer.Scheduled, len(answer.Recipients)), Dispatched: answer.Dispatched, Finished: answer.Finished,
		Version: 1, CreatedAt: answer.CreatedAt, UpdatedAt: now,
	}
	if b.CreatedAt.IsZero() {
		b.CreatedAt = now
	}
	c := batchcalls.Chunk{
		Batch: b.ID, Size: b.Total, Status: batchcalls.Accepted, ProviderID: answer.ID, State: answer.Status, SentAt: b.CreatedAt,
		Dispatched: answer.Dispatched, Finished: answer.Finished,
	}
	if len(answer.Recipients) == 0 || !answer.Status.IsFinal() {
		c.NextLook = now
	}
	b.Status = batchcalls.Overall(false, []batchcalls.Chunk{c})
	err := f.books.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if err := f.books.batches.Add(ctx, b); err != nil {
			return err
		}
		if err := f.books.chunks.Add(ctx, ws, c); err != nil {
			return err
		}
		if err := f.books.people.Add(ctx, ws, peopleOf(b.ID, answer.Recipients, now)); err != nil {
			return err
		}
		return f.books.watch(ctx, ws)
	})
	if err != nil {
		if other, found, again := f.stored(ctx, ws, answer.ID); again == nil && found {
			return other, nil
		}
		return batchcalls.Batch{}, fmt.Errorf("keep batch: %w", err)
	}
	return b, nil
}

// peopleOf makes the recipients of a batch that was made elsewhere.
func peopleOf(id batchcalls.BatchID, answer []ProviderRecipient, now time.Time) []batchcalls.Recipient {
	people := make([]batchcalls.Recipient, len(answer))
	for i, p := range answer {
		people[i] = batchcalls.Recipient{
			Batch: id, Position: i, Phone: batchcalls.Phone(p.Phone), Ref: p.Ref, Body: bodyOf(p), Status: p.Status,
			Conversation: p.Conversation, Attempts: 1, UpdatedAt: now,
		}
	}
	return people
}
