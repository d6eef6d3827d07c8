package batchcallsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/usecase/port"
)

// erasedAtOnce is how many people one transaction forgets.
const erasedAtOnce = 2000

// EraseCampaign erases what is personal of a campaign that ended as long ago as its settings say: phones, bodies,
// conversations, transcripts. How calls ended, and the counts, stay.
type EraseCampaign struct{ *campaigner }

// Execute erases if it is time, and comes back if it is not yet. It may run twice.
func (uc *EraseCampaign) Execute(ctx context.Context, ref BatchRef) error {
	due, err := uc.isDue(ctx, ref)
	for due && err == nil {
		due, err = uc.some(ctx, ref)
	}
	if err != nil {
		return fmt.Errorf("erase campaign: %w", err)
	}
	return nil
}

func (uc *EraseCampaign) isDue(ctx context.Context, ref BatchRef) (due bool, err error) {
	err = uc.books.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		s, err := uc.Campaigns.Get(ctx, ref)
		if err != nil || s.EndedAt.IsZero() || !s.PurgedAt.IsZero() || s.Settings.RetentionDays == 0 {
			return err
		}
		if due = !s.PurgeAt().After(uc.books.now()); due {
			return nil
		}
		_, err = uc.books.jobs.Enqueue(ctx, ref.Workspace, PurgeCampaign{Batch: ref.ID}, port.At(s.PurgeAt()))
		return err
	})
	return due, err
}

// some erases some, and reports whether there may be more.
func (uc *EraseCampaign) some(ctx context.Context, ref BatchRef) (more bool, err error) {
	err = uc.books.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		s, err := uc.Campaigns.Lock(ctx, ref)
		if err != nil || s.EndedAt.IsZero() { // somebody has set it going again
			return err
		}
		n, err := uc.Retention.Erase(ctx, ref, erasedAtOnce)
		if more = n > 0; err != nil || more {
			return err
		}
		s.PurgedAt = uc.books.now()
		return uc.save(ctx, &s)
	})
	return more, err
}
