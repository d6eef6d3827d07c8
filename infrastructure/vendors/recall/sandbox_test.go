package recall_test

import (
	"crypto/sha256"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/recall"
)

func sandboxed(t *testing.T) (*recall.Client, *sandboxtest.Running) {
	t.Helper()
	s := sandboxtest.Start(t)
	c, err := recall.New(recall.Options{BaseURL: s.URL("recall"), APIKey: sandboxtest.Key})
	require.NoError(t, err)
	return c, s
}

func meet(id string) recall.CreateBot {
	return recall.CreateBot{MeetingURL: "https://meet.google.com/abc-defg-hij", BotName: "Tertulia", Metadata: map[string]string{"meeting_id": id}}
}

// lived waits until the bot has lived and its artefacts can be had.
func lived(t *testing.T, c *recall.Client, id string) recall.Bot {
	t.Helper()
	var bot recall.Bot
	require.Eventually(t, func() bool {
		var err error
		bot, err = c.GetBot(t.Context(), id)
		rec, found := bot.Recording("")
		m := rec.MediaShortcuts
		return err == nil && found && m.Transcript.IsReady() && m.VideoMixed.IsReady() && m.AudioMixed.IsReady()
	}, 10*time.Second, 20*time.Millisecond)
	return bot
}

func TestABotLivesAndLeavesItsMediaInTheSandbox(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t)
	s.Script(sandboxtest.Script{Faults: sandboxtest.Faults{TruncatedDownload: 2, VideoBytes: 3 << 20}})
	made, err := c.CreateBot(t.Context(), meet("m1"), "key-1")
	require.NoError(t, err)
	require.Equal(t, "google_meet", made.MeetingURL.Platform)
	again, err := c.CreateBot(t.Context(), meet("m1"), "key-1")
	require.NoError(t, err)
	require.Equal(t, made.ID, again.ID)

	bot := lived(t, c, made.ID)
	require.Equal(t, "m1", bot.Metadata["meeting_id"])
	var listed []string
	for b, err := range c.ListBots(t.Context(), map[string]string{"meeting_id": "m1"}) {
		require.NoError(t, err)
		listed = append(listed, b.ID)
	}
	require.Equal(t, []string{made.ID}, listed)

	words := 0
	for u, err := range c.DownloadTranscript(t.Context(), recall.Ref{Bot: made.ID}) {
		require.NoError(t, err)
		words += len(u.Words)
	}
	require.Positive(t, words)

	video, err := c.OpenMedia(t.Context(), recall.Ref{Bot: made.ID, Kind: recall.Video})
	require.NoError(t, err)
	require.Equal(t, int64(3<<20), video.Size)
	n, err := io.Copy(sha256.New(), video)
	require.NoError(t, err)
	require.NoError(t, video.Close())
	require.Equal(t, video.Size, n)

	require.NoError(t, c.DeleteMedia(t.Context(), made.ID))
	_, err = c.OpenMedia(t.Context(), recall.Ref{Bot: made.ID, Kind: recall.Audio})
	require.ErrorIs(t, err, recall.ErrNotReady)
}

func TestAScheduledBotIsDeletedAndAnUnknownOneIsNotFound(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t)
	in := meet("m2")
	in.JoinAt = new(s.Now().Add(time.Hour))
	bot, err := c.CreateBot(t.Context(), in, "key-2")
	require.NoError(t, err)
	require.WithinDuration(t, *in.JoinAt, *bot.JoinAt, time.Second)
	require.NoError(t, c.DeleteBot(t.Context(), bot.ID))
	require.True(t, recall.IsNotFound(c.DeleteBot(t.Context(), bot.ID)))
}

func TestAnEmptyPoolAndALostAnswerAreTold(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t)
	s.RecallSettings(map[string]any{"pool": 0})
	_, err := c.CreateBot(t.Context(), meet("m3"), "key-3")
	require.True(t, recall.IsPoolEmpty(err), err)
	require.Equal(t, outbound.Refused, outbound.OutcomeOf(err))

	s.RecallSettings(map[string]any{"pool": 5})
	s.Fault(sandboxtest.Fault{Vendor: "recall", Method: "POST", Path: "/api/v1/bot/", Drop: "after"})
	_, err = c.CreateBot(t.Context(), meet("m3"), "key-4")
	require.Equal(t, outbound.Unknown, outbound.OutcomeOf(err))
	made, err := c.CreateBot(t.Context(), meet("m3"), "key-4")
	require.NoError(t, err)
	for b, err := range c.ListBots(t.Context(), map[string]string{"meeting_id": "m3"}) {
		require.NoError(t, err)
		require.Equal(t, made.ID, b.ID)
	}
}

func TestAWrongKeyIsRefusedByTheSandbox(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	c, err := recall.New(recall.Options{BaseURL: s.URL("recall"), APIKey: "wrong"})
	require.NoError(t, err)
	_, err = c.GetBot(t.Context(), "1")
	require.Equal(t, http.StatusUnauthorized, outbound.StatusOf(err))
}
