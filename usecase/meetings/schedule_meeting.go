package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// firstLook is when a meeting is looked at for the first time: after the request that made it must have ended.
const firstLook = time.Minute

// ScheduleMeeting books a notetaker for a call.
//
// Allowed: a rep for itself, an admin or a service key for any rep.
// Errors: Invalid VALIDATION_ERROR; Forbidden; NotFound SALES_REP_NOT_FOUND; Upstream N8N_ERROR when no URL is given and
// none can be made: nothing is scheduled then; Upstream RECALL_ERROR when the vendor refuses the call for good: the
// meeting is kept as FAILED, and the same key is answered so again.
// Effects: one meeting and at most one notetaker per idempotency key, whatever is retried; event meeting.scheduled.
// What the vendor cannot do at once is done by a job, and the meeting is answered as booked.
type ScheduleMeeting struct {
	*changer
	reader port.Reader
	keys   port.Idempotency
	reps   Reps
	sender *notetakerSender
	ids    port.IDs
}

// Execute returns the meeting as it stands when the vendors have been asked.
func (uc *ScheduleMeeting) Execute(ctx context.Context, in ScheduleMeetingInput) (meetings.Meeting, error) {
	p, err := uc.plan(ctx, in)
	if err != nil {
		return meetings.Meeting{}, fmt.Errorf("schedule meeting: %w", err)
	}
	earlier, err := uc.storeIntent(ctx, in.Key, p.meeting)
	if err != nil {
		return meetings.Meeting{}, fmt.Errorf("schedule meeting: %w", err)
	}
	if earlier != "" {
		return uc.answerAgain(ctx, in.Actor.Workspace, earlier)
	}
	// From here on something may exist outside. A caller who hangs up must not make us forget it.
	m, err := uc.send(context.WithoutCancel(ctx), p, in)
	if err != nil {
		return meetings.Meeting{}, fmt.Errorf("schedule meeting: %w", err)
	}
	return m, nil
}

// storeIntent stores the meeting before any vendor is asked, or returns the meeting that the key led to earlier.
func (uc *ScheduleMeeting) storeIntent(ctx context.Context, key port.IdempotencyKey, m meetings.Meeting) (earlier meetings.ID, err error) {
	err = uc.tx.InTx(ctx, m.Workspace, func(ctx context.Context) error {
		answer, err := uc.keys.Reserve(ctx, m.Workspace, key, m.ID.String())
		if err != nil || answer != "" {
			earlier = meetings.ID(answer)
			return err
		}
		if err := uc.meetings.Add(ctx, m); err != nil {
			return err
		}
		return uc.jobs.Add(ctx, m.Workspace, WatchMeeting{Meeting: m.ID}, port.At(m.CreatedAt.Add(firstLook)))
	})
	return earlier, err
}

// answerAgain answers a repeated request with what the first one led to. While that is still waiting for a link, or is
// just being taken back, there is nothing to answer: Unavailable, to be tried again.
func (uc *ScheduleMeeting) answerAgain(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (m meetings.Meeting, err error) {
	err = uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		m, err = uc.meetings.Get(ctx, ws, id)
		return err
	})
	switch {
	case fault.CodeOf(err) == meetings.MeetingNotFound, err == nil && m.URL == "":
		return meetings.Meeting{}, fault.Wrap(fault.Unavailable, fault.UnavailableCode, err)
	case err != nil:
		return meetings.Meeting{}, fmt.Errorf("schedule meeting: %w", err)
	case m.Bot.State == meetings.BotRefused:
		return meetings.Meeting{}, refused(nil)
	default:
		return m, nil
	}
}

// refused is the answer when the vendor will never take the call.
func refused(cause error) error { return fault.Wrap(fault.Upstream, meetings.RecallError, cause) }

// send makes the link where there is none, then sends the notetaker.
func (uc *ScheduleMeeting) send(ctx context.Context, p plan, in ScheduleMeetingInput) (meetings.Meeting, error) {
	m, url := p.meeting, p.link.WithPassword(p.password)
	if m.URL == "" {
		var err error
		if m, err = uc.sender.link(ctx, m, p.repEmail); err != nil {
			return meetings.Meeting{}, uc.forget(ctx, in.Key, p.meeting, err)
		}
		url = m.URL
	}
	m, cause, err := uc.sender.send(ctx, m, url, uc.handOver)
	switch {
	case err != nil:
		return meetings.Meeting{}, err
	case m.Bot.State == meetings.BotRefused:
		return meetings.Meeting{}, refused(cause)
	default:
		return m, nil
	}
}

// handOver leaves a notetaker that could not be sent yet to a job.
func (uc *ScheduleMeeting) handOver(ctx context.Context, m meetings.Meeting, from time.Time) error {
	return uc.jobs.Add(ctx, m.Workspace, SendNotetaker{Meeting: m.ID}, port.At(from))
}

// forget takes back a meeting for which no link could be made, key and all: nothing is scheduled.
func (uc *ScheduleMeeting) forget(ctx context.Context, key port.IdempotencyKey, m meetings.Meeting, cause error) error {
	err := uc.tx.InTx(ctx, m.Workspace, func(ctx context.Context) error {
		if err := uc.keys.Release(ctx, m.Workspace, key); err != nil {
			return err
		}
		return uc.meetings.Remove(ctx, m.Workspace, m.ID)
	})
	if err != nil {
		return fmt.Errorf("forget the meeting: %w", err)
	}
	return cause
}
