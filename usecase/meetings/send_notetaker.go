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

// FinishSending finishes what the request that scheduled a meeting could not: it finds the notetaker whose answer was
// lost by the meeting's ID in its metadata, or sends one with the meeting's key. It may run any number of times.
type FinishSending struct {
	*notetakerSender
	reader port.Reader
	reps   Reps
}

// Execute settles the notetaker of one meeting. An error means that it is worth trying again; last tells that it will not
// be tried again, so that the meeting fails visibly.
func (uc *FinishSending) Execute(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, last bool) error {
	var m meetings.Meeting
	err := uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		var err error
		m, err = uc.meetings.Get(ctx, ws, id)
		return err
	})
	if err != nil || !m.Bot.IsUnsettled() {
		return err
	}
	err = uc.settle(ctx, m)
	switch {
	case err == nil:
		return nil
	case isFinal(err, last):
		return uc.giveUp(ctx, m, meetings.NotetakerFailed)
	default:
		return fmt.Errorf("send notetaker: %w", err)
	}
}

func (uc *FinishSending) settle(ctx context.Context, m meetings.Meeting) error {
	bot, found, err := uc.notetakers.FindByMeeting(ctx, m.ID)
	if err != nil {
		return err
	}
	if found {
		_, err := uc.storeSent(ctx, m, bot)
		return err
	}
	switch {
	case m.Status == meetings.Cancelled, m.Status == meetings.Failed:
		return nil
	case m.Bot.NeedsPassword:
		return uc.giveUp(ctx, m, meetings.MeetingPasswordRequired)
	}
	if m.URL == "" {
		email, err := uc.ownerEmail(ctx, m)
		if err != nil {
			return err
		}
		if m, err = uc.link(ctx, m, email); err != nil {
			return err
		}
	}
	stored, cause, err := uc.send(ctx, m, m.URL, tryAgain)
	switch {
	case err != nil:
		return err
	case stored.Bot.State == meetings.BotRefused:
		return nil // the meeting shows it
	default:
		return cause
	}
}

// tryAgain leaves the next try to the job that is running: it fails, and has the pauses and the number of attempts of its
// kind.
func tryAgain(context.Context, meetings.Meeting, time.Time) error { return nil }

func (uc *FinishSending) ownerEmail(ctx context.Context, m meetings.Meeting) (email string, err error) {
	err = uc.reader.Read(ctx, m.Workspace, func(ctx context.Context) error {
		rep, _, err := uc.reps.Find(ctx, m.Workspace, m.Responsible())
		email = rep.Email
		return err
	})
	return email, err
}

func (uc *FinishSending) giveUp(ctx context.Context, m meetings.Meeting, code fault.Code) error {
	_, err := uc.change(whatever(ctx), m.Workspace, m.ID, func(_ context.Context, m *meetings.Meeting) error {
		*m, _ = m.Apply(meetings.Fail(uc.clock.Now(), code))
		return nil
	})
	return err
}
