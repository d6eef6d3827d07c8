package meetingsuc

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// DownloadMedia copies a recording into our storage, as a stream: it never lies in memory.
type DownloadMedia struct {
	*changer
	reader     port.Reader
	recordings Recordings
	store      MediaStore
}

// Execute copies one recording of one meeting. An error means that it is worth trying again, unless last tells that it
// will not be tried again: then the meeting shows that there is none, until somebody has the job run again. What was
// copied of a meeting that was deleted meanwhile does not stay.
func (uc *DownloadMedia) Execute(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, kind MediaKind, last bool) error {
	err := uc.download(ctx, ws, id, kind, last)
	if fault.CodeOf(err) != meetings.MeetingNotFound {
		return err
	}
	if deleteErr := uc.store.Delete(whatever(ctx), MediaKey(ws, id, kind)); deleteErr != nil {
		return fmt.Errorf("delete %s of a deleted meeting: %w", kind, deleteErr)
	}
	return err
}

func (uc *DownloadMedia) download(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, kind MediaKind, last bool) error {
	var m meetings.Meeting
	err := uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		var err error
		m, err = uc.meetings.Get(ctx, ws, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("download %s: %w", kind, err)
	}
	if state := mediaOf(&m, kind).State; state != meetings.MediaPending && state != meetings.MediaFailed {
		return uc.finish(ctx, ws)
	}
	key := MediaKey(ws, id, kind)
	size, err := uc.copy(ctx, m, kind, key)
	switch {
	case isFinal(err, last):
		return uc.giveUp(ctx, ws, id, kind, err)
	case err != nil:
		return fmt.Errorf("download %s: %w", kind, err)
	}
	_, err = uc.change(ctx, ws, id, func(ctx context.Context, m *meetings.Meeting) error {
		media, now := mediaOf(m, kind), uc.clock.Now()
		media.State, media.Key, media.Bytes, media.StoredAt = meetings.MediaReady, key, size, &now
		return uc.jobs.Finish(ctx)
	})
	if err != nil {
		return fmt.Errorf("download %s: %w", kind, err)
	}
	return nil
}

// giveUp shows on the meeting that there is no such recording. That the vendor has none is no failure of the job.
func (uc *DownloadMedia) giveUp(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, kind MediaKind, cause error) error {
	_, err := uc.change(whatever(ctx), ws, id, func(_ context.Context, m *meetings.Meeting) error {
		mediaOf(m, kind).State = meetings.MediaFailed
		return nil
	})
	if err = errors.Join(err, ignoreNotFound(cause)); err != nil {
		return fmt.Errorf("download %s: %w", kind, err)
	}
	return nil
}

func (uc *DownloadMedia) copy(ctx context.Context, m meetings.Meeting, kind MediaKind, key string) (int64, error) {
	recording, err := uc.recordings.Open(ctx, m.Bot.ID, kind)
	if err != nil {
		return 0, err
	}
	defer recording.Body.Close()
	return uc.store.Put(ctx, key, recording.ContentType, recording.Bytes, recording.Body)
}

// MediaKey is where a recording lies in the store.
func MediaKey(ws kernel.WorkspaceID, id meetings.ID, kind MediaKind) string {
	name := map[MediaKind]string{Video: "video.mp4", Audio: "audio.mp3"}[kind]
	return path.Join(ws.String(), id.String(), name)
}
