package meetingsuc_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// scored is a completed sales meeting of a rep, at a time, with a score of five equal dimensions and a probability.
func (s *system) scored(t *testing.T, rep kernel.Principal, at time.Time, score, probability int, change ...func(*meetings.Meeting, *meetings.Analysis)) meetings.ID {
	t.Helper()
	m := meetings.Meeting{
		ID: meetings.ID(uuid.NewString()), Workspace: rep.Workspace, SalesRep: rep.Rep, CreatedBy: rep.Rep, Type: meetings.Sales,
		Status: meetings.Completed, StartedAt: &at, CreatedAt: at, UpdatedAt: at,
		Bot: meetings.Bot{IdempotencyKey: uuid.NewString(), State: meetings.BotCreated},
	}
	a := meetings.Analysis{
		ID: meetings.AnalysisID(uuid.NewString()), Meeting: m.ID, SalesRepScore: &score, CloseProbability: &probability,
		Opportunities:  []string{fmt.Sprintf("Oportunidad %d", score)},
		ScoreBreakdown: &meetings.ScoreBreakdown{MeetingType: meetings.Sales, Scores: map[meetings.Dimension]int{}}, CreatedAt: at,
	}
	for _, d := range meetings.Dimensions() {
		a.ScoreBreakdown.Scores[d] = score / 5
	}
	for _, c := range change {
		c(&m, &a)
	}
	require.NoError(t, s.db.InTx(t.Context(), rep.Workspace, func(ctx context.Context) error {
		require.NoError(t, meetingspg.Meetings{}.Add(ctx, m))
		return meetingspg.Analyses{}.Replace(ctx, rep.Workspace, a)
	}))
	return m.ID
}

// performance is a rep's, as the admin sees it.
func (s *system) performance(t *testing.T, of kernel.Principal) meetingsuc.RepPerformance {
	t.Helper()
	p, err := s.Performance.Rep(t.Context(), s.admin, of.Rep)
	require.NoError(t, err)
	return p
}

func TestPerformanceIsOverTheRepsCompletedSalesMeetings(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	now := s.clock.Now()
	for i, c := range []struct{ score, probability int }{{50, 59}, {60, 60}, {70, 90}, {80, 10}, {90, 75}, {95, 61}} {
		s.scored(t, s.ana, now.Add(time.Duration(i)*time.Hour), c.score, c.probability)
	}
	s.scored(t, s.beto, now, 10, 5)
	s.scored(t, s.ana, now, 1, 1, func(m *meetings.Meeting, _ *meetings.Analysis) { m.Type = meetings.General })
	s.scored(t, s.ana, now, 2, 2, func(m *meetings.Meeting, _ *meetings.Analysis) { m.Status = meetings.Processing })

	p := s.performance(t, s.ana)

	require.Equal(t, s.ana.Name, p.Rep.Name)
	require.Equal(t, 6, p.Meetings)
	require.InDelta(t, 445.0/6, *p.Score, 1e-9)
	require.InDelta(t, 4.0/6, *p.CloseRate, 1e-9, "a probability of 60 counts, one of 59 does not")
	require.Len(t, p.Recent, 5)
	require.Equal(t, now.Add(5*time.Hour), *p.Recent[0].StartedAt)
	require.Equal(t, s.ana.Email, p.Recent[0].SalesRep.Email)
	require.Equal(t, []string{"Oportunidad 95", "Oportunidad 90", "Oportunidad 80", "Oportunidad 70", "Oportunidad 60"}, p.Opportunities)

	for name, likely := range map[string]meetings.Analysis{"59": {CloseProbability: new(59)}, "60": {CloseProbability: new(60)}} {
		require.Equal(t, name == "60", likely.IsLikelyToClose(), "the domain draws the same line")
	}
	nobody := s.performance(t, s.admin)
	require.Equal(t, meetingsuc.Averages{}, nobody.Averages)
	require.Empty(t, nobody.Recent)
	require.Empty(t, nobody.Opportunities)
}

func TestAScorecardFollowsItsMeetingAndItsAnalysis(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.completed(t)
	first := s.performance(t, s.ana)
	require.Equal(t, 1, first.Meetings)
	require.InDelta(t, float64(*s.analysis(t, m.ID).SalesRepScore), *first.Score, 0)

	_, err := s.Edit.Execute(t.Context(), meetingsuc.EditMeetingInput{Actor: s.admin, Meeting: m.ID, SalesRep: meetings.ChangeTo(s.beto.Rep)})
	require.NoError(t, err)
	require.Zero(t, s.performance(t, s.ana).Meetings, "given to somebody else")
	require.Equal(t, 1, s.performance(t, s.beto).Meetings)

	a := s.analysis(t, m.ID)
	a.SalesRepScore = new(7)
	require.NoError(t, s.db.InTx(t.Context(), s.ws, func(ctx context.Context) error { return meetingspg.Analyses{}.Replace(ctx, s.ws, a) }))
	require.InDelta(t, 7, *s.performance(t, s.beto).Score, 0, "analysed again")

	_, err = s.Edit.Execute(t.Context(), meetingsuc.EditMeetingInput{Actor: s.admin, Meeting: m.ID, SalesRep: meetings.ChangeTo(kernel.RepID(""))})
	require.NoError(t, err)
	require.Zero(t, s.count(t, "scorecards"), "nobody's")

	_, err = s.Edit.Execute(t.Context(), meetingsuc.EditMeetingInput{Actor: s.admin, Meeting: m.ID, SalesRep: meetings.ChangeTo(s.ana.Rep)})
	require.NoError(t, err)
	require.Equal(t, 1, s.count(t, "scorecards"))
	require.NoError(t, s.db.InTx(t.Context(), s.ws, func(ctx context.Context) error { return meetingspg.Meetings{}.Remove(ctx, s.ws, m.ID) }))
	require.Zero(t, s.performance(t, s.ana).Meetings, "deleted")
}

func TestABreakdownAveragesEachDimensionOverTheLastDays(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	now := s.clock.Now()
	s.scored(t, s.ana, now.Add(-7*24*time.Hour+time.Second), 50, 50)
	s.scored(t, s.ana, now.Add(-time.Hour), 75, 80, func(_ *meetings.Meeting, a *meetings.Analysis) {
		delete(a.ScoreBreakdown.Scores, meetings.Closing)
		a.ScoreBreakdown.Scores["empatía"] = 20 // a workspace may score other dimensions
	})
	s.scored(t, s.ana, now, 0, 0, func(_ *meetings.Meeting, a *meetings.Analysis) { a.ScoreBreakdown, a.SalesRepScore = nil, nil })
	s.scored(t, s.ana, now.Add(-7*24*time.Hour-time.Second), 0, 0) // a second too old

	b, err := s.Performance.Breakdown(t.Context(), s.ana, s.ana.Rep, 7)

	require.NoError(t, err)
	require.Equal(t, 3, b.Meetings)
	require.InDelta(t, 62.5, *b.Score, 0)
	require.Equal(t, map[meetings.Dimension]float64{
		meetings.Discovery: 12.5, meetings.ValueProposition: 12.5, meetings.ObjectionHandled: 12.5, meetings.Closing: 10,
		meetings.Communication: 12.5, "empatía": 20,
	}, b.Dimensions)

	empty, err := s.Performance.Breakdown(t.Context(), s.beto, s.beto.Rep, 0)
	require.NoError(t, err)
	require.Empty(t, empty.Dimensions)
	require.Nil(t, empty.Score)
}

func TestATeamIsRankedAndSummedUpOverAllItsPages(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	now := s.clock.Now()
	s.scored(t, s.ana, now.Add(-time.Hour), 60, 70)
	s.scored(t, s.ana, now.Add(-40*24*time.Hour), 100, 0)
	s.scored(t, s.beto, now.Add(-time.Hour), 90, 70)
	s.scored(t, s.other, now.Add(-time.Hour), 99, 99)

	all, err := s.Performance.Team(t.Context(), s.admin, 0, 0, 0)
	require.NoError(t, err)
	require.Equal(t, []string{"bet", "ana", "jef"}, names(all.Reps))
	require.InDelta(t, 80, *all.Reps[1].Score, 0)
	require.InDelta(t, 0.5, *all.Reps[1].CloseRate, 0)
	require.Nil(t, all.Reps[2].Score)
	require.Equal(t, 3, all.Total)
	require.Equal(t, 3, all.Meetings)
	require.InDelta(t, 250.0/3, *all.Score, 1e-9, "of the meetings, not of the reps")
	require.InDelta(t, 2.0/3, *all.CloseRate, 1e-9)

	month, err := s.Performance.Team(t.Context(), s.admin, 30, 2, 1)
	require.NoError(t, err)
	require.Equal(t, []string{"ana"}, names(month.Reps))
	require.InDelta(t, 60, *month.Reps[0].Score, 0)
	require.Equal(t, 2, month.Meetings)

	past, err := s.Performance.Team(t.Context(), s.admin, 0, 9, 50)
	require.NoError(t, err)
	require.Empty(t, past.Reps)
	require.Equal(t, 3, past.Total, "also past the end")
	require.Equal(t, 3, past.Meetings)
}

func names(reps []meetingsuc.RepAverages) (list []string) {
	for _, r := range reps {
		list = append(list, r.Rep.Name)
	}
	return list
}

func TestWhoMaySeeHowSomebodyFares(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	service := kernel.Principal{Kind: kernel.Service, Workspace: s.ws, Role: kernel.Rep}
	for name, c := range map[string]struct {
		actor kernel.Principal
		rep   kernel.RepID
		code  fault.Code
	}{
		"the rep":                             {s.ana, s.ana.Rep, ""},
		"an admin":                            {s.admin, s.ana.Rep, ""},
		"the workspace's service":             {service, s.ana.Rep, ""},
		"another rep":                         {s.beto, s.ana.Rep, fault.ForbiddenCode},
		"another workspace's admin":           {s.other, s.ana.Rep, meetings.SalesRepNotFound},
		"a rep about another workspace's":     {s.ana, s.other.Rep, meetings.SalesRepNotFound},
		"an admin about nobody":               {s.admin, kernel.RepID(uuid.NewString()), meetings.SalesRepNotFound},
		"somebody without a rep about nobody": {kernel.Principal{Kind: kernel.Person, Workspace: s.ws, Role: kernel.Rep}, "", meetings.SalesRepNotFound},
	} {
		for report, read := range map[string]func() error{
			"performance": func() error { _, err := s.Performance.Rep(t.Context(), c.actor, c.rep); return err },
			"breakdown":   func() error { _, err := s.Performance.Breakdown(t.Context(), c.actor, c.rep, 1); return err },
			"coaching":    func() error { _, err := s.Performance.Coaching(t.Context(), c.actor, c.rep, 1); return err },
			"weekly":      func() error { _, err := s.Performance.Weekly(t.Context(), c.actor, c.rep, 1); return err },
		} {
			if err := read(); c.code == "" {
				require.NoError(t, err, "%s: %s", name, report)
			} else {
				require.Equal(t, c.code, fault.CodeOf(err), "%s: %s", name, report)
			}
		}
	}
	_, err := s.Performance.Team(t.Context(), s.ana, 0, 0, 0)
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
}
