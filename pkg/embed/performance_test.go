package embed_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestHowARepFaresIsReadFromItsCompletedMeetings(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	me, err := s.Rep.Me.Get(t.Context())
	require.NoError(t, err)
	d := s.Settled(t, s.Scheduled(t, embedtest.Talk()))
	a := d.Analyses[0]
	rate := 0
	if *a.CloseProbability >= 60 {
		rate = 100
	}

	p, err := s.Rep.SalesReps.Performance(t.Context(), me.ID)
	require.NoError(t, err)
	require.Equal(t, tertulia.RepName{SalesRepID: me.ID, Name: me.Name}, p.RepName)
	require.Equal(t, 1, p.TotalMeetings)
	require.Equal(t, *a.SalesRepScore, *p.AvgScore)
	require.Equal(t, rate, *p.EstimatedCloseRate)
	require.Subset(t, a.Opportunities, p.TopOpportunities)
	require.NotEmpty(t, p.TopOpportunities)
	page, err := s.Rep.Meetings.List(t.Context(), tertulia.MeetingFilter{})
	require.NoError(t, err)
	require.Equal(t, page.Data, p.RecentMeetings, "as the list shows it")

	b, err := s.Service.SalesReps.PerformanceBreakdown(t.Context(), me.ID, tertulia.PerformanceDays{})
	require.NoError(t, err)
	require.Equal(t, 30, b.Days)
	require.Len(t, b.Scores, len(a.ScoreBreakdown.Scores))
	for dimension, points := range a.ScoreBreakdown.Scores {
		require.InDelta(t, points, *b.Scores[dimension], 0, dimension)
	}

	w, err := s.Admin.SalesReps.PerformanceWeekly(t.Context(), me.ID, tertulia.PerformanceWeeks{Weeks: 3})
	require.NoError(t, err)
	require.Len(t, w.Weeks, 3)
	require.Nil(t, w.Weeks[0].AvgScore)
	require.Equal(t, *a.SalesRepScore, *w.Weeks[2].AvgScore)
	monday, err := time.Parse(time.DateOnly, w.Weeks[2].WeekStart)
	require.NoError(t, err)
	require.Equal(t, time.Monday, monday.Weekday())

	team, err := s.Admin.SalesReps.TeamPerformance(t.Context(), tertulia.TeamFilter{})
	require.NoError(t, err)
	require.Equal(t, p.Averages, team.Averages)
	require.Equal(t, 3, team.Total)
	require.Equal(t, tertulia.TeamMember{RepName: p.RepName, Email: embedtest.RepEmail, Averages: p.Averages}, team.SalesReps[0])
	require.Nil(t, team.SalesReps[1].AvgScore)
}

// sellingAs makes the meeting somebody else's.
func sellingAs(email string) func(*tertulia.ScheduleRequest) {
	return func(r *tertulia.ScheduleRequest) { r.SalesRepEmail = email }
}

func TestWhatWasMeasuredAndRecordedIsShownWhole(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	d := s.Settled(t, s.Scheduled(t, embedtest.Talk(), sellingAs(embedtest.AdminEmail)))
	speed := d.Analyses[0].Metrics.WordsPerMinutePerSide
	require.Positive(t, *speed.Rep)
	require.Positive(t, *speed.Guest)
	for _, media := range []tertulia.MediaState{d.Meeting.Video, d.Meeting.Audio} {
		require.Equal(t, "ready", media.State)
		require.Positive(t, *media.DurationSeconds)
	}
}

// The answer of the source document, and what a rep without meetings is answered.
func TestPerformanceIsWrittenAsTheSourceDocumentShowsIt(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	me, err := s.Rep.Me.Get(t.Context())
	require.NoError(t, err)
	answer := s.Do(t, http.MethodGet, "/api/sales-reps/"+me.ID+"/performance?salesRepEmail="+embedtest.RepEmail, "", "X-API-Key", embedtest.ServiceKey)
	require.Equal(t, http.StatusOK, answer.Status)
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(answer.Body), &body))
	require.Equal(t, map[string]any{
		"salesRepId": me.ID, "name": me.Name, "totalMeetings": 0.0, "avgScore": nil, "estimatedCloseRate": nil,
		"topOpportunities": []any{}, "recentMeetings": []any{},
	}, body)

	b, err := s.Rep.SalesReps.PerformanceBreakdown(t.Context(), me.ID, tertulia.PerformanceDays{Days: 7})
	require.NoError(t, err)
	require.Len(t, b.Scores, 5)
	require.Contains(t, b.Scores, "cierre")
	require.Nil(t, b.Scores["cierre"])
}

func TestReportsSayWhatIsWrongWithTheirQuestion(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	me, err := s.Rep.Me.Get(t.Context())
	require.NoError(t, err)
	_, err = s.Rep.SalesReps.PerformanceBreakdown(t.Context(), me.ID, tertulia.PerformanceDays{Days: 367})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	require.ErrorContains(t, err, "days")
	_, err = s.Rep.SalesReps.PerformanceWeekly(t.Context(), me.ID, tertulia.PerformanceWeeks{Weeks: -1})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	_, err = s.Rep.SalesReps.Performance(t.Context(), "me")
	requireCode(t, err, http.StatusNotFound, tertulia.CodeSalesRepNotFound)
	_, err = s.OtherRep.SalesReps.Performance(t.Context(), me.ID)
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Rep.SalesReps.TeamPerformance(t.Context(), tertulia.TeamFilter{})
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Rep.Meetings.List(t.Context(), tertulia.MeetingFilter{DateFrom: "0000-01-01", DateTo: "ayer"})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	require.ErrorContains(t, err, "dateTo")
}

func TestCoachingComparesARepWithWhatIsPublishedAndWithTheTeam(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	me, err := s.Admin.Me.Get(t.Context())
	require.NoError(t, err)
	d := s.Settled(t, s.Scheduled(t, embedtest.Talk(), sellingAs(embedtest.AdminEmail)))
	measured := d.Analyses[0].Metrics

	c, err := s.Admin.SalesReps.Coaching(t.Context(), me.ID, tertulia.PerformanceDays{})

	require.NoError(t, err)
	require.Equal(t, me.Name, c.Name)
	require.Equal(t, []int{1, 1, 0, 1, 30}, []int{c.TotalMeetings, c.MeasuredMeetings, c.PreviousMeetings, c.TeamReps, c.Days})
	require.Len(t, c.Metrics, 7)
	found := map[string]tertulia.CoachingMetric{}
	for _, m := range c.Metrics {
		found[m.Metric] = m
		require.NotEmpty(t, m.Target.Source)
		require.Nil(t, m.Previous)
		require.Nil(t, m.Trend)
		require.Equal(t, *m.Value, *m.TeamMedian, "alone")
	}
	require.InDelta(t, *measured.TalkRatio, *found["talk_ratio"].Value, 0)
	require.InDelta(t, *measured.LongestMonologue.Rep, *found["longest_monologue_seconds"].Value, 0)
	require.InDelta(t, *measured.PatienceSeconds, *found["patience_seconds"].Value, 0)
	require.InDelta(t, 0.65, *found["talk_ratio"].Target.Max, 0)
	require.Equal(t, map[bool]string{true: "within", false: "above"}[*measured.TalkRatio <= 0.65], *found["talk_ratio"].Verdict)
	require.Nil(t, found["words_per_minute"].Verdict, "nobody publishes a range")

	_, err = s.Rep.SalesReps.Coaching(t.Context(), me.ID, tertulia.PerformanceDays{})
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
}
