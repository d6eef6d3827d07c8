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

// inFlight is longer than any request that sends a notetaker takes: what the vendor does not know by then will not come.
const inFlight = 2 * time.Minute

// CallOffNotetaker calls off the notetaker of a cancelled meeting: the one that is known, else the one that the vendor
// knows under the meeting's ID. It may run any number of times. A notetaker that was being sent while the meeting was
// cancelled is looked for until it can be no longer on its way.
type CallOffNotetaker struct {
	*changer
	reader     port.Reader
	notetakers Notetakers
}

// Execute calls off the notetaker of one meeting, if there is one.
func (uc *CallOffNotetaker) Execute(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) error {
	var m meetings.Meeting
	err := uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		var err error
		m, err = uc.meetings.Get(ctx, ws, id)
		return err
	})
	if err != nil || m.Bot.State == meetings.BotGone {
		return err
	}
	bot, found := m.Bot.ID, m.Bot.ID != ""
	if !found {
		if bot, found, err = uc.notetakers.FindByMeeting(ctx, id); err != nil {
			return fmt.Errorf("release notetaker: %w", err)
		}
	}
	if isComing := m.Bot.IsUnsettled() && uc.clock.Now().Sub(m.UpdatedAt) < inFlight; !found && isComing {
		return fmt.Errorf("release notetaker: look again: %w", fault.New(fault.Upstream, meetings.RecallError))
	}
	if found {
		if err := uc.notetakers.Release(ctx, bot); err != nil {
			return fmt.Errorf("release notetaker: %w", err)
		}
	}
	_, err = uc.change(ctx, ws, id, func(ctx context.Context, m *meetings.Meeting) error {
		if m.Bot.ID == bot || m.Bot.ID == "" { // else one was adopted meanwhile, with a release of its own
			m.Bot.ID, m.Bot.State = bot, meetings.BotGone
		}
		return uc.jobs.Finish(ctx)
	})
	return err
}
