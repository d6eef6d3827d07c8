package embed_test

import (
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestRecordingsThatAreNotReadyAreSaidNotToBe(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), later(s, 2*time.Hour))
	_, err := s.Rep.Meetings.Video(t.Context(), id)
	requireCode(t, err, http.StatusConflict, tertulia.CodeVideoNotReady)
	_, err = s.Rep.Meetings.Audio(t.Context(), id)
	requireCode(t, err, http.StatusConflict, tertulia.CodeAudioNotReady)
	require.Equal(t, tertulia.MediaLinks{}, s.Get(t, id).Media)
}

func TestAudioThatIsNotOursYetIsTheVendorsOwnLink(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	id := s.Scheduled(t, embedtest.Talk())
	s.WaitFor(t, "the webhooks have come", func() bool {
		return s.Count(t, "select count(*) from inbound_events where convert_from(body, 'UTF8') like '%audio_mixed.done%'") > 0
	})
	link, err := s.Rep.Meetings.Audio(t.Context(), id)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(link.URL, s.Sandbox.URL("recall")), link.URL)
	require.Equal(t, http.StatusOK, s.Do(t, http.MethodGet, link.URL, "").Status)
	require.NotContains(t, s.Dump(t), link.URL, "a vendor's link is never stored")
}

func TestALinkOpensForAnHourAndForNothingElse(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	s.Settled(t, id)
	video, err := s.Rep.Meetings.Video(t.Context(), id)
	require.NoError(t, err)
	require.WithinDuration(t, s.Clock.Now().Add(time.Hour), video.ExpiresAt, 10*time.Second)
	requirePlays(t, s, video.URL)
	require.Equal(t, http.StatusOK, s.Do(t, http.MethodHead, video.URL, "").Status)
	audio, err := s.Rep.Meetings.Audio(t.Context(), id)
	require.NoError(t, err)
	requirePlays(t, s, audio.URL)

	stolen := strings.Replace(audio.URL, "audio.mp3", "video.mp4", 1)
	require.Equal(t, http.StatusForbidden, s.Do(t, http.MethodGet, stolen, "").Status, "a signature is for one file")
	bare, _, _ := strings.Cut(video.URL, "?")
	require.Equal(t, http.StatusForbidden, s.Do(t, http.MethodGet, bare, "").Status)
	s.Clock.Advance(time.Hour + time.Minute)
	require.Equal(t, http.StatusForbidden, s.Do(t, http.MethodGet, video.URL, "").Status)
}

func TestADownloadThatBreaksOffIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, talkWith(sandboxtest.Faults{TruncatedDownload: 2}))
	s.Hasten(t, "ready", func() bool {
		m := s.Get(t, id).Meeting
		return m.Video.State == "ready" && m.Audio.State == "ready" && m.Status == tertulia.Completed
	})
	link, err := s.Rep.Meetings.Video(t.Context(), id)
	require.NoError(t, err)
	requirePlays(t, s, link.URL)
}

func TestRecordingsPastTheirRetentionAreDeletedAndTheRestStays(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	link := *s.Settled(t, id).Media.VideoURL
	require.NotEmpty(t, filesBelow(t, s.Config.Stores.DataDir))
	kept, err := s.Scheduler.Cron.CleanupStorage(t.Context())
	require.NoError(t, err)
	require.Zero(t, kept.MediaDeleted)
	s.Idle(t)
	s.Exec(t, "delete from jobs where kind = 'cleanup_storage'") // the daily sweep would come first

	s.Clock.Advance(91 * 24 * time.Hour)
	swept, err := s.Scheduler.Cron.CleanupStorage(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, swept.MediaDeleted)
	require.Positive(t, swept.JobsDeleted)
	require.Empty(t, filesBelow(t, s.Config.Stores.DataDir))
	require.NotEqual(t, http.StatusOK, s.Do(t, http.MethodGet, link, "").Status)
	d := s.Get(t, id)
	require.Equal(t, "deleted", d.Meeting.Video.State)
	require.Len(t, d.Analyses, 1)
	require.NotNil(t, d.Transcript)
	_, err = s.Rep.Meetings.Audio(t.Context(), id)
	requireCode(t, err, http.StatusConflict, tertulia.CodeAudioNotReady)
}

// filesBelow lists what is kept of recordings in a folder.
func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	require.NoError(t, filepath.WalkDir(filepath.Join(dir, "media"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	}))
	return found
}
