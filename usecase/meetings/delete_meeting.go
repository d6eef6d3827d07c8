package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// DeleteMeeting deletes a meeting for good, whatever its state: our rows, events and jobs at once and in one transaction;
// then, as well as it goes, what the notetaker's vendor and our storage hold. What the AI provider holds of chats about it
// is forgotten by jobs of their own. A job does the latter once more when nothing
// can be on its way any longer, and goes on where a part has failed, also when this process dies meanwhile.
//
// Allowed: administrators. Errors: Forbidden; NotFound MEETING_NOT_FOUND.
// Effects: event meeting.deleted, the only one of the meeting that is left. What a CRM was told stays there.
type DeleteMeeting struct {
	*changer
	trail  Trail
	chats  Chats
	eraser *EraseTraces
}

// Deletion is what became of a deleted meeting's parts. Its rows are gone.
type Deletion struct {
	Meeting meetings.ID
	Recall  PartOutcome
	Storage PartOutcome
	Job     port.JobID // that makes sure of it
}

// Execute deletes the meeting and tells what became of each part.
func (uc *DeleteMeeting) Execute(ctx context.Context, actor kernel.Principal, id meetings.ID) (Deletion, error) {
	if !actor.IsAdmin() {
		return Deletion{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	d, traces := Deletion{Meeting: id}, EraseMeeting{Meeting: id}
	err := uc.tx.InTx(ctx, actor.Workspace, func(ctx context.Context) error {
		m, err := uc.meetings.Lock(ctx, actor.Workspace, id)
		if err != nil {
			return err
		}
		traces.Bot, traces.MayBeComing = m.Bot.ID, m.Bot.IsUnsettled()
		if err := uc.chats.Forget(ctx, actor.Workspace, id); err != nil {
			return err
		}
		if err := uc.meetings.Remove(ctx, actor.Workspace, id); err != nil {
			return err
		}
		if err := uc.trail.Forget(ctx, actor.Workspace, m.Stream(), id.String()); err != nil {
			return err
		}
		if err := uc.record(ctx, meetings.Meeting{ID: id, Workspace: m.Workspace}, EventDeleted); err != nil {
			return err
		}
		d.Job, err = uc.jobs.Enqueue(ctx, actor.Workspace, traces, port.At(uc.clock.Now().Add(inFlight)))
		return err
	})
	if err != nil {
		return Deletion{}, fmt.Errorf("delete meeting: %w", err)
	}
	d.Recall, d.Storage = outcomeOf(uc.eraser.recall(ctx, traces)), outcomeOf(uc.eraser.storage(ctx, actor.Workspace, id))
	return d, nil
}

// PartStatus is what became of one part of a deleted meeting.
type PartStatus string

// Statuses of a part.
const (
	PartDeleted PartStatus = "deleted"
	PartNone    PartStatus = "none"    // there was nothing to delete
	PartPending PartStatus = "pending" // a job goes on; Reason says why it has to
)

// PartOutcome is a part's status and, when it is pending, why.
type PartOutcome struct {
	Status PartStatus
	Reason fault.Code
}

func outcomeOf(status PartStatus, err error) PartOutcome {
	if err != nil {
		return PartOutcome{Status: PartPending, Reason: fault.CodeOf(err)}
	}
	return PartOutcome{Status: status}
}
