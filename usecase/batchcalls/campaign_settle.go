package batchcallsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// settle works in what has become of calls: what they took of the budget, and whether and when their people are called
// again. It tells whether anything ended.
func (t *turn) settle(ctx context.Context) (heard bool, err error) {
	open, err := t.Attempts.Unsettled(ctx, t.ref)
	if err != nil {
		return false, err
	}
	t.s.Live = 0
	var settled []Settled
	var ended []int // positions
	for _, seen := range open {
		after, fate := seen.Judge(t.now, t.s.Settings.Estimate)
		if fate == batchcalls.StillOpen {
			t.s.Live++
			continue
		}
		settled = append(settled, Settled{Attempt: after, Fate: fate, IsCurrent: seen.IsCurrent})
		switch fate {
		case batchcalls.Ended:
			t.s.SpentSeconds += after.Seconds - seen.Attempt.Seconds
			ended = append(ended, seen.Position)
		case batchcalls.NotDialled:
			if err := t.refused(ctx, seen.Chunk); err != nil {
				return false, err
			}
		}
	}
	if len(settled) == 0 {
		return false, nil
	}
	earlier, err := t.Attempts.Outcomes(ctx, t.ref, ended)
	if err != nil {
		return false, err
	}
	for i := range settled {
		settled[i].DueAt = t.again(settled[i], earlier[settled[i].Attempt.Position])
	}
	return len(ended) > 0, t.Attempts.Settle(ctx, t.ref, t.now, settled)
}

// again tells when the person of an attempt is called again, the zero time for not any more.
func (t *turn) again(s Settled, outcomes []batchcalls.CallStatus) time.Time {
	switch {
	case !s.IsCurrent || t.s.Status.IsFinal():
		return time.Time{}
	case s.Fate == batchcalls.NotDialled:
		return t.now
	case s.Fate != batchcalls.Ended:
		return time.Time{}
	}
	if len(outcomes) >= s.Attempt.Number { // it was settled before, and turned out to be another
		outcomes = outcomes[:s.Attempt.Number-1]
	}
	at, _ := t.s.Settings.Retry.NextAttempt(append(outcomes, s.Attempt.Status), s.Attempt.EndedAt)
	return at
}

// refused pauses a campaign whose request the provider has refused: the next would be refused as well.
func (t *turn) refused(ctx context.Context, c batchcalls.Chunk) error {
	if c.Status != batchcalls.Rejected || t.s.Status != batchcalls.InProgress {
		return nil
	}
	return t.pause(ctx, &t.s, batchcalls.PausedByProvider, c.Error)
}

// withdraw has taken back at the provider what it has not dialled though the window closes or the campaign is paused.
func (t *turn) withdraw(ctx context.Context) error {
	open, err := t.Dispatches.Open(ctx, t.ref)
	if err != nil {
		return err
	}
	var over []int
	for ordinal, until := range open {
		switch {
		case !until.After(t.now), t.s.Status == batchcalls.Paused, t.s.Status == batchcalls.Cancelled:
			over = append(over, ordinal)
		default:
			t.wake(until)
		}
	}
	if len(over) == 0 {
		return nil
	}
	if err := t.Dispatches.Withdraw(ctx, t.ref, over, t.now); err != nil {
		return err
	}
	_, err = t.books.jobs.Enqueue(ctx, t.ref.Workspace, PollBatch{Batch: t.ref.ID})
	return err
}
