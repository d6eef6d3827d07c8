package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// AddClipInput is a stretch of a meeting.
type AddClipInput struct {
	Actor      kernel.Principal
	Meeting    meetings.ID
	Title      string
	Start, End meetings.Millis
}

// AddClip keeps a stretch of a meeting under a title. The meeting itself does not change.
//
// Allowed: who may change the meeting.
// Errors: NotFound MEETING_NOT_FOUND, Forbidden, Invalid VALIDATION_ERROR, Conflict INVALID_STATE before there is a
// recording or a transcript, Conflict TOO_MANY_CLIPS.
type AddClip struct {
	tx       port.Transactor
	meetings Meetings
	clips    Clips
	clock    port.Clock
	ids      port.IDs
}

// Execute returns the clip. The meeting's row is held meanwhile, so that the limit holds.
func (uc *AddClip) Execute(ctx context.Context, in AddClipInput) (meetings.Clip, error) {
	clip := meetings.Clip{
		ID: meetings.ClipID(uc.ids.New()), Workspace: in.Actor.Workspace, Meeting: in.Meeting, Title: meetings.TidyText(in.Title),
		Start: in.Start, End: in.End, CreatedBy: in.Actor.Rep, CreatedAt: uc.clock.Now(),
	}
	err := uc.tx.InTx(ctx, clip.Workspace, func(ctx context.Context) error {
		m, err := uc.meetings.Lock(ctx, clip.Workspace, clip.Meeting)
		if err != nil {
			return err
		}
		if err := meetings.CanWrite(in.Actor, m); err != nil {
			return err
		}
		if m.Duration() == 0 {
			return meetings.WrongState(m.Status)
		}
		var wrong fault.Fields
		clip.Check(&wrong, m.Duration())
		if err := wrong.Err(); err != nil {
			return err
		}
		n, err := uc.clips.Count(ctx, clip.Workspace, clip.Meeting)
		if err == nil && n >= meetings.MaxClips {
			err = tooManyClips()
		}
		if err != nil {
			return err
		}
		return uc.clips.Add(ctx, clip)
	})
	if err != nil {
		return meetings.Clip{}, fmt.Errorf("add clip: %w", err)
	}
	return clip, nil
}
