package meetingsuc_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// found is the first moment that a search finds, "" when it finds none.
func (s *system) found(t *testing.T, text string) string {
	t.Helper()
	result, err := s.Moments.Queries.Search(t.Context(), s.ana, meetingsuc.SearchInput{Text: text})
	require.NoError(t, err)
	if len(result.Meetings) == 0 {
		return ""
	}
	return result.Meetings[0].Moments[0].Highlighted
}

// written tells when each row of what is kept of a meeting was last written.
func (s *system) written(t *testing.T, id meetings.ID) (versions []string) {
	t.Helper()
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error {
		return postgres.Conn(ctx).NewRaw(`select xmin::text from transcript_segments where meeting_id = ?
			union all select xmin::text from tracker_counts where meeting_id = ?`, id, id).Scan(ctx, &versions)
	}))
	return versions
}

func TestWhatIsSearchedAndCountedFollowsTheCorrections(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	tracker := s.tracked(t, "Nosotros", "clickbalance")
	s.heard(t, "uno", []string{"con clik balans todo cuadra"})
	other := s.heard(t, "dos", []string{"con ClickBalance también"})
	s.runJobs(t)
	once := meetingsuc.TrendWeek{Meetings: 2, With: 1, Mentions: 1}
	require.Equal(t, once, s.thisWeek(t, s.ana, tracker.ID, ""))
	untouched := s.written(t, other.ID)
	require.Len(t, untouched, 2)
	settle := func() { s.live(t, 20*time.Second, 5*time.Second) }

	correction := s.correct(t, "clik balans", "ClickBalance")
	s.correct(t, "todo cuadra", "cuadra todo")
	require.Equal(t, 1, s.jobs(t, "reread_transcripts", queue.StatePending), "two at once are one")
	settle()
	require.Equal(t, "con <mark>ClickBalance</mark> <mark>cuadra</mark> todo", s.found(t, "clickbalance cuadra"))
	require.Empty(t, s.found(t, "clik"))
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 2, With: 2, Mentions: 2}, s.thisWeek(t, s.ana, tracker.ID, ""))
	require.Equal(t, untouched, s.written(t, other.ID), "what reads as before is not written again")

	s.heard(t, "tres", []string{"más de clik balans"})
	s.runJobs(t)
	require.Equal(t, "<mark>más</mark> de <mark>ClickBalance</mark>", s.found(t, "más clickbalance"), "nor does a new one wait")

	off := meetingsuc.ChangeCorrectionInput{Actor: s.admin, Correction: correction.ID, Active: meetings.ChangeTo(false)}
	_, err := s.Corrections.Change.Execute(t.Context(), off)
	require.NoError(t, err)
	settle()
	require.Empty(t, s.found(t, "clickbalance cuadra"))
	require.Equal(t, "con <mark>clik balans</mark> <mark>cuadra</mark> todo", s.found(t, `"clik balans" cuadra`))
	require.Equal(t, meetingsuc.TrendWeek{Meetings: 3, With: 1, Mentions: 1}, s.thisWeek(t, s.ana, tracker.ID, ""))

	require.NoError(t, s.Corrections.Remove.Execute(t.Context(), s.admin, correction.ID))
	settle()
	require.Equal(t, once.Mentions, s.thisWeek(t, s.ana, tracker.ID, "").Mentions)
}
