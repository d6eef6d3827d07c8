package meetingsuc

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// TrackerInput is a new tracker, or what changes of one.
type TrackerInput struct {
	Actor kernel.Principal
	ID    meetings.TrackerID // empty: a new one
	Name  meetings.Change[string]
	Terms meetings.Change[[]string]
	Side  meetings.Change[meetings.Side]
	Key   port.IdempotencyKey // of a new one: a repetition answers what the first one made
}

// EditTracker makes and changes trackers. When what is counted changes, a job counts the earlier meetings again.
//
// Allowed: an admin.
// Errors: Forbidden, Invalid VALIDATION_ERROR, NotFound TRACKER_NOT_FOUND, Conflict TRACKER_EXISTS, TOO_MANY_TRACKERS or
// IDEMPOTENCY_KEY_REUSED.
type EditTracker struct {
	tx       port.Transactor
	keys     port.Idempotency
	trackers Trackers
	jobs     port.Jobs
	clock    port.Clock
	ids      port.IDs
}

// Execute returns the tracker as it is now.
func (uc *EditTracker) Execute(ctx context.Context, in TrackerInput) (t meetings.Tracker, err error) {
	if !in.Actor.IsAdmin() {
		return meetings.Tracker{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	err = uc.tx.InTx(ctx, in.Actor.Workspace, func(ctx context.Context) error {
		if in.ID == "" {
			t, err = uc.add(ctx, in)
		} else {
			t, err = uc.change(ctx, in)
		}
		if err != nil || t.IsReady() {
			return err
		}
		_, err = uc.jobs.Enqueue(ctx, t.Workspace, CountTracker{Tracker: t.ID, Revision: t.Revision})
		return err
	})
	if err != nil {
		return meetings.Tracker{}, fmt.Errorf("edit tracker: %w", err)
	}
	return t, nil
}

func (uc *EditTracker) add(ctx context.Context, in TrackerInput) (meetings.Tracker, error) {
	now := uc.clock.Now()
	t, err := in.applied(meetings.Tracker{
		ID: meetings.TrackerID(uc.ids.New()), Workspace: in.Actor.Workspace, Side: meetings.AnySide, Revision: 1, CreatedAt: now, UpdatedAt: now,
	})
	if err != nil {
		return meetings.Tracker{}, err
	}
	earlier, err := uc.keys.Reserve(ctx, t.Workspace, in.Key, t.ID.String())
	if err != nil {
		return meetings.Tracker{}, err
	}
	if earlier != "" {
		return uc.trackers.Lock(ctx, t.Workspace, meetings.TrackerID(earlier))
	}
	n, err := uc.trackers.Count(ctx, t.Workspace)
	if err == nil && n >= meetings.MaxTrackers {
		err = fault.New(fault.Conflict, meetings.TooManyTrackers).With("max", strconv.Itoa(meetings.MaxTrackers))
	}
	if err != nil {
		return meetings.Tracker{}, err
	}
	return t, uc.trackers.Add(ctx, t)
}

func (uc *EditTracker) change(ctx context.Context, in TrackerInput) (meetings.Tracker, error) {
	before, err := uc.trackers.Lock(ctx, in.Actor.Workspace, in.ID)
	if err != nil {
		return meetings.Tracker{}, err
	}
	t, err := in.applied(before)
	if err != nil {
		return meetings.Tracker{}, err
	}
	if !t.CountsAs(before) {
		t.Revision++
	}
	t.UpdatedAt = uc.clock.Now()
	return t, uc.trackers.Save(ctx, t)
}

// applied returns the tracker with what the input sets.
func (in TrackerInput) applied(t meetings.Tracker) (meetings.Tracker, error) {
	if in.Name.Set {
		t.Name = in.Name.To
	}
	if in.Terms.Set {
		t.Terms = in.Terms.To
	}
	if in.Side.Set {
		t.Side = in.Side.To
	}
	t = t.Tidy()
	var wrong fault.Fields
	t.Check(&wrong)
	return t, wrong.Err()
}
