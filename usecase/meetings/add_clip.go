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
	Key        port.IdempotencyKey // a repetition answers the clip that the first one made
}

// AddClip keeps a stretch of a meeting under a title. The meeting itself does not change.
//
// Allowed: who may change the meeting.
// Errors: NotFound MEETING_NOT_FOUND, Forbidden, Invalid VALIDATION_ERROR, Conflict INVALID_STATE before there is a
// recording or a transcript, Conflict TOO_MANY_CLIPS, Conflict IDEMPOTENCY_KEY_REUSED, NotFound CLIP_NOT_FOUND for a repetition
// when the clip has been removed.
type AddClip struct {
	tx       port.Transactor
	keys     port.Idempotency
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
		earlier, err := uc.keys.Reserve(ctx, clip.Workspace, in.Key, clip.ID.String())
		if err != nil {
			return err
		}
		if earlier != "" {
			clip, err = uc.stored(ctx, in, meetings.ClipID(earlier))
			return err
		}
		return uc.add(ctx, m, clip)
	})
	if err != nil {
		return meetings.Clip{}, fmt.Errorf("add clip: %w", err)
	}
	return clip, nil
}

func (uc *AddClip) add(ctx context.Context, m meetings.Meeting, clip meetings.Clip) error {
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
}

// stored is a clip that was added before.
func (uc *AddClip) stored(ctx context.Context, in AddClipInput, id meetings.ClipID) (meetings.Clip, error) {
	rows, err := uc.clips.List(ctx, in.Actor.Workspace, in.Meeting, id, 1)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, meetings.ClipNotFound)
	}
	if err != nil {
		return meetings.Clip{}, err
	}
	return rows[0].Clip, nil
}
