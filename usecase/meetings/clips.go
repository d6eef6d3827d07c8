package meetingsuc

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// Clips keeps the clips of meetings, inside the given workspace.
type Clips interface {
	// Add stores a new clip.
	Add(ctx context.Context, c meetings.Clip) error
	// Count returns how many clips a meeting has.
	Count(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID) (int, error)
	// List returns the first clips of a meeting in the order of the recording; of one clip when id is given.
	List(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID, id meetings.ClipID, limit int) ([]ClipRow, error)
	// Remove deletes a clip of a meeting. NotFound CLIP_NOT_FOUND.
	Remove(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID, id meetings.ClipID) error
}

// ClipRow is a clip with the name of who made it, where that is a rep.
type ClipRow struct {
	meetings.Clip

	Author *Rep
}

// ClipView is a clip with what can be seen and read of it.
type ClipView struct {
	ClipRow

	VideoURL  string // "" until the video is in our storage
	AudioURL  string // "" until the audio is
	ExpiresAt time.Time
	Words     []meetings.Segment
}

// ClipPage is a meeting's clips in the order of the recording.
type ClipPage struct {
	Clips []ClipView
	Total int
	Limit int
}

// Clips returns the first clips of a meeting. Errors: NotFound MEETING_NOT_FOUND, Forbidden.
func (q *MomentQueries) Clips(ctx context.Context, actor kernel.Principal, meeting meetings.ID, limit int) (ClipPage, error) {
	page := ClipPage{Limit: kernel.Page{Limit: limit}.Size()}
	var err error
	page.Clips, page.Total, err = q.clipViews(ctx, actor, meeting, "", page.Limit)
	return page, err
}

// Clip returns one clip of a meeting. Errors: as Clips; NotFound CLIP_NOT_FOUND.
func (q *MomentQueries) Clip(ctx context.Context, actor kernel.Principal, meeting meetings.ID, id meetings.ClipID) (ClipView, error) {
	views, _, err := q.clipViews(ctx, actor, meeting, id, 1)
	if err == nil && len(views) == 0 {
		err = fault.New(fault.NotFound, meetings.ClipNotFound)
	}
	if err != nil {
		return ClipView{}, err
	}
	return views[0], nil
}

func (q *MomentQueries) clipViews(ctx context.Context, actor kernel.Principal, meeting meetings.ID, id meetings.ClipID, limit int) (views []ClipView, total int, err error) {
	var row MeetingRow
	var clips []ClipRow
	var words meetings.Transcript
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		if row, err = q.row(ctx, actor, meeting); err != nil {
			return err
		}
		if clips, err = q.clips.List(ctx, actor.Workspace, meeting, id, limit); err != nil || len(clips) == 0 {
			return err
		}
		if total, err = q.clips.Count(ctx, actor.Workspace, meeting); err != nil {
			return err
		}
		stored, found, err := q.transcripts.Find(ctx, actor.Workspace, meeting)
		if err != nil || !found {
			return err
		}
		words, err = corrected(ctx, q.corrections, actor.Workspace, stored.Transcript)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read clips: %w", err)
	}
	if len(clips) == 0 {
		return nil, 0, nil
	}
	video, err := q.sign(ctx, row.Video)
	if err != nil {
		return nil, 0, fmt.Errorf("sign video: %w", err)
	}
	audio, err := q.sign(ctx, row.Audio)
	if err != nil {
		return nil, 0, fmt.Errorf("sign audio: %w", err)
	}
	for _, c := range clips {
		v := ClipView{ClipRow: c, ExpiresAt: q.expiry(), Words: words.Between(c.Start, c.End)}
		if video != "" {
			v.VideoURL = video + c.Fragment()
		}
		if audio != "" {
			v.AudioURL = audio + c.Fragment()
		}
		views = append(views, v)
	}
	return views, total, nil
}

func tooManyClips() error {
	return fault.New(fault.Conflict, meetings.TooManyClips).With("max", strconv.Itoa(meetings.MaxClips))
}
