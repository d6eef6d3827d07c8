package meetingsuc

import (
	"context"
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
// will not be tried again: then the meeting shows that there is none.
func (uc *DownloadMedia) Execute(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, kind MediaKind, last bool) error {
	var m meetings.Meeting
	err := uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		var err error
		m, err = uc.meetings.Get(ctx, ws, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("download %s: %w", kind, err)
	}
	if mediaOf(&m, kind).State != meetings.MediaPending {
		return uc.finish(ctx, ws)
	}
	key := MediaKey(ws, id, kind)
	size, err := uc.copy(ctx, m, kind, key)
	if err != nil && !last && fault.KindOf(err) != fault.NotFound {
		return fmt.Errorf("download %s: %w", kind, err)
	}
	_, storeErr := uc.change(ctx, ws, id, func(ctx context.Context, m *meetings.Meeting) error {
		media := mediaOf(m, kind)
		if err != nil {
			media.State = meetings.MediaFailed
			return nil
		}
		now := uc.clock.Now()
		media.State, media.Key, media.Bytes, media.StoredAt = meetings.MediaReady, key, size, &now
		return uc.jobs.Finish(ctx)
	})
	if storeErr != nil {
		return fmt.Errorf("download %s: %w", kind, storeErr)
	}
	return err
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
