package batchcallsuc

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Of a turn.
const (
	pagesATurn = 20               // looked through before others have their turn
	pageOfDue  = 1000             // people
	idleLook   = 30 * time.Second // while calls are under way: should what they tell be lost
	onCallLook = 15 * time.Second // for a number that another campaign is calling
	quiet      = time.Minute      // without news before a campaign is over: an ending may yet turn out to be another
)

// TakeTurn gives a campaign its turn: what has become of its calls is worked in, what may not go on at the provider is
// taken back, and whom it is time to call is called. Two at once take turns: the batch is held.
type TakeTurn struct{ *campaigner }

// Execute takes as many steps as needed. It may run twice.
func (uc *TakeTurn) Execute(ctx context.Context, ref BatchRef) error {
	for range pagesATurn {
		again, err := uc.step(ctx, ref)
		if err != nil {
			return fmt.Errorf("take turn of campaign: %w", err)
		}
		if !again {
			return nil
		}
	}
	return uc.books.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error { return uc.giveTurn(ctx, ref) })
}

// step is one transaction of a turn; it tells whether another follows at once.
func (uc *TakeTurn) step(ctx context.Context, ref BatchRef) (again bool, err error) {
	err = uc.books.tx.InTx(ctx, ref.Workspace, func(ctx context.Context) error {
		s, err := uc.Campaigns.Lock(ctx, ref)
		if err != nil {
			return err
		}
		t := turn{campaigner: uc.campaigner, ref: ref, now: uc.books.now(), s: s}
		if again, err = t.take(ctx); err != nil {
			return err
		}
		return t.store(ctx, s, again)
	})
	return again && err == nil, err
}

// turn is one step of a campaign that is held.
type turn struct {
	*campaigner

	ref  BatchRef
	now  time.Time
	s    batchcalls.CampaignState
	next time.Time // when to look again
}

// wake has the campaign looked at again, at the latest at t.
func (t *turn) wake(at time.Time) {
	if t.next.IsZero() || at.Before(t.next) {
		t.next = at
	}
}

func (t *turn) take(ctx context.Context) (again bool, err error) {
	heard, err := t.settle(ctx)
	if err != nil {
		return false, err
	}
	if err := t.withdraw(ctx); err != nil {
		return false, err
	}
	if t.s.Live > 0 {
		t.wake(t.now.Add(idleLook))
	}
	switch {
	case t.s.Status == batchcalls.Cancelled:
		if t.s.EndedAt.IsZero() {
			return false, t.end(ctx)
		}
	case t.s.Status == batchcalls.Pending && t.s.StartAt.After(t.now):
		t.wake(t.s.StartAt)
	case t.s.Status == batchcalls.Pending, t.s.Status == batchcalls.InProgress:
		t.s.Status = batchcalls.InProgress
		return t.call(ctx, heard)
	default: // a draft, paused or completed
		t.s.Waiting = ""
	}
	return false, nil
}

// store writes what the step has changed, and sees to the next one.
func (t *turn) store(ctx context.Context, before batchcalls.CampaignState, again bool) error {
	if t.s.Status == batchcalls.InProgress || t.s.Status == batchcalls.Pending {
		t.s.NextLook = t.next
	} else {
		t.s.NextLook = time.Time{}
	}
	if !reflect.DeepEqual(t.s, before) {
		if err := t.save(ctx, &t.s); err != nil {
			return err
		}
	}
	if again || t.next.IsZero() {
		return nil
	}
	return t.campaigner.giveTurn(ctx, t.ref, port.At(t.next))
}

// call has people called if there are any whom it is time to call. Heard tells that something ended a moment ago.
func (t *turn) call(ctx context.Context, heard bool) (again bool, err error) {
	chunks, err := t.books.looks.Live(ctx, t.ref)
	if err != nil {
		return false, err
	}
	for _, c := range chunks {
		if c.Status == batchcalls.Stored || c.Status == batchcalls.Sending || c.Status == batchcalls.Doubtful {
			t.wake(t.now.Add(idleLook))
			if c.Status != batchcalls.Sending && !c.SentAt.IsZero() {
				t.s.Waiting = batchcalls.HeldProvider // what it chokes on is not thrown after
			}
			return false, nil
		}
	}
	if t.s.Live >= t.s.Settings.Limits.MaxConcurrent {
		t.s.Waiting = batchcalls.HeldCap
		return false, nil
	}
	page, err := t.People.Due(ctx, t.ref, t.now, pageOfDue)
	if err != nil {
		return false, err
	}
	if len(page) == 0 {
		return false, t.rest(ctx, heard)
	}
	return t.decide(ctx, page)
}

// rest waits for the next who is due, or ends the campaign.
func (t *turn) rest(ctx context.Context, heard bool) error {
	look, due, waits, err := t.Waiting.Next(ctx, t.ref)
	switch {
	case err != nil:
		return err
	case waits:
		t.s.Waiting = batchcalls.HeldNotDue
		if !due.After(t.now) {
			t.s.Waiting = batchcalls.HeldWindow
		}
		t.wake(look)
		return nil
	case t.s.Live > 0:
		t.s.Waiting = ""
		return nil
	}
	recent, err := t.Attempts.Endings(ctx, t.ref, t.now.Add(-quiet))
	if err != nil {
		return err
	}
	if heard || len(recent) > 0 {
		t.wake(t.now.Add(quiet))
		return nil
	}
	t.s.Status = batchcalls.Completed
	return t.end(ctx)
}

// end closes a campaign that is over.
func (t *turn) end(ctx context.Context) error {
	t.s.EndedAt, t.s.Waiting = t.now, ""
	if t.s.Status == batchcalls.Cancelled {
		if err := t.Waiting.GiveUp(ctx, t.ref, t.now); err != nil {
			return err
		}
	} else if err := t.books.announce(ctx, t.s.Batch); err != nil { // of a cancellation it was said when it was cancelled
		return err
	}
	if t.s.Settings.RetentionDays == 0 {
		return nil
	}
	_, err := t.books.jobs.Enqueue(ctx, t.ref.Workspace, PurgeCampaign{Batch: t.ref.ID}, port.At(t.s.PurgeAt()))
	return err
}

// pause has nobody else called until a person resumes the campaign.
func (c *campaigner) pause(ctx context.Context, s *batchcalls.CampaignState, why batchcalls.PauseReason, detail string) error {
	s.Status, s.PauseReason, s.PauseDetail, s.Waiting = batchcalls.Paused, why, detail, ""
	if err := c.books.drop(ctx, refOf(s.Batch)); err != nil {
		return err
	}
	admins, err := c.Admins.Admins(ctx, s.Workspace)
	if err != nil {
		return err
	}
	return c.books.events.Record(ctx, port.Event{
		Workspace: s.Workspace, Stream: "call_batch/" + s.ID.String(), Type: EventCampaignPaused,
		Payload: CampaignPaused{Batch: s.ID, PublicID: s.PublicID, Name: s.Name, Reason: why, Admins: admins},
	})
}

// EventCampaignPaused is the type of the event that a campaign stands still until a person resumes it.
const EventCampaignPaused = "call_campaign.paused"

// CampaignPaused is what that event carries.
type CampaignPaused struct {
	Batch    batchcalls.BatchID     `json:"batch"`
	PublicID string                 `json:"publicId"`
	Name     string                 `json:"name"`
	Reason   batchcalls.PauseReason `json:"reason"`
	Admins   []kernel.RepID         `json:"admins"` // whom it concerns
}

// get reads a campaign outside a transaction.
func (c *campaigner) get(ctx context.Context, ref BatchRef) (s batchcalls.CampaignState, err error) {
	err = c.finder.reader.Read(ctx, ref.Workspace, func(ctx context.Context) error {
		s, err = c.Campaigns.Get(ctx, ref)
		return err
	})
	return s, err
}
