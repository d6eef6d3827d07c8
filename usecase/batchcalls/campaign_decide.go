package batchcallsuc

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// closingMargin is how long before a window closes what was not dialled is taken back: the provider needs a moment to hear
// of it. It is never more than half of the room that a call is given before the window closes.
const closingMargin = 30 * time.Second

// decide asks the rules whom of a page to call, and has them called.
func (t *turn) decide(ctx context.Context, page []Candidate) (again bool, err error) {
	candidates, err := withZones(page)
	if err != nil {
		return false, err
	}
	rules := t.s.Settings.Rules()
	rules.Concurrency = min(rules.Concurrency, t.s.Live+t.s.Settings.Limits.ChunkSize)
	state := batchcalls.DispatchState{ResumedAt: t.s.ResumedAt, Live: t.s.Live, Bucket: t.s.Bucket, Budget: t.s.Budget()}
	if rules.Breaker.MinCalls > 0 {
		if state.Endings, err = t.Attempts.Endings(ctx, t.ref, t.now.Add(-rules.Breaker.Span)); err != nil {
			return false, err
		}
	}
	d := batchcalls.Decide(t.now, rules, state, candidates)
	if err := t.People.Hold(ctx, t.ref, t.now, d.Held); err != nil {
		return false, err
	}
	t.exclude(d.Held)
	if !d.Again.IsZero() {
		t.wake(d.Again)
	}
	if len(d.Dial) > 0 {
		t.s.Bucket, t.s.Waiting = d.Bucket, ""
		return false, t.dispatch(ctx, d.Dial, candidates)
	}
	held, err := t.held(ctx, d.Held)
	return !held, err
}

// exclude counts whom the do-not-call list keeps from being called.
func (t *turn) exclude(held []batchcalls.Held) {
	for _, h := range held {
		if h.Reason == batchcalls.HeldDoNotCall {
			t.s.Excluded++
		}
	}
}

// held notes why the whole campaign stands still, and reports whether it does: what holds single people holds no others.
func (t *turn) held(ctx context.Context, held []batchcalls.Held) (bool, error) {
	reason := func(r batchcalls.Reason) bool {
		return slices.ContainsFunc(held, func(h batchcalls.Held) bool { return h.Reason == r })
	}
	switch {
	case reason(batchcalls.HeldBreaker):
		t.wake(t.now)
		return true, t.pause(ctx, &t.s, batchcalls.PausedByBreaker, "")
	case reason(batchcalls.HeldBudget) && t.s.Live == 0:
		return true, t.pause(ctx, &t.s, batchcalls.PausedByBudget, "")
	case reason(batchcalls.HeldBudget):
		t.s.Waiting = batchcalls.HeldBudget
	case reason(batchcalls.HeldCap):
		t.s.Waiting = batchcalls.HeldCap
	case reason(batchcalls.HeldRate):
		t.s.Waiting = batchcalls.HeldRate
	case reason(batchcalls.HeldOnCall):
		t.s.Waiting = batchcalls.HeldOnCall
		t.wake(t.now.Add(onCallLook))
	default:
		return false, nil
	}
	return true, nil
}

// dispatch forms a chunk of the people and has it sent: the one step from stored to sending is the engine's.
func (t *turn) dispatch(ctx context.Context, positions []int, candidates []batchcalls.Candidate) error {
	k := t.books
	ordinal, err := k.looks.Next(ctx, t.ref)
	if err != nil {
		return err
	}
	if err := t.People.Dispatch(ctx, t.ref, ordinal, positions, t.now); err != nil {
		return err
	}
	until := t.until(positions, candidates)
	if err := t.Dispatches.Add(ctx, t.ref, ordinal, until); err != nil {
		return err
	}
	err = k.chunks.Add(ctx, t.ref.Workspace, batchcalls.Chunk{
		Batch: t.ref.ID, Ordinal: ordinal, Size: len(positions), Status: batchcalls.Stored,
		NextLook: t.now.Add(2 * k.settings.Answer), // should this process end before it has them sent
	})
	if err != nil {
		return err
	}
	if err := k.watch(ctx, t.ref.Workspace); err != nil {
		return err
	}
	t.s.Live += len(positions)
	t.wake(until)
	t.wake(t.now.Add(idleLook))
	_, err = k.jobs.Enqueue(ctx, t.ref.Workspace, SendChunks{Batch: t.ref.ID})
	return err
}

// until is when what was not dialled is to be taken back: the first of the people's windows closes then.
func (t *turn) until(positions []int, candidates []batchcalls.Candidate) time.Time {
	until := t.now.Add(withinDay)
	for _, c := range candidates {
		if !slices.Contains(positions, c.Position) {
			continue
		}
		if closes, open := t.s.Settings.Window.ClosesAt(t.now, c.Zones); open && closes.Before(until) {
			until = closes
		}
	}
	return until.Add(-min(closingMargin, t.s.Settings.Estimate/2))
}

// withinDay bounds how long a request may lie at the provider, whatever the window is.
const withinDay = 24 * time.Hour

// withZones loads the candidates' zones, each once.
func withZones(page []Candidate) ([]batchcalls.Candidate, error) {
	known := map[string][]*time.Location{}
	all := make([]batchcalls.Candidate, len(page))
	for i, c := range page {
		key := strings.Join(c.ZoneNames, " ")
		zones, ok := known[key]
		if !ok {
			var err error
			if zones, err = locationsOf(c.ZoneNames); err != nil {
				return nil, err
			}
			known[key] = zones
		}
		all[i] = c.Candidate
		all[i].Zones = zones
	}
	return all, nil
}
