package recall_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/meetings/recall"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	client "github.com/tertulia-dev/tertulia/infrastructure/vendors/recall"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func sandboxed(t *testing.T, key string) (*client.Client, *sandboxtest.Running) {
	t.Helper()
	s := sandboxtest.Start(t)
	c, err := client.New(client.Options{BaseURL: s.URL("recall"), APIKey: key})
	require.NoError(t, err)
	return c, s
}

func request(key string) meetingsuc.NotetakerRequest {
	return meetingsuc.NotetakerRequest{
		Workspace: "0193d2a4-7c1e-7000-8000-00000000000a", Meeting: ours, URL: "https://meet.google.com/abc-defg-hij", Key: key,
	}
}

func TestANotetakerIsSentOnceAKeyAndFoundByItsMeeting(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t, sandboxtest.Key)
	n := recall.NewNotetakers(c, "Tertulia")

	_, found, err := n.FindByMeeting(t.Context(), ours)
	require.NoError(t, err)
	require.False(t, found)
	first, err := n.Send(t.Context(), request("k1"))
	require.NoError(t, err)
	again, err := n.Send(t.Context(), request("k1"))
	require.NoError(t, err)
	require.Equal(t, first, again)

	second, err := n.Send(t.Context(), request("k2"))
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	got, found, err := n.FindByMeeting(t.Context(), ours)
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, first, got, "of two, the one that was made first")
	sent := s.Matching("recall", "POST /api/v1/bot")
	require.Contains(t, sent[0].Body, ours)
}

func TestWhatCameOfARequestIsToldApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault sandboxtest.Fault
		is    error
		kind  fault.Kind
	}{
		"no notetaker to spare": {sandboxtest.Fault{Status: 507}, meetingsuc.ErrNoCapacity, fault.Upstream},
		"still in flight":       {sandboxtest.Fault{Status: 409}, meetingsuc.ErrOutcomeUnknown, fault.Upstream},
		"broken":                {sandboxtest.Fault{Status: 502}, meetingsuc.ErrOutcomeUnknown, fault.Upstream},
		"no answer":             {sandboxtest.Fault{Drop: "after"}, meetingsuc.ErrOutcomeUnknown, fault.Upstream},
		"refused":               {sandboxtest.Fault{Status: 400, Body: json.RawMessage(`{"meeting_url":["Invalid."]}`)}, nil, fault.Invalid},
		"wrong key":             {sandboxtest.Fault{Status: 401}, nil, fault.Upstream},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rest, s := sandboxed(t, sandboxtest.Key)
			c.fault.Vendor, c.fault.Method = "recall", http.MethodPost
			s.Fault(c.fault)

			_, err := recall.NewNotetakers(rest, "Tertulia").Send(t.Context(), request("k1"))

			require.Equal(t, c.kind, fault.KindOf(err))
			require.Equal(t, meetings.RecallError, fault.CodeOf(err))
			for _, sentinel := range []error{meetingsuc.ErrNoCapacity, meetingsuc.ErrOutcomeUnknown} {
				require.Equal(t, errors.Is(c.is, sentinel), errors.Is(err, sentinel), sentinel)
			}
		})
	}
}

func TestReleasingTakesANotetakerOffWhereverItIs(t *testing.T) {
	t.Parallel()
	c, s := sandboxed(t, sandboxtest.Key)
	n := recall.NewNotetakers(c, "Tertulia")
	waiting := request("k1")
	waiting.JoinAt = s.Now().Add(time.Hour)
	bot, err := n.Send(t.Context(), waiting)
	require.NoError(t, err)

	for range 2 { // twice is no error
		require.NoError(t, n.Release(t.Context(), bot))
	}
	_, err = n.Progress(t.Context(), bot)
	require.Equal(t, fault.NotFound, fault.KindOf(err))

	there, err := n.Send(t.Context(), request("k2"))
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, n.Release(t.Context(), there))
	}
	require.NotZero(t, s.Calls("recall", "POST /api/v1/bot/*/leave_call"))
}

// over waits until the notetaker has shut down and its transcript can be had, or will not be.
func over(t *testing.T, n *recall.Notetakers, bot meetings.BotID) meetingsuc.Progress {
	t.Helper()
	var p meetingsuc.Progress
	require.Eventually(t, func() bool {
		var err error
		p, err = n.Progress(t.Context(), bot)
		isDecided := p.Transcript != "" || p.TranscriptFailed
		require.False(t, isDecided && p.IsTranscribing, "one recording has one transcript")
		return err == nil && p.IsOver && (!p.HasRecording || p.Transcript != "" && p.VideoReady && p.AudioReady || p.TranscriptFailed)
	}, 10*time.Second, 10*time.Millisecond)
	return p
}

func TestProgressTellsANotetakersWholeLife(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults sandboxtest.Faults
		check  func(t *testing.T, p meetingsuc.Progress)
	}{
		"all went well": {sandboxtest.Faults{}, func(t *testing.T, p meetingsuc.Progress) {
			t.Helper()
			require.True(t, p.HasRecording)
			require.NotEmpty(t, p.Transcript)
		}},
		"nobody let it in": {sandboxtest.Faults{NeverAdmitted: true}, func(t *testing.T, p meetingsuc.Progress) {
			t.Helper()
			require.False(t, p.HasRecording)
			require.Empty(t, p.Transcript)
		}},
		"no transcript": {sandboxtest.Faults{TranscriptFailed: "provider_error"}, func(t *testing.T, p meetingsuc.Progress) {
			t.Helper()
			require.True(t, p.TranscriptFailed)
			require.Empty(t, p.Transcript)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rest, s := sandboxed(t, sandboxtest.Key)
			s.Script(sandboxtest.Script{Faults: c.faults})
			n := recall.NewNotetakers(rest, "Tertulia")
			bot, err := n.Send(t.Context(), request("k1"))
			require.NoError(t, err)
			p := over(t, n, bot)
			require.Equal(t, "joining_call", p.Events[0].Code)
			for i := range p.Events {
				require.False(t, p.Events[i].At.IsZero())
				require.False(t, i > 0 && p.Events[i].At.Before(p.Events[i-1].At), "oldest first")
			}
			c.check(t, p)
		})
	}
}

func TestATranscriptOfTwoRecordingsIsOneAndInOrder(t *testing.T) {
	t.Parallel()
	rest, s := sandboxed(t, sandboxtest.Key)
	s.Script(sandboxtest.Script{Faults: sandboxtest.Faults{TwoRecordings: true}})
	n, r := recall.NewNotetakers(rest, "Tertulia"), recall.NewRecordings(rest)
	bot, err := n.Send(t.Context(), request("k1"))
	require.NoError(t, err)
	over(t, n, bot)

	var whole meetings.Transcript
	require.Eventually(t, func() bool {
		whole, err = r.Transcript(t.Context(), bot)
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)

	var last meetings.Millis
	for _, u := range whole.Utterances {
		require.GreaterOrEqual(t, u.Words[0].Start, last-2000, "the second recording comes behind the first")
		last = u.Words[0].Start
	}
	video, err := r.Open(t.Context(), bot, meetingsuc.Video)
	require.NoError(t, err)
	defer video.Body.Close()
	size, err := io.Copy(io.Discard, video.Body)
	require.NoError(t, err)
	require.Equal(t, video.Bytes, size)
	url, err := r.URL(t.Context(), bot, meetingsuc.Audio)
	require.NoError(t, err)
	require.NotEmpty(t, url)
}
