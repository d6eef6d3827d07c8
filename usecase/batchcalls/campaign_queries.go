package batchcallsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// CampaignQueries are the reads. Everybody of the workspace may ask. Errors of all: Forbidden; NotFound
// CALL_BATCH_NOT_FOUND.
type CampaignQueries struct{ *campaigner }

// List returns campaigns, newest first, and the cursor of the next page, "" after the last.
func (q *CampaignQueries) List(ctx context.Context, actor kernel.Principal, f CampaignFilter, p kernel.Page) (list []batchcalls.CampaignState, next kernel.Cursor, err error) {
	if err := mayRead(actor); err != nil {
		return nil, "", err
	}
	err = q.finder.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		list, next, err = q.Campaigns.List(ctx, actor.Workspace, f, p)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list campaigns: %w", err)
	}
	return list, next, nil
}

// CampaignProgress is where a campaign stands.
type CampaignProgress struct {
	Campaign batchcalls.CampaignState
	Counts   Counts
	// PerMinute is how many calls have ended in the last five minutes, a minute.
	PerMinute float64
}

// speedSpan is over which time the speed is told.
const speedSpan = 5 * time.Minute

// Get returns a campaign with its counts.
func (q *CampaignQueries) Get(ctx context.Context, in CampaignRef) (CampaignProgress, error) {
	var p CampaignProgress
	err := q.read(ctx, in, "get campaign", func(ctx context.Context, ref BatchRef) (err error) {
		if p.Campaign, err = q.Campaigns.Get(ctx, ref); err != nil {
			return err
		}
		if p.Counts, err = q.Reads.Counts(ctx, ref); err != nil {
			return err
		}
		ended, err := q.Attempts.Endings(ctx, ref, q.books.now().Add(-speedSpan))
		p.PerMinute = float64(len(ended)) / speedSpan.Minutes()
		return err
	})
	return p, err
}

// Follow calls fn with the campaign's progress: as it is, and as it is after each change, looked for every so often; until
// the campaign is over and nothing runs any more, fn returns an error, which is returned, or ctx ends.
func (q *CampaignQueries) Follow(ctx context.Context, in CampaignRef, every time.Duration, fn func(CampaignProgress) error) error {
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	for seen := int64(-1); ; {
		version := int64(0)
		err := q.read(ctx, in, "follow campaign", func(ctx context.Context, ref BatchRef) error {
			b, err := q.books.batches.Get(ctx, ref)
			version = b.Version
			return err
		})
		if err != nil {
			return err
		}
		if version != seen {
			p, err := q.Get(ctx, in)
			if err != nil {
				return err
			}
			if err := fn(p); err != nil {
				return err
			}
			if seen = p.Campaign.Version; p.Campaign.Status.IsFinal() && p.Campaign.Live == 0 {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
	}
}

// Recipients returns a campaign's people in order, and the cursor of the next page, "" after the last.
func (q *CampaignQueries) Recipients(ctx context.Context, in CampaignRef, f PeopleFilter, p kernel.Page) (people []batchcalls.Person, next kernel.Cursor, err error) {
	err = q.read(ctx, in, "list recipients", func(ctx context.Context, ref BatchRef) error {
		people, next, err = q.Reads.People(ctx, ref, f, p)
		return err
	})
	return people, next, err
}

// PersonCalls is a person with all calls to it.
type PersonCalls struct {
	Person   batchcalls.Person
	Attempts []batchcalls.Attempt
	Outcomes []batchcalls.Outcome // of those attempts of which the provider has told; by Conversation
}

// Calls returns the calls to one person, with transcripts. NotFound CALL_RECIPIENT_NOT_FOUND.
func (q *CampaignQueries) Calls(ctx context.Context, in CampaignRef, position int) (PersonCalls, error) {
	var out PersonCalls
	err := q.read(ctx, in, "get calls", func(ctx context.Context, ref BatchRef) (err error) {
		if out.Person, err = q.Reads.Person(ctx, ref, position); err != nil {
			return err
		}
		if out.Attempts, err = q.Reads.Calls(ctx, ref, position, position); err != nil {
			return err
		}
		out.Outcomes, err = q.Reads.Outcomes(ctx, ref, position, position, true)
		return err
	})
	return out, err
}

// exportedAtOnce is how many people one read of an export takes.
const exportedAtOnce = 1000

// Export calls fn for every person in order, with the calls to it and what was told of them, without transcripts.
func (q *CampaignQueries) Export(ctx context.Context, in CampaignRef, fn func(PersonCalls) error) error {
	return q.read(ctx, in, "export campaign", func(ctx context.Context, ref BatchRef) error {
		var page []PersonCalls
		err := q.Scan.Each(ctx, ref, func(p batchcalls.Person) error {
			if page = append(page, PersonCalls{Person: p}); len(page) < exportedAtOnce {
				return nil
			}
			defer func() { page = page[:0] }()
			return q.exported(ctx, ref, page, fn)
		})
		if err != nil {
			return err
		}
		return q.exported(ctx, ref, page, fn)
	})
}

// exported hands a page over, its positions in order.
func (q *CampaignQueries) exported(ctx context.Context, ref BatchRef, page []PersonCalls, fn func(PersonCalls) error) error {
	if len(page) == 0 {
		return nil
	}
	from, to := page[0].Person.Position, page[len(page)-1].Person.Position
	attempts, err := q.Reads.Calls(ctx, ref, from, to)
	if err != nil {
		return err
	}
	outcomes, err := q.Reads.Outcomes(ctx, ref, from, to, false)
	if err != nil {
		return err
	}
	for _, p := range page {
		for len(attempts) > 0 && attempts[0].Position == p.Person.Position {
			p.Attempts, attempts = append(p.Attempts, attempts[0]), attempts[1:]
		}
		for len(outcomes) > 0 && outcomes[0].Position == p.Person.Position {
			p.Outcomes, outcomes = append(p.Outcomes, outcomes[0]), outcomes[1:]
		}
		if err := fn(p); err != nil {
			return err
		}
	}
	return nil
}

// ListDoNotCall returns the workspace's do-not-call list, newest first, and the cursor of the next page, "" after the last.
func (q *CampaignQueries) ListDoNotCall(ctx context.Context, actor kernel.Principal, p kernel.Page) (list []DoNotCallEntry, next kernel.Cursor, err error) {
	if err := mayRead(actor); err != nil {
		return nil, "", err
	}
	err = q.finder.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		list, next, err = q.DoNotCall.List(ctx, actor.Workspace, p)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list the do-not-call list: %w", err)
	}
	return list, next, nil
}

// read runs fn on a campaign that the actor may see.
func (q *CampaignQueries) read(ctx context.Context, in CampaignRef, what string, fn func(context.Context, BatchRef) error) error {
	if err := mayRead(in.Actor); err != nil {
		return err
	}
	ref, err := q.find(ctx, in)
	if err == nil {
		err = q.finder.reader.Read(ctx, ref.Workspace, func(ctx context.Context) error { return fn(ctx, ref) })
	}
	if err != nil && fault.KindOf(err) == fault.Internal {
		return fmt.Errorf("%s: %w", what, err)
	}
	return err
}
