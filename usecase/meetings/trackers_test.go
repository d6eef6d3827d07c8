package meetingsuc_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// tracked is a new tracker of these terms.
func (s *system) tracked(t *testing.T, name string, terms ...string) meetings.Tracker {
	t.Helper()
	tracker, err := s.Moments.EditTracker.Execute(t.Context(), meetingsuc.TrackerInput{Actor: s.admin, Name: meetings.ChangeTo(name), Terms: meetings.ChangeTo(terms)})
	require.NoError(t, err)
	return tracker
}

// thisWeek is the last week of a tracker's trend, as somebody sees it.
func (s *system) thisWeek(t *testing.T, actor kernel.Principal, id meetings.TrackerID, rep kernel.RepID) meetingsuc.TrendWeek {
	t.Helper()
	trend, err := s.Moments.Queries.Trend(t.Context(), actor, id, rep, 2)
	require.NoError(t, err)
	require.Len(t, trend.Weeks, 2)
	week := trend.Weeks[1]
	require.Equal(t, 7*24*time.Hour, week.Monday.Sub(trend.Weeks[0].Monday))
	week.Monday = time.Time{}
	return week
}

func TestATrackerCountsTheMeetingsSoFarAndThoseToCome(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.heard(t, "antes", []string{"el Precio es caro", "precio"})
	s.heard(t, "nada", []string{"otra cosa"})
	tracker := s.tracked(t, "Precio", "precio", "caro")
	require.False(t, tracker.IsReady())
	s.runJobs(t)
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 2, With: 1, Mentions: 3}, s.thisWeek(t, s.ana, tracker.ID, ""))
	page, err := s.Moments.Queries.Trackers(t.Context(), s.ana, 0)
	require.NoError(t, err)
	require.True(t, page.Trackers[0].IsReady())

	m := s.heard(t, "después", []string{"¿precio?"})
	s.runJobs(t)
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 3, With: 2, Mentions: 4}, s.thisWeek(t, s.ana, tracker.ID, ""))

	changed, err := s.Moments.EditTracker.Execute(t.Context(), meetingsuc.TrackerInput{Actor: s.admin, ID: tracker.ID, Terms: meetings.ChangeTo([]string{"otra cosa"})})
	require.NoError(t, err)
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 3}, s.thisWeek(t, s.ana, tracker.ID, ""), "counts of other terms are not shown")
	s.runJobs(t)
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 3, With: 1, Mentions: 1}, s.thisWeek(t, s.ana, tracker.ID, ""))
	require.Equal(t, 1, s.count(t, "tracker_counts"), "counts of earlier terms are gone")

	_, err = s.Moments.EditTracker.Execute(t.Context(), meetingsuc.TrackerInput{Actor: s.admin, ID: tracker.ID, Name: meetings.ChangeTo("Otro nombre"), Terms: meetings.ChangeTo(changed.Terms)})
	require.NoError(t, err)
	require.Zero(t, s.jobs(t, "count_tracker", queue.StatePending), "a name does not change what is counted")

	found, err := s.Moments.Queries.Mentioned(t.Context(), s.ana, m.ID, 0)
	require.NoError(t, err)
	require.Empty(t, found.Trackers[0].Mentions)
	require.NoError(t, s.Moments.RemoveTracker.Execute(t.Context(), s.admin, tracker.ID))
	require.Zero(t, s.count(t, "tracker_counts"))
}

func TestTrackersAndClipsReadTheTranscriptAsPeopleDo(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.correct(t, "clik balans", "ClickBalance")
	tracker := s.tracked(t, "Nosotros", "clickbalance")
	m := s.heard(t, "uno", []string{"con clik balans"})
	s.runJobs(t)
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 1, With: 1, Mentions: 1}, s.thisWeek(t, s.ana, tracker.ID, ""))
	found, err := s.Moments.Queries.Mentioned(t.Context(), s.ana, m.ID, 0)
	require.NoError(t, err)
	require.Equal(t, "con <mark>ClickBalance</mark>", found.Trackers[0].Mentions[0].Highlighted)

	clip, err := s.Moments.AddClip.Execute(t.Context(), meetingsuc.AddClipInput{Actor: s.ana, Meeting: m.ID, Title: "x", End: 5000})
	require.NoError(t, err)
	view, err := s.Moments.Queries.Clip(t.Context(), s.ana, m.ID, clip.ID)
	require.NoError(t, err)
	require.Equal(t, "con ClickBalance", view.Words[0].Text)
}

func TestATrendCountsWhatItsReaderMaySee(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	tracker := s.tracked(t, "Precio", "precio")
	s.heard(t, "ana", []string{"precio"})
	s.heard(t, "beto", []string{"precio precio"}, func(in *meetingsuc.ScheduleMeetingInput) { in.Actor = s.beto })
	s.heard(t, "open", []string{"precio"}, func(in *meetingsuc.ScheduleMeetingInput) { in.Actor, in.Booking = s.beto, meetingsuc.ByInvite })
	s.runJobs(t)

	require.Equal(t, meetingsuc.TrendWeek{Meetings: 3, With: 3, Mentions: 4}, s.thisWeek(t, s.admin, tracker.ID, ""))
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 2, With: 2, Mentions: 2}, s.thisWeek(t, s.ana, tracker.ID, ""))
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 1, With: 1, Mentions: 1}, s.thisWeek(t, s.ana, tracker.ID, s.ana.Rep))
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 1, With: 1, Mentions: 2}, s.thisWeek(t, s.admin, tracker.ID, s.beto.Rep))
	_, err := s.Moments.Queries.Trend(t.Context(), s.ana, tracker.ID, s.beto.Rep, 0)
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
	_, err = s.Moments.Queries.Trend(t.Context(), s.other, tracker.ID, "", 0)
	require.Equal(t, meetings.TrackerNotFound, fault.CodeOf(err))
}

func TestOnlyAnAdminChangesTrackersAndNamesAreTheirOwn(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	tracker := s.tracked(t, "Garantía", "garantía")
	s.tracked(t, "Precio", "precio")
	for _, c := range []struct {
		in   meetingsuc.TrackerInput
		code fault.Code
	}{
		{meetingsuc.TrackerInput{Actor: s.ana, Name: meetings.ChangeTo("x"), Terms: meetings.ChangeTo([]string{"x"})}, fault.ForbiddenCode},
		{meetingsuc.TrackerInput{Actor: s.other, ID: tracker.ID, Name: meetings.ChangeTo("x")}, meetings.TrackerNotFound},
		{meetingsuc.TrackerInput{Actor: s.admin, Name: meetings.ChangeTo("GARANTIA"), Terms: meetings.ChangeTo([]string{"x"})}, meetings.TrackerExists},
		{meetingsuc.TrackerInput{Actor: s.admin, ID: tracker.ID, Name: meetings.ChangeTo("precío")}, meetings.TrackerExists},
		{meetingsuc.TrackerInput{Actor: s.admin, ID: tracker.ID, Terms: meetings.ChangeTo([]string{})}, fault.Validation},
	} {
		_, err := s.Moments.EditTracker.Execute(t.Context(), c.in)
		require.Equal(t, c.code, fault.CodeOf(err))
	}
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(s.Moments.RemoveTracker.Execute(t.Context(), s.ana, tracker.ID)))
	require.Equal(t, meetings.TrackerNotFound, fault.CodeOf(s.Moments.RemoveTracker.Execute(t.Context(), s.other, tracker.ID)))
}

func TestAMeetingThatIsBeingCountedHoldsBackAChangeOfTheTracker(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.heard(t, "uno", []string{"precio precio garantía"})
	tracker := s.tracked(t, "Tema", "precio")
	counting, changed := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { // what counting a meeting does, stopped between its reading of the trackers and its commit
		err := s.db.InTx(t.Context(), s.ws, func(ctx context.Context) error {
			active, err := (meetingspg.Trackers{}).Active(ctx, s.ws)
			if err != nil {
				return err
			}
			close(counting)
			select {
			case <-changed:
				return nil // the change did not wait: the test fails below
			case <-time.After(200 * time.Millisecond):
			}
			return (meetingspg.Trackers{}).Replace(ctx, active[0], m.ID, 2)
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-counting
	_, err := s.Moments.EditTracker.Execute(t.Context(), meetingsuc.TrackerInput{Actor: s.admin, ID: tracker.ID, Terms: meetings.ChangeTo([]string{"garantía"})})
	require.NoError(t, err)
	close(changed)
	all.Wait()
	require.Equal(t, 1, s.count(t, "tracker_counts where mentions = 2 and revision = 1"), "it was stored before the change")
	s.runJobs(t)
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 1, With: 1, Mentions: 1}, s.thisWeek(t, s.admin, tracker.ID, ""))
}

func TestAHundredTrackersAreEnough(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	_, err := s.db.SystemPool().Exec(t.Context(), `insert into trackers (id, workspace_id, name, terms, side, revision, counted, created_at, updated_at)
		select gen_random_uuid(), $1, 'n' || n, '["x"]', 'any', 1, 1, now(), now() from generate_series(1, 98) n`, s.ws)
	require.NoError(t, err)
	refused := make(chan fault.Code, 6)
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			in := meetingsuc.TrackerInput{Actor: s.admin, Name: meetings.ChangeTo(string(rune('a' + i))), Terms: meetings.ChangeTo([]string{"x"})}
			if _, err := s.Moments.EditTracker.Execute(t.Context(), in); err != nil {
				refused <- fault.CodeOf(err)
			}
		})
	}
	all.Wait()
	require.Equal(t, meetings.MaxTrackers, s.count(t, "trackers"))
	require.Len(t, refused, 4)
	require.Equal(t, meetings.TooManyTrackers, <-refused)
}
