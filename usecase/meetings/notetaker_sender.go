package meetingsuc

import (
	"context"
	"errors"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// capacityPause is how long Recall.ai asks to wait after 507 (docs.recall.ai, errors).
const capacityPause = 30 * time.Second

// notetakerSender sends a stored meeting's notetaker and stores what came of it. The request that schedules and the job
// that finishes its work both go through it, with the meeting's one idempotency key.
type notetakerSender struct {
	*changer
	links      LinkMaker
	notetakers Notetakers
	ids        port.IDs
}

// link makes the call's URL and stores it.
func (s *notetakerSender) link(ctx context.Context, m meetings.Meeting, repEmail string) (meetings.Meeting, error) {
	request := LinkRequest{MeetingID: m.ID, Title: m.Title, ScheduledAt: m.OccursAt(), RepEmail: repEmail}
	if m.Customer.Email != "" {
		request.Attendees = []string{m.Customer.Email}
	}
	url, err := s.links.MakeLink(ctx, request)
	if err != nil {
		return meetings.Meeting{}, err
	}
	link, err := meetings.ParseMeetingURL(url)
	if err != nil || link.Platform != meetings.GoogleMeet {
		return meetings.Meeting{}, fault.New(fault.Upstream, meetings.N8NError)
	}
	return s.change(ctx, m.Workspace, m.ID, func(_ context.Context, m *meetings.Meeting) error {
		m.URL, m.Platform = link.URL, link.Platform
		return nil
	})
}

// goOn sees to it that a notetaker that may still be sent is, from the given time on. It runs in the transaction that
// stores the failure.
type goOn func(ctx context.Context, m meetings.Meeting, from time.Time) error

// send asks the vendor for the notetaker and stores the answer. It returns the vendor's own error as cause beside the
// stored meeting; err tells that nothing could be stored.
func (s *notetakerSender) send(ctx context.Context, m meetings.Meeting, url string, next goOn) (stored meetings.Meeting, cause, err error) {
	request := NotetakerRequest{Workspace: m.Workspace, Meeting: m.ID, URL: url, Key: m.Bot.IdempotencyKey}
	if m.Status == meetings.Scheduled {
		request.JoinAt = *m.ScheduledAt
	}
	bot, cause := s.notetakers.Send(ctx, request)
	if cause == nil {
		stored, err = s.storeSent(ctx, m, bot)
		return stored, nil, err
	}
	stored, err = s.storeFailure(ctx, m, cause, next)
	return stored, cause, err
}

// storeSent stores the notetaker that was sent.
func (s *notetakerSender) storeSent(ctx context.Context, m meetings.Meeting, bot meetings.BotID) (meetings.Meeting, error) {
	return s.change(ctx, m.Workspace, m.ID, func(ctx context.Context, m *meetings.Meeting) error {
		return s.adopt(ctx, m, bot)
	})
}

// storeFailure keeps what is known after a failure: refused for good, no capacity (a fresh key), or in doubt. What may
// still succeed goes on; what would need the password, which is kept nowhere, cannot.
func (s *notetakerSender) storeFailure(ctx context.Context, m meetings.Meeting, cause error, next goOn) (meetings.Meeting, error) {
	return s.change(ctx, m.Workspace, m.ID, func(ctx context.Context, m *meetings.Meeting) error {
		if !m.Bot.IsUnsettled() || m.Status == meetings.Cancelled {
			return nil
		}
		now := s.clock.Now()
		at := now
		switch {
		case errors.Is(cause, ErrOutcomeUnknown):
			m.Bot.State = meetings.BotUnknown
		case errors.Is(cause, ErrNoCapacity):
			m.Bot.IdempotencyKey, at = s.ids.New(), now.Add(capacityPause)
		case fault.KindOf(cause) == fault.Invalid:
			m.Bot.State = meetings.BotRefused
			*m, _ = m.Apply(meetings.Fail(now, meetings.NotetakerRefused))
			return nil
		}
		if m.Bot.NeedsPassword && m.Bot.State != meetings.BotUnknown {
			*m, _ = m.Apply(meetings.Fail(now, meetings.MeetingPasswordRequired))
			return nil
		}
		return next(ctx, *m, at)
	})
}
