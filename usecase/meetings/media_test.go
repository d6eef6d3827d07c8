package meetingsuc_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// recorded is a meeting whose video and audio are in our storage.
func (s *system) recorded(t *testing.T) meetings.Meeting {
	t.Helper()
	m := s.scheduled(t)
	s.tell(t, m, meetingsuc.AboutRecording, "done")
	s.runJobs(t)
	return s.get(t, m.ID)
}

func TestARecordingIsCopiedAndOpensForAnHour(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.recorded(t)

	key := meetingsuc.MediaKey(s.ws, m.ID, meetingsuc.Video)
	require.Equal(t, key, m.Video.Key)
	require.Equal(t, int64(len("the video")), m.Video.Bytes)
	require.Equal(t, "the video", string(s.out.files[key]))
	link, err := s.Queries.MediaLink(t.Context(), s.ana, m.ID, meetingsuc.Video)
	require.NoError(t, err)
	require.Equal(t, "https://media.example/"+key+"?ttl=1h0m0s", link.URL)
	require.Equal(t, s.clock.Now().Add(time.Hour), link.ExpiresAt)

	require.NoError(t, s.Download.Execute(t.Context(), s.ws, m.ID, meetingsuc.Video, false))
	require.Equal(t, 2, s.out.called("put"), "what is there is not copied again")

	_, err = s.Queries.MediaLink(t.Context(), s.beto, m.ID, meetingsuc.Video)
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
	_, err = s.Queries.MediaLink(t.Context(), s.other, m.ID, meetingsuc.Video)
	require.Equal(t, meetings.MeetingNotFound, fault.CodeOf(err))
}

func TestUntilARecordingIsOursOnlyTheVendorsAudioOpens(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)

	_, err := s.Queries.MediaLink(t.Context(), s.ana, m.ID, meetingsuc.Video)
	require.Equal(t, meetings.VideoNotReady, fault.CodeOf(err))
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	link, err := s.Queries.MediaLink(t.Context(), s.ana, m.ID, meetingsuc.Audio)
	require.NoError(t, err)
	require.Equal(t, "https://vendor.example/audio", link.URL)
	s.out.always("url", fault.New(fault.Unavailable, meetings.RecallError))
	_, err = s.Queries.MediaLink(t.Context(), s.ana, m.ID, meetingsuc.Audio)
	require.Equal(t, meetings.AudioNotReady, fault.CodeOf(err))
}

func TestADownloadOutlastsAnOutageAndItsEndIsShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		place string
		err   error
		state meetings.MediaState
		dead  int
	}{
		"a passing outage":     {place: "open", state: meetings.MediaReady},
		"a day of outage":      {place: "open", err: upstream(meetings.RecallError), state: meetings.MediaFailed, dead: 2},
		"no room in store":     {place: "put", err: errors.New("disk full"), state: meetings.MediaFailed, dead: 2},
		"gone at the vendor's": {place: "open", err: fault.New(fault.NotFound, meetings.RecallError), state: meetings.MediaFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			if c.err == nil {
				s.out.once(c.place, upstream(meetings.RecallError))
			} else {
				s.out.always(c.place, c.err)
			}
			m := s.recorded(t)
			s.live(t, 4*time.Hour, 15*time.Minute)

			m = s.get(t, m.ID)
			require.Equal(t, c.state, m.Video.State)
			require.Equal(t, c.state, m.Audio.State)
			require.Equal(t, c.dead, s.jobs(t, "download_video", queue.StateDead)+s.jobs(t, "download_audio", queue.StateDead))
			if c.state == meetings.MediaReady {
				return
			}
			s.out.always(c.place, nil)
			require.NoError(t, s.Download.Execute(t.Context(), s.ws, m.ID, meetingsuc.Video, false), "a replay")
			require.Equal(t, meetings.MediaReady, s.get(t, m.ID).Video.State)
		})
	}
}

func TestRecordingsPastTheirRetentionAreDeletedAndNothingElseIs(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	old := s.recorded(t)
	stubborn := s.recorded(t)
	s.clock.forward(10 * 24 * time.Hour)
	young := s.recorded(t)
	s.clock.forward(81 * 24 * time.Hour)
	s.out.always("delete "+meetingsuc.MediaKey(s.ws, stubborn.ID, meetingsuc.Video), errors.New("held"))

	n, err := s.SweepMedia.Execute(t.Context(), s.ws)
	require.ErrorContains(t, err, "held")
	require.Equal(t, 2, n, "what cannot be deleted does not keep the others")
	require.Equal(t, meetings.MediaDeleted, s.get(t, old.ID).Video.State)
	require.Equal(t, meetings.MediaReady, s.get(t, stubborn.ID).Video.State)
	require.Equal(t, meetings.MediaReady, s.get(t, young.ID).Audio.State)
	require.Len(t, s.out.keys(), 4)

	s.out.always("delete "+meetingsuc.MediaKey(s.ws, stubborn.ID, meetingsuc.Video), nil)
	n, err = s.SweepMedia.Execute(t.Context(), s.ws)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	n, err = s.SweepMedia.Execute(t.Context(), s.ws)
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = s.SweepMedia.Execute(t.Context(), s.other.Workspace)
	require.NoError(t, err)
	require.Zero(t, n)

	_, err = s.Queries.MediaLink(t.Context(), s.ana, old.ID, meetingsuc.Audio)
	require.Equal(t, meetings.AudioNotReady, fault.CodeOf(err), "nor does the vendor's own open")
	s.tell(t, old, meetingsuc.AboutVideo, "done")
	s.runJobs(t)
	require.Equal(t, meetings.MediaDeleted, s.get(t, old.ID).Video.State, "a late event brings nothing back")
}
