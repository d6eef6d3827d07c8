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

// Watch settings. Looks grow rarer: a lost webhook is found within minutes, and a long call is not asked about for ever.
const (
	watchSteps    = 5              // looks at the first interval
	watchSlowdown = 5              // times rarer after those
	watchLimit    = 24 * time.Hour // after which a call that has not ended never will
)

// How long a transcript is waited for once the notetaker has shut down. Recall.ai has one minutes after the call; one that it
// has not begun by then, or that takes hours, never comes.
const (
	transcriptGrace = 15 * time.Minute // while the vendor does not say that it is making one
	transcriptLimit = 3 * time.Hour    // while it does
)

// LookAfterMeeting asks the vendor how a meeting fares and makes up for what webhooks did not tell: a notetaker whose
// creation is in doubt, a call that ended, a transcript, media. It looks again until nothing more can come.
type LookAfterMeeting struct {
	events     *ApplyNotetakerEvent
	reader     port.Reader
	notetakers Notetakers
	interval   time.Duration
}

// Execute looks at one meeting for the given time.
func (uc *LookAfterMeeting) Execute(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, round int) error {
	var m meetings.Meeting
	err := uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		var err error
		m, err = uc.events.meetings.Get(ctx, ws, id)
		return err
	})
	if err != nil || isSettled(m) {
		return err
	}
	progress, err := uc.progress(ctx, m)
	if err != nil {
		return fmt.Errorf("watch meeting: %w", err)
	}
	_, err = uc.events.change(ctx, ws, id, func(ctx context.Context, m *meetings.Meeting) error {
		if err := uc.catchUp(ctx, m, progress, round); err != nil {
			return err
		}
		return uc.lookAgain(ctx, m, round)
	})
	if err != nil {
		return fmt.Errorf("watch meeting: %w", err)
	}
	return nil
}

// isSettled reports whether nothing more can come: the meeting has ended, and so have its downloads.
func isSettled(m meetings.Meeting) bool {
	isOpen := func(media meetings.Media) bool {
		return media.State == meetings.MediaNone || media.State == meetings.MediaPending
	}
	switch m.Status {
	case meetings.Cancelled:
		return true
	case meetings.Failed:
		return !m.Bot.IsUnsettled()
	case meetings.Completed:
		return !isOpen(m.Video) && !isOpen(m.Audio)
	default:
		return false
	}
}

// progress asks the vendor, unless there is nothing to ask about yet.
func (uc *LookAfterMeeting) progress(ctx context.Context, m meetings.Meeting) (Progress, error) {
	isAhead := m.ScheduledAt != nil && uc.events.clock.Now().Before(*m.ScheduledAt)
	if m.Bot.ID == "" || isAhead {
		return Progress{}, nil
	}
	p, err := uc.notetakers.Progress(ctx, m.Bot.ID)
	if fault.KindOf(err) == fault.NotFound {
		return Progress{Events: []meetings.BotEvent{{Code: "fatal", SubCode: "unknown_to_vendor", At: uc.events.clock.Now()}}}, nil
	}
	return p, err
}

// catchUp applies what the vendor tells, in the way of webhooks. While nobody knows what became of the notetaker, the
// first look sees to it that a job finds out, should the request that made the meeting have died; that job has pauses of
// its own. Of a meeting that was given up, every look does.
func (uc *LookAfterMeeting) catchUp(ctx context.Context, m *meetings.Meeting, p Progress, round int) error {
	if m.Bot.IsUnsettled() {
		if round > 0 && m.Status != meetings.Failed {
			return nil
		}
		return uc.events.jobs.Add(ctx, m.Workspace, SendNotetaker{Meeting: m.ID})
	}
	for _, event := range p.Events {
		event.HasMedia = p.HasRecording
		if err := uc.events.apply(ctx, m, NotetakerEvent{Subject: AboutBot, Report: event}); err != nil {
			return err
		}
	}
	if p.Transcript != "" {
		if err := uc.events.transcriptReady(ctx, m, p.Transcript); err != nil {
			return err
		}
	}
	switch {
	case p.TranscriptFailed && p.Transcript == "" && !p.IsTranscribing:
		*m, _ = m.Apply(meetings.Fail(uc.events.clock.Now(), meetings.TranscriptFailed))
	case p.IsOver && !p.HasRecording:
		*m, _ = m.Apply(meetings.Fail(uc.events.clock.Now(), meetings.NoRecording))
	}
	if uc.waitsInVain(*m, p) {
		*m, _ = m.Apply(meetings.Fail(uc.events.clock.Now(), meetings.TranscriptMissing))
	}
	return uc.collectMedia(ctx, m, p)
}

// waitsInVain reports whether the vendor has recorded the call and shut down, and the transcript is overdue. Should it come
// all the same, its event takes up the meeting again.
func (uc *LookAfterMeeting) waitsInVain(m meetings.Meeting, p Progress) bool {
	if !p.IsOver || !p.HasRecording || p.Transcript != "" || m.Recording.Transcript != "" {
		return false
	}
	since := m.CreatedAt
	for _, event := range p.Events {
		if event.At.After(since) {
			since = event.At
		}
	}
	limit := transcriptGrace
	if p.IsTranscribing {
		limit = transcriptLimit
	}
	return uc.events.clock.Now().Sub(since) > limit
}

func (uc *LookAfterMeeting) collectMedia(ctx context.Context, m *meetings.Meeting, p Progress) error {
	if p.VideoReady {
		if err := uc.events.mediaReady(ctx, m, Video); err != nil {
			return err
		}
	}
	if p.AudioReady {
		return uc.events.mediaReady(ctx, m, Audio)
	}
	return nil
}

// lookAgain enqueues the next look, or gives up on a call that never ended.
func (uc *LookAfterMeeting) lookAgain(ctx context.Context, m *meetings.Meeting, round int) error {
	now, due := uc.events.clock.Now(), m.CreatedAt
	if m.ScheduledAt != nil {
		due = *m.ScheduledAt
	}
	if now.Sub(due) > watchLimit {
		*m, _ = m.Apply(meetings.Fail(now, meetings.NotetakerFailed))
		return nil
	}
	if isSettled(*m) {
		return nil
	}
	next := now.Add(uc.interval)
	if round >= watchSteps {
		next = now.Add(watchSlowdown * uc.interval)
	}
	if settled := !m.Bot.IsUnsettled(); settled && due.After(now) {
		next, round = due.Add(uc.interval), 0
	}
	return uc.events.jobs.Add(ctx, m.Workspace, WatchMeeting{Meeting: m.ID, Round: round + 1}, port.At(next))
}
