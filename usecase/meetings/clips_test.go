package meetingsuc_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func clipOf(m meetings.Meeting, actor kernel.Principal) meetingsuc.AddClipInput {
	return meetingsuc.AddClipInput{Actor: actor, Meeting: m.ID, Title: " La objeción\x00 ", Start: 4000, End: 6000}
}

func TestAClipShowsItsStretchAndWhatIsSaidInIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	made, err := s.Moments.AddClip.Execute(t.Context(), clipOf(m, s.ana))
	require.NoError(t, err)
	later, err := s.Moments.AddClip.Execute(t.Context(), meetingsuc.AddClipInput{Actor: s.admin, Meeting: m.ID, Title: "Otro", Start: 1000, End: 5000})
	require.NoError(t, err)
	require.Equal(t, m.Version, s.get(t, m.ID).Version, "the meeting has not changed")

	page, err := s.Moments.Queries.Clips(t.Context(), s.ana, m.ID, 0)
	require.NoError(t, err)
	require.Equal(t, 2, page.Total)
	require.Equal(t, []meetings.ClipID{later.ID, made.ID}, []meetings.ClipID{page.Clips[0].ID, page.Clips[1].ID})
	clip := page.Clips[1]
	require.Equal(t, "La objeción", clip.Title)
	require.Equal(t, s.ana.Email, clip.Author.Email)
	require.Equal(t, []meetings.Segment{{Speaker: "Luis Peña", Text: "Unos cincuenta mil pesos,", StartMS: 4000, EndMS: 5900}}, clip.Words)
	require.Empty(t, clip.VideoURL, "there is no video yet")

	s.tell(t, m, meetingsuc.AboutRecording, "done")
	s.runJobs(t)
	view, err := s.Moments.Queries.Clip(t.Context(), s.ana, m.ID, made.ID)
	require.NoError(t, err)
	require.Regexp(t, `video\.mp4.*#t=4,6$`, view.VideoURL)
	require.Regexp(t, `audio\.mp3.*#t=4,6$`, view.AudioURL)
}

func TestAClipIsMadeAndDeletedByThoseWhoMayChangeItsMeeting(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	open := s.completed(t, func(in *meetingsuc.ScheduleMeetingInput) { in.Actor, in.Booking = s.beto, meetingsuc.ByInvite })
	other := s.completed(t)
	clip, err := s.Moments.AddClip.Execute(t.Context(), clipOf(m, s.ana))
	require.NoError(t, err)

	for _, c := range []struct {
		actor   kernel.Principal
		meeting meetings.Meeting
		code    fault.Code
	}{{s.beto, m, fault.ForbiddenCode}, {s.other, m, meetings.MeetingNotFound}, {s.ana, open, fault.ForbiddenCode}} {
		_, err := s.Moments.AddClip.Execute(t.Context(), clipOf(c.meeting, c.actor))
		require.Equal(t, c.code, fault.CodeOf(err))
		err = s.Moments.RemoveClip.Execute(t.Context(), c.actor, c.meeting.ID, clip.ID)
		require.Equal(t, c.code, fault.CodeOf(err))
	}
	_, err = s.Moments.Queries.Clips(t.Context(), s.beto, m.ID, 0)
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
	_, err = s.Moments.Queries.Clips(t.Context(), s.ana, open.ID, 0)
	require.NoError(t, err, "to read it is everybody's")
	require.Equal(t, meetings.ClipNotFound, fault.CodeOf(s.Moments.RemoveClip.Execute(t.Context(), s.ana, other.ID, clip.ID)), "by another meeting's name")

	require.NoError(t, s.Moments.RemoveClip.Execute(t.Context(), s.admin, m.ID, clip.ID))
	require.Equal(t, meetings.ClipNotFound, fault.CodeOf(s.Moments.RemoveClip.Execute(t.Context(), s.admin, m.ID, clip.ID)))
	_, err = s.Moments.AddClip.Execute(t.Context(), clipOf(s.scheduled(t), s.ana))
	require.Equal(t, meetings.InvalidState, fault.CodeOf(err), "there is nothing to show yet")
}

func TestAMeetingHasAHundredClipsHoweverManyAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	_, err := s.db.SystemPool().Exec(t.Context(), `insert into clips (id, workspace_id, meeting_id, title, start_ms, end_ms, created_at)
		select gen_random_uuid(), $1, $2, 'x', 0, 1000, now() from generate_series(1, 97)`, s.ws, m.ID)
	require.NoError(t, err)
	codes := make([]fault.Code, 8)
	var all sync.WaitGroup
	for i := range codes {
		all.Go(func() {
			_, err := s.Moments.AddClip.Execute(t.Context(), clipOf(m, s.ana))
			if err != nil {
				codes[i] = fault.CodeOf(err)
			}
		})
	}
	all.Wait()
	require.Equal(t, meetings.MaxClips, s.count(t, "clips"), fmt.Sprint(codes))
	refused := 0
	for _, code := range codes {
		if code == meetings.TooManyClips {
			refused++
		}
	}
	require.Equal(t, 5, refused)
}
